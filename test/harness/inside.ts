// What a client finds in Redis behind its queues: whether all is sound there, and which keys there are.
import { Cluster } from 'ioredis'
import type { Client, Queue } from '../../lib/index.ts'
import { faults } from '../lua/sound.ts'

/** What is wrong in the partitions of a queue that was opened; nothing when all is well. */
export async function faultsOf<Body>(queue: Queue<Body>): Promise<string[]> {
  const { redis } = queue.backend.shared.connection
  const lanes = queue.backend.opened?.lanes ?? []
  return (await Promise.all(lanes.map(({ partition }) => faults(redis, partition.tag)))).flat()
}

/** All keys of the client's namespace, on each master of a cluster. */
export async function keysBehind(client: Client): Promise<string[]> {
  const { namespace, connection } = client.shared
  const { redis } = connection
  const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis]
  return (await Promise.all(nodes.map((node) => node.keys(`boomerang:{${namespace}*`)))).flat()
}
