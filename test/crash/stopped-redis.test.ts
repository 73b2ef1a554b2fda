// Redis stands still for longer than a visibility timeout, as on a machine that swaps or is moved.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startRedis } from '../harness/servers.ts'
import { scene } from './scene.ts'
import { until } from './until.ts'
import { workersOf } from './workers.ts'

const VISIBILITY = 1_000

test('workers and producers go on when Redis does, and nothing is lost or done twice', async () => {
  await using server = await startRedis()
  await using stage = await scene(server.url, { visibility: VISIBILITY, deadLetter: { maxReceives: 20 } })
  await using workers = workersOf(stage)
  const { ledger } = workers
  const pids = new Set((await Promise.all([1, 2].map(() => workers.start({ concurrency: 5 })))).map(({ pid }) => pid))
  const { queue } = await stage.another()
  let running = true
  const sent: number[] = []
  const produce = async (first: number) => {
    for (let n = first; running; n += 2) {
      await queue.send({ n, ms: (n % 10) * 20 })
      sent.push(n)
      await sleep(10)
    }
  }
  const producers = Promise.all([0, 1].map(produce))
  producers.catch(() => {})
  for (let round = 0; round < 2; round++) {
    const before = ledger.lines('completed').length
    await until('they work', () => ledger.lines('completed').length > before + 20)
    await server.kill('SIGSTOP')
    await sleep(2 * VISIBILITY)
    await server.kill('SIGCONT')
  }
  running = false
  await producers
  await stage.empty()
  ledger.expectOnce(sent)
  expect(new Set(ledger.lines().map(({ pid }) => pid))).toEqual(pids)
})
