// Levels on a cluster of 3 masters with a replica each: each node confirms for itself, and the next one after a failover.
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, connect, type NotDurable, type Queue, Worker } from '../../lib/index.ts'
import { type RedisCluster, startCluster } from '../harness/cluster.ts'
import { calls, online } from '../harness/replicated.ts'
import { moveSlot, slotOf } from '../harness/slots.ts'

let cluster: RedisCluster
let client: Client
let count = 0

beforeAll(async () => {
  cluster = await startCluster(3, 1)
  client = await connect({ nodes: cluster.nodes })
}, 60_000)
afterAll(async () => {
  for (const server of cluster.servers) await server.kill('SIGCONT')
  await client.close()
  await cluster.stop()
})

const queue = (partitions = 3): Queue<number> =>
  client.queue(`queue${++count}`, { durability: { replicas: 1 }, partitions })

async function onEach<T>(ask: (redis: Redis) => Promise<T>): Promise<T[]> {
  const connections = cluster.servers.slice(0, 3).map(({ url }) => new Redis(url))
  try {
    return await Promise.all(connections.map(ask))
  } finally {
    for (const redis of connections) redis.disconnect()
  }
}

async function idsIn(one: Queue<number>): Promise<Set<string>> {
  const found = new Set<string>()
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await one.peek({ limit: 500, ...(cursor && { cursor }) })
    for (const { id } of page.messages) found.add(id)
    cursor = page.cursor
  }
  return found
}

test('sends and completions are confirmed by each master, with few waits', async () => {
  const one = queue()
  await one.send(-1)
  await onEach((redis) => redis.config('RESETSTAT'))
  const some = Array.from({ length: 30 }, (_, i) => i)
  for (const _ of some) await Promise.all(some.map((i) => one.send(i)))
  const waits = await onEach((redis) => calls(redis, 'wait'))
  expect(Math.min(...waits)).toBeGreaterThan(0)
  expect(Math.max(...waits)).toBeLessThan(100)
  const completed: number[] = []
  const worker = new Worker(one, () => {}, { concurrency: 100 })
  worker.on('completed', ({ message }) => void completed.push(message.body))
  await worker.start()
  await expect.poll(() => completed.length).toBe(901)
  await worker.stop()
})

test('a replica that stands still holds up its own master only', async () => {
  const one = queue()
  await one.sendMany(Array.from({ length: 9 }, (_, body) => ({ body })))
  await cluster.servers[3]?.kill('SIGSTOP')
  const outs = await Promise.all(
    // One for each partition in turn: batches go round.
    Array.from({ length: 6 }, async (_, i) => {
      await new Promise((resolve) => setTimeout(resolve, 20 * i))
      return one.send(i, { timeout: 3_000 }).catch((error: NotDurable) => error)
    }),
  )
  await cluster.servers[3]?.kill('SIGCONT')
  const failed = outs.filter((out): out is NotDurable => out instanceof Error)
  expect(failed.length).toBeGreaterThan(0)
  expect(failed.length).toBeLessThan(6)
  for (const error of failed) expect(error.code).toMatch(/NotDurable|Timeout/)
  for (const { id } of failed) expect(await one.send(0, { id: id as string })).toEqual({ id })
  expect(await one.stats()).toMatchObject({ ready: (await idsIn(one)).size })
})

test('a slot that moves: sends and completions follow it, and are confirmed where it is', async () => {
  const one = queue(1)
  const { id } = await one.send(0)
  const topic = one.backend.opened?.lanes[0]?.partition.topic as string
  let running = true
  const answered = new Set([id as string])
  const producers = Array.from({ length: 5 }, async () => {
    while (running) answered.add((await one.send(1, { timeout: '20s' })).id as string)
  })
  for (let move = 0; move < 3; move++) {
    const before = answered.size
    await expect.poll(() => answered.size).toBeGreaterThan(before + 20)
    await moveSlot(cluster, slotOf(topic))
  }
  const before = answered.size
  await expect.poll(() => answered.size).toBeGreaterThan(before + 20)
  running = false
  await Promise.all(producers)
  expect((await idsIn(one)).size).toBe(answered.size)
}, 90_000)

test('a failover: nothing that was answered is lost or doubled, and sends go on with the new master', async () => {
  const one = queue()
  await one.send(-1)
  let running = true
  const answered = new Set<string>()
  const unknown = new Set<string>()
  const producers = Array.from({ length: 9 }, async () => {
    while (running) {
      const sent = await one.send(1, { timeout: 2_000 }).catch((error: NotDurable) => error)
      if (!(sent instanceof Error)) answered.add(sent.id as string)
      else if (sent.id) unknown.add(sent.id)
    }
  })
  await expect.poll(() => answered.size).toBeGreaterThan(100)
  await cluster.servers[0]?.kill('SIGKILL')
  const replica = new Redis(cluster.servers[3]?.url ?? '')
  await expect.poll(async () => String(await replica.info('replication')), { timeout: 40_000 }).toMatch(/role:master/)
  await cluster.servers[0]?.start()
  await online(replica, 1)
  replica.disconnect()
  // Each id that is not known to be stored is sent again by it, at the level.
  running = false
  await Promise.all(producers)
  for (const id of unknown) expect(await one.send(1, { id, timeout: '30s' })).toEqual({ id })
  const found = await idsIn(one)
  expect([...answered, ...unknown].filter((id) => !found.has(id))).toEqual([])
  const more = await Promise.all(Array.from({ length: 30 }, (_, i) => one.send(i, { timeout: '30s' })))
  expect(more.every(({ id }) => id !== undefined)).toBe(true)
  expect(await one.stats()).toMatchObject({ ready: found.size + 30 })
  // The old master is a replica now: only the connection of the client's cluster may lead to it, for reading, and none of a level.
  const old = new Redis(cluster.servers[0]?.url ?? '')
  const own = `id=${await old.client('ID')} `
  const writers = async () => {
    const list = String(await old.call('CLIENT', 'LIST', 'TYPE', 'normal'))
      .trim()
      .split('\n')
    return list.filter((line) => !line.startsWith(own) && !/ flags=\w*r/.test(line))
  }
  await expect.poll(writers).toEqual([])
  old.disconnect()
}, 120_000)
