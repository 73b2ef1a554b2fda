import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { redisUrl } from '../harness/stores.ts'
import type { Deed } from './ledger.ts'
import { scene } from './scene.ts'
import { until } from './until.ts'
import { workersOf } from './workers.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n)

test('what a worker had in hand when it was killed is handed out again, counted', async () => {
  await using stage = await scene(redisUrl(), { visibility: '1h' })
  await using workers = workersOf(stage)
  const { ledger } = workers
  const doomed = await workers.start({ concurrency: 10 })
  await stage.queue.sendMany(numbers(10).map((n) => ({ body: { n, deeds: ['hold'] as Deed[] } })))
  await until('all handlers have started', () => ledger.lines('started').length === 10)
  doomed.kill('SIGKILL')
  await doomed.ended
  await stage.expire()

  await workers.start({ concurrency: 10 })
  await until('all are completed', () => ledger.lines('completed').length === 10)
  ledger.expectOnce(numbers(10))
  const again = ledger.lines('completed')
  expect(again.map(({ delivery, attempt }) => [delivery, attempt])).toEqual(numbers(10).map(() => [2, 2]))
  expect(ledger.lines('finished')).toHaveLength(10)
  for (const { n, fence } of again) {
    expect(fence).toBeGreaterThan(ledger.lines('started').find((line) => line.n === n)?.fence ?? Infinity)
  }
  await stage.empty()
})

test('nothing is lost or done twice when worker after worker is killed at work', async () => {
  await using stage = await scene(redisUrl(), { visibility: 1_000, deadLetter: { maxReceives: 20 } })
  await using workers = workersOf(stage)
  const { ledger } = workers
  let running = true
  const sent: number[] = []
  const produce = async (first: number) => {
    const { queue } = await stage.another()
    for (let n = first; running; n += 2) {
      await queue.send({ n, ms: n % 20 })
      sent.push(n)
      await sleep(5)
    }
  }
  const producers = Promise.all([0, 1].map(produce))
  producers.catch(() => {})
  let next = workers.start({ concurrency: 5 })
  for (let kill = 0; kill < 5; kill++) {
    const worker = await next
    next = workers.start({ concurrency: 5 })
    await until('the worker has completed some', () => ledger.lines('completed', worker.pid).length > 10)
    worker.kill('SIGKILL')
    await worker.ended
  }
  running = false
  await producers
  await stage.queue.send({ n: -1 })
  await workers.start({ concurrency: 50 })
  await stage.empty()
  ledger.expectOnce([...sent, -1])
})

test('work under a derived key takes effect once, though the worker that had claimed it was killed', async () => {
  await using stage = await scene(redisUrl(), { visibility: 5_000, partitions: 3, resultTtl: 0 })
  await using workers = workersOf(stage, true)
  const { ledger } = workers
  const doomed = await workers.start({ concurrency: 30 })
  const keys = 10
  // Three messages for each key: the first to come holds the key, the others wait for it.
  const deeds: Deed[] = ['hold']
  await stage.queue.sendMany(numbers(3 * keys).map((n) => ({ body: { n, deeds, key: `key ${n % keys}` } })))
  await until('one of each key has started', () => ledger.lines('started').length === keys)
  doomed.kill('SIGKILL')
  await doomed.ended

  const other = await workers.start({ concurrency: 30 })
  await until('all are dropped, or begun', async () => {
    other.say('go')
    const { ready, delayed, inFlight } = await stage.queue.stats()
    return ready + delayed + inFlight === 0
  })
  const finished = ledger.lines('finished').map(({ n }) => n % keys)
  expect(finished.sort((a, b) => a - b)).toEqual(numbers(keys))
  await until('the others are dropped', () => ledger.lines('duplicate').length === 2 * keys)
  await stage.empty()
})
