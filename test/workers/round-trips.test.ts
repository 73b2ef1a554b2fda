// How many calls to Redis a worker makes: counted by a server of its own.
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Client, connect } from '../../lib/index.ts'
import type { Lane } from '../../lib/lane.ts'
import { loadScripts } from '../crash/scene.ts'
import { type RedisServer, startRedis } from '../harness/servers.ts'
import { type Task, useShift } from './shift.ts'

let server: RedisServer
let client: Client
let observer: Redis
const shift = useShift()

beforeAll(async () => {
  server = await startRedis()
  client = await connect(server.url)
  // A script that Redis does not know costs a call more, once.
  await loadScripts(client)
  observer = new Redis(server.url)
})

afterAll(async () => {
  await client.close()
  observer.disconnect()
  await server.stop()
})

/** Calls of all kinds so far, but those of the observer. */
async function calls(): Promise<number> {
  const info = await observer.info('commandstats')
  const counts = [...info.matchAll(/^cmdstat_(\w+).*?:calls=(\d+)/gm)]
  const outside = counts.filter(([, name]) => ['evalsha', 'eval'].includes(name as string))
  return outside.reduce((sum, [, , count]) => sum + Number(count), 0)
}

async function callsFor(count: number, options: object): Promise<number> {
  // No heartbeat is due here, however long it takes.
  const queue = client.queue<Task, unknown>(`q${Math.random().toString(36).slice(2)}`, { visibility: '1h' })
  await queue.sendMany(Array.from({ length: count }, (_, i) => ({ body: { name: `m${i}` } })))
  const before = await calls()
  await shift().worker(queue, options)
  await expect.poll(() => shift().count('completed')).toBe(count)
  return (await calls()) - before
}

test('a message costs one call when each is fetched alone: it completes the one before and receives the next', async () => {
  expect(await callsFor(60, { ahead: false })).toBeLessThanOrEqual(60 + 4)
})

test('messages that are fetched ahead cost a fraction of a call', async () => {
  expect(await callsFor(1_000, {})).toBeLessThanOrEqual(200)
})

test('handlers that run together are completed together', async () => {
  expect(await callsFor(1_000, { concurrency: 50, ahead: false })).toBeLessThanOrEqual(500)
})

test('a worker that has nothing to do makes no call', async () => {
  const queue = client.queue<Task, unknown>('idle', { visibility: 300 })
  await shift().worker(queue, { concurrency: 10 })
  await shift().happened('idle')
  const before = await calls()
  await sleep(1_000)
  expect(await calls()).toBe(before)
})

test('one heartbeat keeps all messages of a partition', async () => {
  const queue = client.queue<Task, unknown>('beats', { visibility: '6s' })
  const names = Array.from({ length: 40 }, (_, i) => `m${i}`)
  await queue.sendMany(names.map((name) => ({ body: { name, do: 'hang' as const } })))
  await shift().worker(queue, { concurrency: 40 })
  await shift().runs(...names)
  const [lane] = (await queue.backend.open()).lanes
  const beats = vi.spyOn((lane as Lane).partition, 'extend')
  const before = await calls()
  await expect.poll(() => beats.mock.settledResults[0]?.type).toBe('fulfilled')
  expect(beats.mock.calls[0]?.[0]).toHaveLength(40)
  expect((await calls()) - before).toBeLessThanOrEqual(beats.mock.calls.length)
  shift().end(...names)
})

test('a receive by hand is one call, and so is a completion', async () => {
  const queue = client.queue(`q${Math.random().toString(36).slice(2)}`)
  await queue.sendMany([{ body: 'a' }, { body: 'b' }])
  const before = await calls()
  const [message] = await queue.receive()
  await message?.complete()
  expect((await calls()) - before).toBe(2)
})
