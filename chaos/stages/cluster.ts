// A cluster of three masters, with a replica each.
import { startCluster } from '../../test/harness/cluster.ts'
import type { RedisServer } from '../../test/harness/servers.ts'
import type { Stage } from '../scenario.ts'
import { until } from '../until.ts'
import { told } from './linked.ts'

const MASTERS = 3
/** ms until a node that says nothing has failed. */
const TIMEOUT = 2000

export interface Clustered extends Stage {
  servers: RedisServer[]
  /** Of the servers, those that are masters now. */
  masters(): Promise<RedisServer[]>
}

export async function clustered(): Promise<Clustered> {
  const { servers, nodes, stop } = await startCluster(MASTERS, 1, {
    'cluster-node-timeout': String(TIMEOUT),
    'repl-diskless-sync-delay': '0',
  })
  return {
    title: `a cluster of ${MASTERS} masters with a replica each, cluster-node-timeout ${TIMEOUT}`,
    servers,
    where: { nodes },
    safe: { nodes },
    masters: () => mastersOf(servers),
    async heal() {
      for (const server of servers) if (!server.running) await server.start()
      await until('the replicas are in step again', () => inStep(servers))
    },
    [Symbol.asyncDispose]: stop,
  }
}

const replication = (server: RedisServer) => told(server, async (redis) => String(await redis.info('replication')))

async function mastersOf(servers: RedisServer[]): Promise<RedisServer[]> {
  const running = servers.filter((server) => server.running)
  const texts = await Promise.all(running.map(replication))
  return running.filter((_, i) => texts[i]?.includes('role:master'))
}

/** Each master has its replica, which hears it. */
async function inStep(servers: RedisServer[]): Promise<boolean> {
  const texts = await Promise.all(servers.map(replication))
  const masters = texts.filter((text) => text.includes('role:master') && /slave0:.*state=online/.test(text))
  return masters.length === MASTERS && texts.filter((text) => text.includes('master_link_status:up')).length === MASTERS
}
