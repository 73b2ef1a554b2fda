// A master that has become a replica is left by those who had a connection to it.
import { type Cluster, Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { connect } from '../../lib/index.ts'
import { startCluster } from '../harness/cluster.ts'
import type { RedisServer } from '../harness/servers.ts'

const FAST = { 'cluster-node-timeout': '2000', 'repl-diskless-sync-delay': '0' }

// Found by `npm run chaos -- --only cluster-failover --seed 1427981180`.
test('after a failover a client has as many connections to nodes as there are masters', async () => {
  await using cluster = await startCluster(3, 1, FAST)
  await using client = await connect({ nodes: cluster.nodes })
  const queue = client.queue('q', { partitions: 24 })
  const { redis } = client.shared.connection
  const open = () => {
    const nodes = (redis as Cluster).nodes('all').filter(({ status }) => status === 'ready')
    return nodes.map(({ options }) => options.port).sort()
  }
  await queue.stats()
  const before = open()
  expect(before).toHaveLength(3)
  const next = cluster.servers[3] as RedisServer
  const replica = new Redis(next.url)
  const role = async () => {
    // Refused until the nodes agree that it is a replica, and once it is none.
    await replica.cluster('FAILOVER').catch(() => {})
    return (await replica.role())[0]
  }
  await expect.poll(role, { timeout: 60_000, interval: 1000 }).toBe('master')
  const used = async () => {
    await queue.stats()
    return open()
  }
  await expect.poll(used, { timeout: 30_000 }).toContain(next.port)
  await expect.poll(used, { timeout: 30_000 }).toHaveLength(3)
  replica.disconnect()
})
