import { expect, test } from 'vitest'
import { redisUrl } from '../harness/stores.ts'
import { scene } from './scene.ts'
import { until } from './until.ts'
import { workersOf } from './workers.ts'

const VISIBILITY = 4_000

test('a worker that stood still for too long is told that it lost its message, and changes nothing', async () => {
  await using stage = await scene(redisUrl(), { visibility: VISIBILITY })
  await using workers = workersOf(stage)
  const { ledger } = workers
  const still = await workers.start()
  await stage.queue.send({ n: 1, deeds: ['hold', 'work'] })
  await until('it has the message', () => ledger.lines('started', still.pid).length === 1)
  still.kill('SIGSTOP')
  await workers.start()
  await until('another has done the work', () => ledger.lines('completed').length === 1)
  still.kill('SIGCONT')
  await until('it has noticed', () => ledger.lines('lost', still.pid).length === 1)
  expect(ledger.lines('aborted', still.pid)).toMatchObject([{ n: 1, delivery: 1, reason: 'LostMessage' }])
  await stage.queue.send({ n: 2 })
  await stage.empty()
  ledger.expectOnce([1, 2])
  expect(ledger.lines('finished').map(({ n, delivery }) => [n, delivery])).toEqual([
    [1, 2],
    [2, 1],
  ])
})

test('a completion that comes too late is refused while another works on the message', async () => {
  await using stage = await scene(redisUrl(), { visibility: VISIBILITY })
  await using workers = workersOf(stage)
  const { ledger } = workers
  // Its process does nothing but this handler, so that no timer can tell it what it has lost.
  const still = await workers.start()
  await stage.queue.send({ n: 1, deeds: ['block', 'hold'] })
  await until('it has the message', () => ledger.lines('started', still.pid).length === 1)
  const other = await workers.start()
  await until('another has the message', () => ledger.lines('started', other.pid).length === 1)
  await until('the first is through', () => ledger.lines('finished', still.pid).length === 1)
  await until('it has noticed', () => ledger.lines('lost', still.pid).length === 1)
  expect(await stage.queue.stats()).toMatchObject({ ready: 0, inFlight: 1 })
  other.say('go')
  await stage.empty()
  expect(ledger.lines('completed')).toMatchObject([{ n: 1, delivery: 2, pid: other.pid }])
  ledger.expectOnce([1])
})
