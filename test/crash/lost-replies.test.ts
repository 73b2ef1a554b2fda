// What was asked took effect, but the answer was lost with the connection. Messages are hidden for an hour here: one that
// was taken and not handed out would be waited for in vain.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Queue, Worker } from '../../lib/index.ts'
import { type NetworkProxy, startProxy } from '../harness/proxy.ts'
import { redisUrl } from '../harness/stores.ts'
import type { Task } from './ledger.ts'
import { loadScripts, type Scene, scene } from './scene.ts'
import { until } from './until.ts'

let proxy: NetworkProxy
let stage: Scene
/** Over the bad network. */
let queue: Queue<Task>

beforeEach(async () => {
  stage = await scene(redisUrl(), { visibility: '1h', partitions: 1 })
  proxy = await startProxy(redisUrl())
  ;({ queue } = await stage.another({ timeout: '1m' }, proxy.url))
  await queue.stats()
  // Else the answer that is lost would be that Redis does not know the script yet.
  await loadScripts(stage.client)
})

afterEach(async () => {
  await stage[Symbol.asyncDispose]()
  await proxy.stop()
})

/** Loses the replies of the calls once it has taken effect, breaks the connections, and answers what the calls do. */
async function losingReplies<T>(calls: () => Promise<T>, effect: () => Promise<boolean>): Promise<T> {
  proxy.loseReplies = true
  const answer = calls()
  answer.catch(() => {})
  await until('it has taken effect', effect)
  proxy.loseReplies = false
  proxy.cut()
  return answer
}

const stats = () => stage.queue.stats()
const tasks = (count: number) => Array.from({ length: count }, (_, n) => ({ n }))

async function take(count: number) {
  await stage.queue.sendMany(tasks(count).map((body) => ({ body })))
  const messages = await queue.receive({ max: count })
  expect(messages).toHaveLength(count)
  return messages
}

test('sends are not doubled', async () => {
  const sent = await losingReplies(
    () => Promise.all(tasks(20).map((body) => queue.send(body))),
    async () => (await stats()).ready === 20,
  )
  expect(new Set(sent.map(({ id }) => id)).size).toBe(20)
  expect(await stats()).toMatchObject({ ready: 20 })
  expect((await queue.receive({ max: 50 })).map(({ body }) => body.n).sort((a, b) => a - b)).toEqual(
    tasks(20).map(({ n }) => n),
  )
  await queue.purge()
  await stage.empty()
})

test('sends with a key and bulk sends are not doubled', async () => {
  const [keyed, many] = await losingReplies(
    () =>
      Promise.all([
        queue.send({ n: 1 }, { idempotencyKey: 'one' }),
        queue.sendMany(tasks(5).map((body) => ({ body }))),
      ]),
    async () => (await stats()).ready === 6,
  )
  expect(keyed).toEqual({ id: keyed.id })
  expect(many.filter((outcome) => 'error' in outcome || outcome.duplicate)).toEqual([])
  expect(await stats()).toMatchObject({ ready: 6 })
  await queue.purge()
  await stage.empty()
})

test('a send that ends by its timeout names the message, and is not doubled when it is sent again', async () => {
  proxy.loseReplies = true
  const error = await queue.send({ n: 1 }, { timeout: 300 }).catch((reason) => reason)
  expect(error).toMatchObject({ code: 'Timeout', id: expect.any(String) })
  await until('the message is there', async () => (await stats()).ready === 1)
  proxy.loseReplies = false
  proxy.cut()
  expect(await queue.send({ n: 1 }, { id: error.id })).toEqual({ id: error.id })
  expect(await stats()).toMatchObject({ ready: 1 })
  const [message] = await queue.receive()
  expect(message?.id).toBe(error.id)
  await message?.complete()
  expect(await queue.send({ n: 1 }, { id: error.id })).toEqual({ id: error.id })
  await stage.empty()
})

test('a completion answers that it is done', async () => {
  const messages = await take(3)
  await losingReplies(
    () => Promise.all(messages.map((message) => message.complete())),
    async () => (await stats()).inFlight === 0,
  )
  await stage.empty()
})

test('an extension holds', async () => {
  const [message] = await take(1)
  await losingReplies(
    () => message?.extend('11h') as Promise<void>,
    async () => {
      const [hidden] = (await stage.queue.peek({ state: 'inFlight' })).messages
      return (hidden?.dueAt.getTime() ?? 0) > Date.now() + 10 * 3_600_000
    },
  )
  await message?.complete()
  await stage.empty()
})

test('a release and a rejection answer what they did', async () => {
  const [first, second] = await take(2)
  await losingReplies(
    () => Promise.all([first?.release({ delay: '1h' }), second?.reject('no use')]),
    async () => (await stats()).inFlight === 0,
  )
  expect(await stats()).toMatchObject({ delayed: 1, dead: 1 })
  await queue.purge()
  await queue.deadLetters.remove()
  await stage.empty()
})

test('a receive answers the same batch', async () => {
  await stage.queue.sendMany(tasks(10).map((body) => ({ body })))
  const messages = await losingReplies(
    () => queue.receive({ max: 5 }),
    async () => (await stats()).inFlight === 5,
  )
  expect(messages.map(({ body, deliveries, attempts }) => [body.n, deliveries, attempts])).toEqual(
    [0, 1, 2, 3, 4].map((n) => [n, 1, 1]),
  )
  expect(await stats()).toMatchObject({ ready: 5, inFlight: 5 })
  for (const message of messages) await message.complete()
  await queue.purge()
  await stage.empty()
})

test('receives that meet answer their own batches', async () => {
  await stage.queue.sendMany(tasks(10).map((body) => ({ body })))
  const batches = await losingReplies(
    () => Promise.all(tasks(5).map(() => queue.receive({ max: 2 }))),
    async () => (await stats()).inFlight === 10,
  )
  const received = batches.flat()
  expect(received.map(({ body }) => body.n).sort((a, b) => a - b)).toEqual(tasks(10).map(({ n }) => n))
  for (const message of received) await message.complete()
  await stage.empty()
})

test('a worker goes on, and no message stays hidden until its deadline', async () => {
  const events: string[] = []
  const worker = new Worker(queue, async () => {}, { concurrency: 4 })
  worker.on('completed', ({ message }) => events.push(message.id))
  await worker.start()
  let sent = 0
  for (let round = 0; round < 8; round++) {
    const before = events.length
    for (let i = 0; i < 25; i++, sent++) await stage.queue.send({ n: sent })
    await until('it works', () => events.length > before)
    proxy.loseReplies = true
    for (let i = 0; i < 25; i++, sent++) await stage.queue.send({ n: sent })
    proxy.loseReplies = false
    proxy.cut()
  }
  await until('all are completed', () => events.length === sent)
  expect(new Set(events).size).toBe(sent)
  await worker.stop()
  await stage.empty()
})
