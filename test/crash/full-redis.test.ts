// When memory is full, sends are refused and everything else goes on.
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { connect, Worker } from '../../lib/index.ts'
import { type RedisServer, startRedis } from '../harness/servers.ts'
import { scene } from './scene.ts'
import { until } from './until.ts'

const refused = expect.objectContaining({ code: 'OutOfMemory' })
const bodies = (from: number, count: number) => Array.from({ length: count }, (_, i) => ({ body: { n: from + i } }))

/** A server whose memory can be filled and freed at will by somebody who is not Boomerang. */
async function fillable(server: RedisServer) {
  const direct = new Redis(server.url)
  await direct.setrange('ballast', (8 << 20) - 1, 'x')
  return {
    async fill() {
      const used = /used_memory:(\d+)/.exec(await direct.info('memory'))?.[1]
      await direct.config('SET', 'maxmemory', String(Number(used) - (4 << 20)))
    },
    async makeRoom() {
      await direct.del('ballast')
    },
    [Symbol.dispose]: () => direct.disconnect(),
  }
}

test('sends are refused while all that is there is worked off, and go on when there is room', async () => {
  await using server = await startRedis()
  await using stage = await scene(server.url, { visibility: '1h', resultTtl: 0 })
  using memory = await fillable(server)
  const { queue } = stage
  await queue.sendMany(bodies(0, 100))
  await queue.send({ n: 100 }, { idempotencyKey: 'a key' })
  await memory.fill()

  await expect(queue.send({ n: -1 })).rejects.toEqual(refused)
  await expect(queue.send({ n: -1 }, { idempotencyKey: 'another key' })).rejects.toEqual(refused)
  expect(await queue.sendMany(bodies(-2, 2))).toEqual([{ error: refused }, { error: refused }])

  const messages = await queue.receive({ max: 6 })
  expect(messages).toHaveLength(6)
  const [first, second, third, fourth, fifth, sixth] = messages
  await first?.complete()
  await second?.extend('2h')
  await second?.complete()
  await third?.release()
  await fourth?.release({ delay: 50 })
  await fifth?.reject('no use')
  await sixth?.extend(0)
  expect((await queue.deadLetters.list()).letters).toHaveLength(1)
  expect(await queue.deadLetters.redrive()).toEqual({ redriven: 1, duplicates: 0 })
  // What has come back by its deadline, by its delay and from the dead letters is received as well.
  await sleep(50)
  const done: number[] = []
  const worker = new Worker(queue, ({ body }) => void done.push(body.n), { concurrency: 10 })
  await worker.start()
  await until('all else is done', () => done.length === 99)
  expect(new Set(done).size).toBe(99)
  await expect(queue.send({ n: -1 })).rejects.toEqual(refused)

  await memory.makeRoom()
  await until('a send is taken', () => queue.send({ n: 200 }))
  await until('it is done', () => done.includes(200))
  await worker.stop()
  await stage.empty()
})

test('messages of a worker that dies then come back, and are dead letters when they do so too often', async () => {
  await using server = await startRedis()
  await using stage = await scene(server.url, { visibility: 200, deadLetter: { maxReceives: 2 } })
  using memory = await fillable(server)
  const { queue } = stage
  await queue.sendMany(bodies(0, 3))
  await memory.fill()
  expect(await queue.receive({ max: 3 })).toHaveLength(3)
  const again = await until('they have come back', async () => {
    const [message] = await queue.receive()
    return message
  })
  expect([again?.deliveries, again?.attempts]).toEqual([2, 2])
  await until('all are dead letters', async () => {
    await queue.receive({ max: 3 })
    return (await queue.stats()).dead === 3
  })
  expect(await queue.deadLetters.remove()).toBe(3)
  await stage.empty()
})

test('a Redis that would evict messages is refused, unless that is allowed', async () => {
  await using server = await startRedis({ config: { 'maxmemory-policy': 'allkeys-lru' } })
  await expect(connect(server.url)).rejects.toMatchObject({
    code: 'EvictionPolicy',
    message: expect.stringContaining('allkeys-lru'),
  })
  const client = await connect(server.url, { allowEviction: true })
  expect(await client.queue('tasks').send({ n: 1 })).toEqual({ id: expect.any(String) })
  await client.close()
})
