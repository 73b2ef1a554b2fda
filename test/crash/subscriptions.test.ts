// The connection over which waits are woken breaks, and the message comes just then.
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { Worker } from '../../lib/index.ts'
import { startCluster } from '../harness/cluster.ts'
import { type RedisServer, startRedis } from '../harness/servers.ts'
import { type Scene, scene } from './scene.ts'
import { until } from './until.ts'

const ROUNDS = 15

/** Breaks all subscriptions. */
async function cutSubscriptions(servers: RedisServer[]): Promise<void> {
  for (const { url } of servers) {
    const direct = new Redis(url)
    await direct.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
    direct.disconnect()
  }
}

async function receivesGetTheirs(stage: Scene, servers: RedisServer[]): Promise<void> {
  const { queue } = await stage.another()
  for (let n = 0; n < ROUNDS; n++) {
    const received = queue.receive({ wait: '10m' })
    received.catch(() => {})
    await until('it waits', async () => (await stage.waiting()) > 0)
    await cutSubscriptions(servers)
    await stage.queue.send({ n })
    const [message] = await received
    expect(message?.body.n).toBe(n)
    await message?.complete()
  }
}

async function workersGetTheirs(stage: Scene, servers: RedisServer[]): Promise<void> {
  const { queue } = await stage.another()
  const done: number[] = []
  const worker = new Worker(queue, ({ body }) => void done.push(body.n))
  await worker.start()
  for (let n = 0; n < ROUNDS; n++) {
    await until('it waits', async () => (await stage.waiting()) > 0)
    await cutSubscriptions(servers)
    await stage.queue.send({ n })
    await until('it has worked', () => done.length === n + 1)
  }
  await worker.stop()
}

test('waiting receives and workers get what is sent while their subscription is cut', async () => {
  await using server = await startRedis()
  await using stage = await scene(server.url, { visibility: '1h' })
  await receivesGetTheirs(stage, [server])
  await workersGetTheirs(stage, [server])
  await stage.empty()
})

test('so they do on a cluster', async () => {
  await using cluster = await startCluster()
  await using stage = await scene({ nodes: cluster.nodes }, { visibility: '1h' })
  await receivesGetTheirs(stage, cluster.servers)
  await workersGetTheirs(stage, cluster.servers)
  await stage.empty()
})
