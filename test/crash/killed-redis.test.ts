// Redis dies and comes back with its append-only file, written before each answer.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Queue, type Timeout, Worker } from '../../lib/index.ts'
import { hurry } from '../harness/hurry.ts'
import { startProxy } from '../harness/proxy.ts'
import { startRedis } from '../harness/servers.ts'
import type { Task } from './ledger.ts'
import { loadScripts, scene } from './scene.ts'
import { until } from './until.ts'
import { workersOf } from './workers.ts'

const durable = { config: { appendonly: 'yes', appendfsync: 'always' } }
/** Longer than the timeout of those who are in a hurry. */
const AWAY = 700

test('what was answered is processed once, by workers that go on by themselves', async () => {
  await using server = await startRedis(durable)
  await using stage = await scene(server.url, { visibility: 2_000, deadLetter: { maxReceives: 20 } })
  await using workers = workersOf(stage)
  const { ledger } = workers
  const worker = await workers.start({ concurrency: 10 })
  const { client, queue } = await stage.another()
  await queue.stats()
  hurry(client, AWAY / 2)
  let running = true
  let timeouts = 0
  const sent: number[] = []
  // A send without an answer is sent again by its id until there is one.
  const sendSurely = async (n: number) => {
    for (let id: string | undefined; ; ) {
      try {
        return await queue.send({ n, ms: n % 10 }, id === undefined ? {} : { id })
      } catch (error) {
        expect(error).toMatchObject({ code: 'Timeout', id: id ?? expect.any(String) })
        id = (error as Timeout).id
        timeouts++
      }
    }
  }
  const produce = async (first: number) => {
    for (let n = first; running; n += 3) {
      await sendSurely(n)
      sent.push(n)
      await sleep(5)
    }
  }
  const producers = Promise.all([0, 1, 2].map(produce))
  producers.catch(() => {})
  for (let kill = 0; kill < 3; kill++) {
    const before = ledger.lines('completed').length
    await until('they work', () => ledger.lines('completed').length > before + 50)
    await server.kill('SIGKILL')
    await sleep(AWAY)
    await server.restart()
  }
  running = false
  await producers
  await stage.empty()
  ledger.expectOnce(sent)
  expect(timeouts).toBeGreaterThan(0)
  expect(new Set(ledger.lines().map(({ pid }) => pid))).toEqual(new Set([worker.pid]))
})

/** Does something while it waits, then kills the server, brings it back, and sends a message from elsewhere. */
async function outlives(begin: (queue: Queue<Task>) => Promise<() => Promise<void>>): Promise<void> {
  await using server = await startRedis(durable)
  await using stage = await scene(server.url)
  const { queue } = await stage.another({ timeout: '1m' })
  const end = await begin(queue)
  for (let round = 0; round < 2; round++) {
    await until('somebody waits', async () => (await stage.waiting()) === 1)
    await server.kill('SIGKILL')
    await sleep(AWAY)
    await server.restart()
    await until('Redis answers', () => stage.queue.stats())
  }
  const { queue: fresh } = await stage.another()
  await fresh.send({ n: 7 })
  await end()
  await stage.empty()
}

test('a receive that waits when Redis dies gets its message when it is back', async () => {
  await outlives(async (queue) => {
    const waiting = queue.receive({ wait: '10m' })
    waiting.catch(() => {})
    return async () => {
      const [message] = await waiting
      expect(message?.body.n).toBe(7)
      await message?.complete()
    }
  })
})

test('a worker that waits when Redis dies works when it is back', async () => {
  await outlives(async (queue) => {
    const done: number[] = []
    const worker = new Worker(queue, ({ body }) => void done.push(body.n))
    await worker.start()
    return async () => {
      await until('it has worked', () => done.length === 1)
      expect(done).toEqual([7])
      await worker.stop()
    }
  })
})

test('a result that is awaited when Redis dies comes when it is back', async () => {
  await using server = await startRedis(durable)
  await using stage = await scene(server.url, { visibility: '1h', resultTtl: '1m' })
  const { client, queue } = await stage.another()
  const { id } = await queue.send({ n: 1 })
  hurry(client, AWAY / 2)
  const result = queue.result(id as string, { timeout: '10m' })
  result.catch(() => {})
  const [message] = await stage.queue.receive()
  await server.kill('SIGKILL')
  await sleep(AWAY)
  await server.restart()
  await message?.complete('a result' as never)
  expect(await result).toBe('a result')
  expect(await stage.queue.stats()).toMatchObject({ ready: 0, inFlight: 0, dead: 0 })
})

test('a receive whose answer died with the server answers the same batch', async () => {
  await using server = await startRedis(durable)
  await using proxy = await startProxy(server.url)
  await using stage = await scene(server.url, { visibility: '1h' })
  await loadScripts(stage.client)
  const { queue } = await stage.another({ timeout: '1m' }, proxy.url)
  await stage.queue.sendMany([1, 2, 3, 4].map((n) => ({ body: { n } })))
  await queue.stats()
  proxy.loseReplies = true
  const received = queue.receive({ max: 3 })
  await until('it has taken them', async () => (await stage.queue.stats()).inFlight === 3)
  await server.kill('SIGKILL')
  proxy.loseReplies = false
  await server.restart()
  const messages = await received
  expect(messages.map(({ body, deliveries }) => [body.n, deliveries])).toEqual([1, 2, 3].map((n) => [n, 1]))
  for (const message of [...messages, ...(await queue.receive({ max: 3 }))]) await message.complete()
  await stage.empty()
})

test('a Redis that comes back with nothing is used again by those that were connected', async () => {
  await using server = await startRedis()
  await using stage = await scene(server.url, { visibility: 1_000 })
  await using workers = workersOf(stage)
  const { ledger } = workers
  const worker = await workers.start()
  await stage.queue.send({ n: 1 })
  await until('it works', () => ledger.lines('completed').length === 1)
  await server.kill('SIGKILL')
  await server.restart()
  await until('a send is taken', () => stage.queue.send({ n: 2 }))
  await until('it works again', () => ledger.lines('completed').length === 2)
  expect(ledger.lines('completed').map(({ n, pid }) => [n, pid])).toEqual([1, 2].map((n) => [n, worker.pid]))
  await stage.empty()
})
