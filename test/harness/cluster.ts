// A Redis Cluster of masters only, its slots spread evenly.
import { Redis } from 'ioredis'
import { type RedisServer, startRedis } from './servers.ts'

const slots = 16_384
const clusterConfig = { 'cluster-enabled': 'yes', 'cluster-node-timeout': '5000' }

export interface RedisCluster {
  servers: RedisServer[]
  nodes: Array<{ host: string; port: number }>
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export async function startCluster(masters = 3): Promise<RedisCluster> {
  const servers = await Promise.all(Array.from({ length: masters }, () => startRedis({ config: clusterConfig })))
  const stop = async () => void (await Promise.all(servers.map((server) => server.stop())))
  try {
    await join(servers)
  } catch (error) {
    await stop()
    throw error
  }
  return { servers, nodes: servers.map(({ host, port }) => ({ host, port })), stop, [Symbol.asyncDispose]: stop }
}

async function join(servers: RedisServer[]): Promise<void> {
  const clients = servers.map((server) => new Redis(server.url))
  try {
    await Promise.all(clients.map((client, index) => takeSlots(client, index, servers.length)))
    for (const { host, port } of servers) await clients[0]?.call('CLUSTER', 'MEET', host, port)
    await Promise.all(clients.map((client) => agreed(client, servers.length)))
  } finally {
    for (const client of clients) client.disconnect()
  }
}

async function takeSlots(client: Redis, index: number, masters: number): Promise<void> {
  const first = Math.floor((index * slots) / masters)
  const end = Math.floor(((index + 1) * slots) / masters)
  await client.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1)
  await client.call('CLUSTER', 'ADDSLOTS', ...Array.from({ length: end - first }, (_, offset) => first + offset))
}

/** Waits until a node knows all the others and an owner for each slot. */
async function agreed(client: Redis, masters: number): Promise<void> {
  for (let round = 0; round < 600; round++) {
    const info = String(await client.call('CLUSTER', 'INFO'))
    if (info.includes('cluster_state:ok') && info.includes(`cluster_size:${masters}`)) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the cluster did not come up within 30 s')
}
