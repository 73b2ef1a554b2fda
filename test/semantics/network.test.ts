// A network that loses replies, stands still or breaks: what was asked for happens once, and what is not known is said.
import { Redis } from 'ioredis'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Client, type ConnectOptions, connect, type Message, type Queue } from '../../lib/index.ts'
import { scripts } from '../../lib/redis/scripts.generated.ts'
import { hurry } from '../harness/hurry.ts'
import { type NetworkProxy, startProxy } from '../harness/proxy.ts'
import { namespace, redisUrl } from '../harness/stores.ts'
import { faultsOf, refusal } from './world.ts'

let proxy: NetworkProxy
let direct: Queue
let near: Client
const far: Client[] = []
const own = namespace()
let count = 0

// A script that Redis does not know takes a second round trip, whose first reply must not be the one that is lost.
beforeAll(async () => {
  const redis = new Redis(redisUrl())
  await Promise.all(Object.values(scripts).map(({ text }) => redis.script('LOAD', text)))
  redis.disconnect()
})

beforeEach(async () => {
  proxy = await startProxy(redisUrl())
  near = await connect(redisUrl(), { namespace: own })
  direct = near.queue(`q${++count}`) as Queue
  await direct.stats()
})

afterEach(async () => {
  expect(await faultsOf(direct)).toEqual([])
  await Promise.all([...far.splice(0), near].map((client) => client.close()))
  await proxy.stop()
})

/** The queue as a client behind the proxy has it, ready for use. */
async function behind(options: ConnectOptions = {}): Promise<Queue> {
  const client = await connect(proxy.url, { namespace: own, timeout: '10s', ...options })
  far.push(client)
  const queue = client.queue(direct.name) as Queue
  await queue.stats()
  return queue
}

/** Does something whose reply is lost, and lets the client try again. */
async function withoutReply<T>(call: () => Promise<T>, happened: () => Promise<boolean>): Promise<T> {
  proxy.loseReplies = true
  const answer = call()
  answer.catch(() => {})
  await expect.poll(happened, { interval: 10 }).toBe(true)
  proxy.loseReplies = false
  proxy.cut()
  return answer
}

const ready = async (wanted: number) => (await direct.stats()).ready === wanted
const inFlight = async (wanted: number) => (await direct.stats()).inFlight === wanted

describe('when the reply is lost', () => {
  test('a send is stored once', async () => {
    const queue = await behind()
    const { id } = await withoutReply(
      () => queue.send('x'),
      () => ready(1),
    )
    expect((await direct.receive({ max: 10 })).map((message) => message.id)).toEqual([id])
  })

  test('a send with a key is stored once, and is no duplicate of itself', async () => {
    const queue = await behind()
    const sent = await withoutReply(
      () => queue.send('x', { idempotencyKey: 'k' }),
      () => ready(1),
    )
    expect(sent).toEqual({ id: expect.any(String) })
    expect((await direct.stats()).ready).toBe(1)
  })

  test('many sends at once are stored once each', async () => {
    const queue = await behind()
    const bodies = Array.from({ length: 120 }, (_, i) => i)
    const sent = await withoutReply(
      () => Promise.all(bodies.map((body) => queue.send(body))),
      async () => (await direct.stats()).ready > 0,
    )
    expect(new Set(sent.map(({ id }) => id)).size).toBe(120)
    const got = await direct.receive({ max: 500 })
    expect(got.map(({ body }) => body as number).sort((a, b) => a - b)).toEqual(bodies)
  })

  test('sendMany stores each once', async () => {
    const queue = await behind()
    const entries = Array.from({ length: 50 }, (_, body) => ({ body }))
    await withoutReply(
      () => queue.sendMany(entries),
      () => ready(50),
    )
    expect((await direct.stats()).ready).toBe(50)
  })

  test('a send that was done in the meantime is not stored again', async () => {
    const queue = await behind()
    const { id } = await withoutReply(
      () => queue.send('x'),
      async () => {
        const [message] = await direct.receive()
        await message?.complete()
        return message !== undefined
      },
    )
    expect(id).toBeDefined()
    expect(await direct.stats()).toMatchObject({ ready: 0, inFlight: 0 })
  })

  test('a receive hands its messages out once, and loses none', async () => {
    await direct.sendMany([{ body: 'a' }, { body: 'b' }, { body: 'c' }])
    const queue = await behind()
    const got = await withoutReply(
      () => queue.receive({ max: 2 }),
      () => inFlight(2),
    )
    expect(got.map(({ body, deliveries }) => [body, deliveries])).toEqual([
      ['a', 1],
      ['b', 1],
    ])
    expect(await direct.stats()).toMatchObject({ ready: 1, inFlight: 2 })
    await Promise.all(got.map((message) => message.complete()))
  })

  const changes: Record<string, [change: (message: Message) => Promise<void>, done: () => Promise<boolean>]> = {
    complete: [(message) => message.complete('result'), () => inFlight(0)],
    release: [(message) => message.release(), () => inFlight(0)],
    reject: [(message) => message.reject('why'), () => inFlight(0)],
  }
  for (const [name, [change, done]] of Object.entries(changes)) {
    test(`${name} is answered as it happened`, async () => {
      await direct.send('x')
      const queue = await behind()
      const [message] = (await queue.receive()) as [Message]
      await withoutReply(() => change(message), done)
    })
  }
})

describe('when nothing is answered', () => {
  test('a send ends by its timeout, names its message, and can be sent again', async () => {
    const queue = await behind()
    proxy.pause()
    const unhurried = hurry(queue.backend)
    const error = (await refusal(queue.send('x'))) as { code: string; message: string; id?: string }
    expect(error).toMatchObject({ code: 'Timeout', id: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    expect(error.message).toContain(error.id)
    proxy.resume()
    unhurried()
    expect((await direct.send('x', { id: error.id as string })).id).toBe(error.id)
    await queue.stats()
    await expect.poll(() => ready(1)).toBe(true)
  })

  test('every call ends by its timeout', async () => {
    await direct.send('x')
    const queue = await behind()
    const [{ receipt }] = (await queue.receive()) as [Message]
    proxy.pause()
    hurry(queue.backend)
    const message = queue.delivery(receipt)
    const calls = [
      queue.stats(),
      queue.receive(),
      message.complete(),
      message.extend('1m'),
      queue.purge(),
      queue.pause(),
      queue.peek(),
    ]
    const codes = await Promise.all(calls.map(async (call) => (await refusal(call)).code))
    expect(codes).toEqual(calls.map(() => 'Timeout'))
    proxy.cut()
    proxy.resume()
  })

  test('a send with a shorter timeout of its own ends by that', async () => {
    const queue = await behind({ timeout: '1m' })
    proxy.pause()
    const first = queue.send('first')
    const error = await refusal(queue.send('x', { timeout: 200 }))
    expect(error.code).toBe('Timeout')
    proxy.resume()
    await first
  })

  test('sends are refused past what may be pending, and go on when Redis is back', async () => {
    const queue = await behind({ maxPending: 10_000 })
    proxy.refuse = true
    proxy.cut()
    await expect.poll(() => queue.backend.shared.connection.ready).toBe(false)
    const sends = Array.from({ length: 30 }, () => queue.send('x'.repeat(1_000)))
    const outcomes = Promise.allSettled(sends)
    await new Promise((resolve) => setImmediate(resolve))
    proxy.refuse = false
    const settled = await outcomes
    const refused = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))
    expect(new Set(refused)).toEqual(new Set(['Overloaded']))
    expect(refused.length).toBeGreaterThan(15)
    expect(await ready(30 - refused.length)).toBe(true)
  })

  test('a wait survives that the connections break', { timeout: 24_000 }, async () => {
    const queue = await behind()
    const got = queue.receive({ wait: '25s' })
    await new Promise((resolve) => setTimeout(resolve, 50))
    proxy.cut()
    await direct.send('x')
    expect((await got).map(({ body }) => body)).toEqual(['x'])
  })
})
