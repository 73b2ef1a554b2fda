// A handler that blocks its thread for longer than its message is hidden: the whole worker's, or with `isolate` its own.
import { expect, test, vi } from 'vitest'
import { redisUrl } from '../harness/stores.ts'
import { scene } from './scene.ts'
import { until } from './until.ts'
import { workersOf } from './workers.ts'

// Whole processes are started here, on whatever machine this is.
vi.setConfig({ testTimeout: 60_000 })

const VISIBILITY = 2_000

test('isolated, heartbeats go on while it blocks for twice the visibility, and it completes once', async () => {
  await using stage = await scene(redisUrl(), { visibility: VISIBILITY })
  await using workers = workersOf(stage)
  const { ledger } = workers
  await workers.start({ isolate: true })
  await stage.queue.send({ n: 1, deeds: ['compute'], ms: 2 * VISIBILITY })
  await until('it has begun', () => ledger.lines('started').length === 1)
  await workers.start() // another that would take it
  await stage.empty()
  await until('it has noticed', () => ledger.lines('completed').length === 1)
  expect(ledger.lines().map(({ event, delivery }) => `${event} ${delivery}`)).toEqual([
    'started 1',
    'finished 1',
    'completed 1',
  ])
})

test('isolated, it is ended after `maxRuntime`, and another finishes the work', async () => {
  await using stage = await scene(redisUrl(), { visibility: VISIBILITY })
  await using workers = workersOf(stage)
  const { ledger } = workers
  const first = await workers.start({ isolate: true, maxRuntime: 500 })
  await stage.queue.send({ n: 1, deeds: ['forever'] })
  await until('it has begun', () => ledger.lines('started').length === 1)
  await stage.queue.send({ n: 2 })
  const other = await workers.start()
  await stage.empty()
  ledger.expectOnce([1, 2])
  expect(ledger.lines('finished').filter(({ delivery, n }) => n === 1 && delivery === 1)).toEqual([])
  // Its worker lives and goes on.
  await other[Symbol.asyncDispose]()
  await stage.queue.send({ n: 3 })
  await until('the first works again', () => ledger.lines('completed', first.pid).some(({ n }) => n === 3))
})

test('not isolated, it loses its message, and its completion is refused', async () => {
  await using stage = await scene(redisUrl(), { visibility: VISIBILITY })
  await using workers = workersOf(stage)
  const { ledger } = workers
  const blocked = await workers.start()
  const { id } = await stage.queue.send({ n: 1, deeds: ['compute'], ms: 2 * VISIBILITY })
  await until('it has the message', () => ledger.lines('started', blocked.pid).length === 1)
  const [taken] = await stage.queue.receive({ wait: '20s', visibility: '1m' })
  expect(taken).toMatchObject({ id, deliveries: 2 })
  await until('it has noticed', () => ledger.lines('lost', blocked.pid).length === 1)
  expect(ledger.lines('finished')).toMatchObject([{ n: 1, delivery: 1 }])
  expect(await stage.queue.stats()).toMatchObject({ ready: 0, inFlight: 1 })
  await taken?.complete()
  await stage.empty()
  expect(ledger.lines('completed')).toEqual([])
})
