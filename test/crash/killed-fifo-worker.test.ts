// Workers of a FIFO queue that are killed: their groups go on, from the message that they had.
import { expect, test } from 'vitest'
import { redisUrl } from '../harness/stores.ts'
import type { Deed } from './ledger.ts'
import { fifoScene } from './scene.ts'
import { until } from './until.ts'
import { workersOf } from './workers.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n)

test('a group whose worker was killed in the middle of it comes again from that message, and others went on', async () => {
  await using stage = await fifoScene(redisUrl(), { visibility: 4_000 })
  await using workers = workersOf(stage)
  const { ledger } = workers
  const doomed = await workers.start({ concurrency: 4 })
  const deeds: Deed[] = ['hold']
  for (const n of numbers(8)) await stage.queue.send({ n, ...(n === 2 && { deeds }) }, { group: `g${n % 2}` })
  await until('one is held, the other group is done', () => {
    const done = ledger.lines('completed').map(({ n }) => n)
    return ledger.lines('started').some(({ n }) => n === 2) && [1, 3, 5, 7].every((n) => done.includes(n))
  })
  doomed.kill('SIGKILL')
  await doomed.ended
  expect(ledger.lines('started').map(({ n }) => n)).not.toContain(4)

  await workers.start({ concurrency: 4 })
  await stage.empty()
  const even = ledger.lines('started').filter(({ n }) => n % 2 === 0)
  expect(even.map(({ n, delivery }) => [n, delivery])).toEqual([
    [0, 1],
    [2, 1],
    [2, 2],
    [4, 1],
    [6, 1],
  ])
  ledger.expectOnce(numbers(8))
})

test('the order of every group holds when worker after worker is killed at work', async () => {
  await using stage = await fifoScene(redisUrl(), { visibility: 1_000, deadLetter: { maxReceives: 20 } })
  await using workers = workersOf(stage)
  const { ledger } = workers
  const groups = 6
  const count = 240
  await Promise.all(numbers(count).map((n) => stage.queue.send({ n, ms: 5 }, { group: `g${n % groups}` })))
  for (let kill = 0; kill < 3; kill++) {
    const worker = await workers.start({ concurrency: 4 })
    await until('the worker has completed some', () => ledger.lines('completed', worker.pid).length > 15)
    worker.kill('SIGKILL')
    await worker.ended
  }
  await workers.start({ concurrency: 10 })
  await stage.empty()
  for (const group of numbers(groups)) {
    const own = ledger.lines('started').filter(({ n }) => n % groups === group)
    // A message that comes again does so before the next one: nobody else was handed what follows it.
    expect(own.map(({ n }) => n)).toEqual(own.map(({ n }) => n).sort((a, b) => a - b))
  }
  ledger.expectOnce(numbers(count))
})
