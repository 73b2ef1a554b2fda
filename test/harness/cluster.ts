// A Redis Cluster, its slots spread evenly over the masters; replicas where they are asked for.
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

/** `replicas` for each master. `servers` are the masters, then the replicas. */
export async function startCluster(masters = 3, replicas = 0, own: Record<string, string> = {}): Promise<RedisCluster> {
  const all = masters * (1 + replicas)
  const config = { ...clusterConfig, ...own }
  const servers = await Promise.all(Array.from({ length: all }, () => startRedis({ config })))
  const stop = async () => void (await Promise.all(servers.map((server) => server.stop())))
  try {
    await join(servers, masters)
  } catch (error) {
    await stop()
    throw error
  }
  return { servers, nodes: servers.map(({ host, port }) => ({ host, port })), stop, [Symbol.asyncDispose]: stop }
}

async function join(servers: RedisServer[], masters: number): Promise<void> {
  const clients = servers.map((server) => new Redis(server.url))
  try {
    const [first, ...others] = clients.slice(0, masters) as [Redis, ...Redis[]]
    await Promise.all([first, ...others].map((client, index) => takeSlots(client, index, masters)))
    for (const { host, port } of servers) await first.call('CLUSTER', 'MEET', host, port)
    await Promise.all(clients.map((client) => agreed(client, masters, servers.length)))
    await Promise.all(clients.slice(masters).map((client, i) => follow(client, clients[i % masters] as Redis)))
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

/** Make a node the replica of a master, and wait until it is in step. */
async function follow(client: Redis, master: Redis): Promise<void> {
  await client.call('CLUSTER', 'REPLICATE', String(await master.call('CLUSTER', 'MYID')))
  await until(async () => String(await client.info('replication')).includes('master_link_status:up'))
}

/** Waits until a node knows all the others and an owner for each slot. */
async function agreed(client: Redis, masters: number, nodes: number): Promise<void> {
  await until(async () => {
    const info = String(await client.call('CLUSTER', 'INFO'))
    const parts = ['cluster_state:ok', `cluster_size:${masters}\r`, `cluster_known_nodes:${nodes}\r`]
    return parts.every((part) => info.includes(part))
  })
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let round = 0; round < 600; round++) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the cluster did not come up within 30 s')
}
