// Connections that are there but give no answer.
import { expect, test, vi } from 'vitest'
import { Batcher } from '../../lib/batcher.ts'
import { type Message, Worker } from '../../lib/index.ts'
import { Partition } from '../../lib/redis/partition.ts'
import { hurry } from '../harness/hurry.ts'
import { startProxy } from '../harness/proxy.ts'
import { redisUrl } from '../harness/stores.ts'
import type { Task } from './ledger.ts'
import { scene } from './scene.ts'
import { until } from './until.ts'

const late = expect.objectContaining({ code: 'Timeout' })

test('calls end by their timeout, and take effect once when the network is back', async () => {
  await using proxy = await startProxy(redisUrl())
  await using stage = await scene(redisUrl(), { visibility: '1h' })
  const { client, queue } = await stage.another({}, proxy.url)
  await stage.queue.sendMany([1, 2].map((n) => ({ body: { n } })))
  const [first, second] = (await queue.receive({ max: 2 })) as [Message<Task>, Message<Task>]
  proxy.pause()
  const unhurried = hurry(client)
  const send = await queue.send({ n: 3 }).catch((error) => error)
  expect(send).toMatchObject({ code: 'Timeout', id: expect.any(String) })
  expect(await queue.sendMany([{ body: { n: 4 } }])).toEqual([{ error: late }])
  await expect(queue.delivery(first.receipt).complete()).rejects.toEqual(late)
  await expect(queue.delivery(second.receipt).extend('2h')).rejects.toEqual(late)
  await expect(queue.stats()).rejects.toEqual(late)
  proxy.resume()
  unhurried()

  expect(await queue.send({ n: 3 }, { id: send.id })).toEqual({ id: send.id })
  await first.complete()
  await second.complete()
  expect((await stage.queue.peek()).messages.map(({ body }) => body.n)).toEqual([3, 4])
  await queue.purge()
  await stage.empty()
})

// Found by `npm run chaos -- --only busy-script --seed 1371245415`.
test('what opening the queue has taken is not there for the first send any more', async () => {
  await using proxy = await startProxy(redisUrl())
  await using stage = await scene(redisUrl())
  const { queue } = await stage.another({ timeout: '20s' }, proxy.url)
  const add = vi.spyOn(Batcher.prototype, 'add')
  proxy.delay = 100
  await queue.send({ n: 1 })
  proxy.delay = 0
  const timeout = add.mock.calls[0]?.[2]
  add.mockRestore()
  // A timer of 100 ms may end a little before.
  expect(timeout).toBeLessThan(20_000 - 190)
  await queue.purge()
  await stage.empty()
})

test('nor for the first batch of sendMany', async () => {
  await using proxy = await startProxy(redisUrl())
  await using stage = await scene(redisUrl())
  const { queue } = await stage.another({ timeout: '20s' }, proxy.url)
  const left: number[] = []
  const send = Partition.prototype.send
  const spy = vi.spyOn(Partition.prototype, 'send').mockImplementation(function (this: Partition, ...args) {
    left.push(args[1] - performance.now())
    return send.apply(this, args)
  })
  proxy.delay = 100
  await queue.sendMany([{ body: { n: 1 } }])
  proxy.delay = 0
  spy.mockRestore()
  expect(left).toHaveLength(1)
  expect(left[0]).toBeLessThan(20_000 - 190)
  await queue.purge()
  await stage.empty()
})

test('the health of a worker shows the silence, and the worker goes on after it', async () => {
  await using proxy = await startProxy(redisUrl())
  await using stage = await scene(redisUrl(), { visibility: '1h' })
  const { queue } = await stage.another({}, proxy.url)
  const done: number[] = []
  const worker = new Worker(queue, ({ body }) => void done.push(body.n))
  await worker.start()
  await stage.queue.send({ n: 0 })
  await until('it works', () => done.length === 1)
  await until('it waits', async () => (await stage.waiting()) === 1)
  proxy.pause()
  for (const n of [1, 2, 3]) await stage.queue.send({ n })
  await until('the silence shows', () => worker.health().lastAnswerAge > 1_500)
  expect(done).toEqual([0])
  const resumed = performance.now()
  proxy.resume()
  await until('it has gone on', () => done.length === 4)
  expect(performance.now() - worker.health().lastAnswerAge).toBeGreaterThan(resumed)
  await worker.stop()
  await stage.empty()
})

test('a connection that gives no answer for long is replaced', async () => {
  await using proxy = await startProxy(redisUrl())
  await using stage = await scene(redisUrl(), { visibility: '1h' })
  const { client, queue } = await stage.another({ timeout: '1m' }, proxy.url)
  await queue.stats()
  let reconnects = 0
  client.on('reconnect', () => reconnects++)
  const errors: Error[] = []
  client.on('error', (error) => errors.push(error))
  proxy.pause()
  const sent = queue.send({ n: 1 })
  const before = proxy.received
  await until('it is given up', () => proxy.connections !== 2 || reconnects > 0 || errors.length > 0)
  proxy.resume()
  expect(await sent).toEqual({ id: expect.any(String) })
  expect(proxy.received).toBeGreaterThan(before)
  await until('it is connected anew', () => reconnects > 0)
  expect(await stage.queue.stats()).toMatchObject({ ready: 1 })
  await queue.purge()
  await stage.empty()
})

test('a connection of whose end nobody hears is replaced, and what it was asked takes effect once', async () => {
  await using proxy = await startProxy(redisUrl())
  await using stage = await scene(redisUrl(), { visibility: '1h' })
  const { queue } = await stage.another({ timeout: '20s' }, proxy.url)
  const done: number[] = []
  const worker = new Worker(queue, ({ body }) => void done.push(body.n))
  await worker.start()
  await queue.send({ n: 0 })
  await until('it works', () => done.length === 1)
  proxy.silence()
  await Promise.all([1, 2, 3].map((n) => queue.send({ n })))
  await until('it has gone on', () => done.length === 4)
  await worker.stop()
  expect(done.sort()).toEqual([0, 1, 2, 3])
  await stage.empty()
})

test('a connection that fails while it is being made does not keep others from being made', async () => {
  await using proxy = await startProxy(redisUrl())
  await using stage = await scene(redisUrl(), { visibility: '1h' })
  const { queue } = await stage.another({ timeout: '1m' }, proxy.url)
  const received = queue.receive({ wait: '10m' })
  received.catch(() => {})
  await until('it waits', async () => (await stage.waiting()) === 1)
  proxy.loseReplies = true
  const before = proxy.received
  proxy.cut()
  await until('both connections are made and ask', () => proxy.connections === 2 && proxy.received > before + 20)
  proxy.loseReplies = false
  expect(await queue.send({ n: 1 })).toEqual({ id: expect.any(String) })
  const [message] = await received
  await message?.complete()
  await stage.empty()
})
