// Workers whose completions count only when they have reached a level.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  type Client,
  Complete,
  connect,
  type Message,
  type Queue,
  Worker,
  type WorkerOptions,
} from '../../lib/index.ts'
import { hurry } from '../harness/hurry.ts'
import { calls, type Replicated, startReplicated } from '../harness/replicated.ts'
import { startRedis } from '../harness/servers.ts'

let servers: Replicated
let client: Client
/** Where levels are not reached. */
let hasty: Client
let count = 0
const workers: Worker<string, unknown>[] = []

beforeAll(async () => {
  servers = await startReplicated(1)
  client = await connect(servers.master.url)
  hasty = await connect(servers.master.url)
})
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop()
})
afterAll(async () => {
  await client.close()
  await hasty.close()
  await servers.stop()
})

const queue = (by = client, visibility = '30s'): Queue<string, unknown> =>
  by.queue(`queue${++count}`, { durability: { replicas: 1 }, visibility })

interface Seen {
  completed: string[]
  lost: string[]
  started: string[]
  errors: Error[]
}

async function work(
  one: Queue<string, unknown>,
  handler: (message: Message<string, unknown>) => unknown = () => 'done',
  options: WorkerOptions<string> = {},
): Promise<Seen> {
  const seen: Seen = { completed: [], lost: [], started: [], errors: [] }
  const worker = new Worker(
    one,
    async (message) => {
      seen.started.push(message.body)
      return handler(message)
    },
    options,
  )
  worker.on('completed', ({ message }) => void seen.completed.push(message.body))
  worker.on('lost', ({ message }) => void seen.lost.push(message.body))
  worker.on('error', (error) => void seen.errors.push(error))
  workers.push(worker)
  await worker.start()
  return seen
}

test('completions are confirmed, and share waits', async () => {
  const one = queue()
  const bodies = Array.from({ length: 300 }, (_, i) => `${i}`)
  const sent = await one.sendMany(bodies.map((body) => ({ body })))
  expect(sent.filter((outcome) => 'error' in outcome)).toEqual([])
  await servers.observer.config('RESETSTAT')
  const seen = await work(one, () => 'done', { concurrency: 50 })
  await expect.poll(() => seen.completed.length).toBe(300)
  expect(seen).toMatchObject({ lost: [], errors: [] })
  const waits = await calls(servers.observer, 'wait')
  expect(waits).toBeGreaterThan(0)
  expect(waits).toBeLessThan(150)
  expect(await one.stats()).toMatchObject({ ready: 0, inFlight: 0 })
})

test('while the replica stands still the worker goes on, and says of each completion that it is not confirmed', async () => {
  const one = queue(hasty, '3s')
  await one.sendMany(['a', 'b', 'c'].map((body) => ({ body })))
  const unhurried = hurry(hasty, 1_500)
  await servers.replicas[0]?.kill('SIGSTOP')
  try {
    const seen = await work(one)
    // Heartbeats come meanwhile, and find what is being confirmed gone, which is not lost.
    await expect.poll(() => seen.errors.length).toBe(3)
    expect(seen.started).toEqual(['a', 'b', 'c'])
    expect(seen.completed).toEqual([])
    expect(seen.lost).toEqual([])
    expect(seen.errors.every((error) => /NotDurable|Timeout/.test((error as { code?: string }).code ?? ''))).toBe(true)
  } finally {
    await servers.replicas[0]?.kill('SIGCONT')
    unhurried()
  }
})

test('what stands still for a while is confirmed when it goes on', async () => {
  const one = queue(client, '2s')
  await one.send('a')
  await servers.replicas[0]?.kill('SIGSTOP')
  const seen = await work(one)
  await expect.poll(async () => (await one.stats()).inFlight).toBe(0)
  // Several heartbeats later.
  await new Promise((resolve) => setTimeout(resolve, 1_500)) // what is tested is that time passes
  expect(seen).toMatchObject({ started: ['a'], completed: [], lost: [], errors: [] })
  await servers.replicas[0]?.kill('SIGCONT')
  await expect.poll(() => seen.completed).toEqual(['a'])
})

test('a level of the worker, and one of a completion, go before that of the queue', async () => {
  const one = queue(hasty)
  await one.sendMany(['memory', 'more'].map((body) => ({ body })))
  const unhurried = hurry(hasty, 1_500)
  const seen = await work(
    one,
    ({ body }) => (body === 'more' ? new Complete('done', { durability: { replicas: 2 } }) : 'done'),
    { durability: 'memory' },
  )
  await expect.poll(() => seen.errors.length).toBe(1)
  expect(seen.errors[0]).toMatchObject({ code: 'NotDurable' })
  await expect.poll(() => seen.completed).toEqual(['memory'])
  unhurried()
})

test('derived keys and what follows a completion take its level', async () => {
  const one = queue()
  const next = client.queue<string>(`queue${++count}`)
  await next.stats()
  await one.sendMany(['a', 'a', 'b'].map((body) => ({ body })))
  const seen = await work(
    one,
    ({ body }) => new Complete('done', { send: [{ queue: next.name, body: `after ${body}` }] }),
    { idempotencyKey: ({ body }) => body },
  )
  await expect.poll(async () => (await next.stats()).ready).toBe(2)
  await expect.poll(() => [...seen.completed].sort()).toEqual(['a', 'b'])
  await expect.poll(async () => (await one.stats()).inFlight).toBe(0)
  expect(seen.errors).toEqual([])
})

test('stop waits for what is being confirmed', async () => {
  const one = queue()
  await one.sendMany(['a', 'b'].map((body) => ({ body })))
  const seen = await work(one, () => 'done', { concurrency: 2 })
  await expect.poll(() => seen.started.length).toBe(2)
  await workers.pop()?.stop()
  expect([...seen.completed].sort()).toEqual(['a', 'b'])
})

test('a level that the server cannot give: start refuses, and no handler runs', async () => {
  const one = queue()
  await one.send('a')
  await expect(work(one, () => 'done', { durability: 'fsync' })).rejects.toMatchObject({
    code: 'DurabilityUnavailable',
  })
  workers.splice(0)
  expect(await one.stats()).toMatchObject({ ready: 1 })
})

test('in memory: refused by name', async () => {
  const embedded = await connect('memory:')
  const one = embedded.queue<string>('q')
  await expect(one.send('a', { durability: 'fsync' })).rejects.toMatchObject({ code: 'DurabilityUnavailable' })
  await expect(new Worker(one, () => 'done', { durability: { replicas: 1 } }).start()).rejects.toMatchObject({
    code: 'DurabilityUnavailable',
  })
  await one.send('a', { durability: 'memory' })
  expect(await one.stats()).toMatchObject({ ready: 1 })
  await embedded.close()
})

test.each([
  ['memory!', /`durability` must be 'memory', 'fsync'/],
  [{ replica: 1 }, /did you mean `replicas`/],
  [{ replicas: -1 }, /`durability.replicas` must be a whole number/],
  [{ fsync: 1 }, /`durability.fsync` must be true or false/],
  [null, /`durability` must be/],
])('%j is no level', async (durability, message) => {
  await using server = await startRedis()
  const other = await connect(server.url)
  const bad = durability as never
  expect(() => other.queue('q', { durability: bad })).toThrow(message)
  const one = other.queue<string>('q')
  await expect(one.send('a', { durability: bad })).rejects.toThrow(message)
  expect(() => new Worker(one, () => 'done', { durability: bad })).toThrow(message)
  expect(await one.stats()).toMatchObject({ ready: 0 })
  await other.close()
})
