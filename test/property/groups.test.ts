// Random sequences of operations on a partition with groups, and the same on a small model: both agree after each step, every
// message and group stands where it should, and no waiter sleeps beyond the time at which something can be received.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { Stage, T } from '../lua/stage.ts'
import { GroupRun } from './group-run.ts'
import { step } from './group-steps.ts'

// More of them by PROPERTY_RUNS=10000.
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 250)
const STEPS = 40

describe.each([
  { kind: 'FIFO groups', fifo: true, max: 120_000 },
  { kind: 'FIFO groups, few in flight', fifo: true, max: 3 },
  { kind: 'tenants', fifo: false, max: 120_000 },
  { kind: 'tenants, few in flight', fifo: false, max: 4 },
  { kind: 'FIFO groups in memory', fifo: true, max: 120_000, url: 'memory:' },
  { kind: 'tenants in memory', fifo: false, max: 120_000, url: 'memory:' },
])('$kind', ({ fifo, max, url }) => {
  // A time of today, which the embedded store has no whole numbers for.
  const began = url ? 1_800_000_000_000 : T
  const runs = url ? Math.ceil(RUNS / 50) : RUNS
  let stage: Stage
  beforeAll(() => {
    stage = new Stage(url)
  })
  afterAll(() => stage.close())

  test('the scripts do what the model does', { timeout: 30_000 + 100 * RUNS }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: STEPS }), async (steps) => {
        const run = new GroupRun(stage, fifo, max, began)
        await run.begin()
        for (const one of steps) await run.take(one)
      }),
      { numRuns: runs },
    )
  })
})
