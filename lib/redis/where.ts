// From what the user gives to two connections with the library's own options.
import { randomUUID } from 'node:crypto'
import { Cluster, type ClusterNode, type ClusterOptions, Redis, type RedisOptions } from 'ioredis'
import { InvalidOption, MissingPeer } from '../errors.ts'
import { Connection } from './connection.ts'
import { OWN, OWN_CLUSTER } from './own.ts'

/**
 * Where the queues are: a URL, ioredis options (of a server, or the `sentinels` and the `name` of its group), the nodes of a
 * cluster, an ioredis instance, or `memory:`.
 */
export type Where =
  | string
  | RedisOptions
  | ({ nodes: ClusterNode[] } & Pick<ClusterOptions, 'dnsLookup' | 'natMap'> & Omit<RedisOptions, 'natMap'>)
  | Redis
  | Cluster

/** Two connections: one for scripts, one to be woken on. Neither is connected yet. */
export interface Pair {
  commands: Connection
  subscriber: Redis
}

export async function makePair(where: Where): Promise<Pair> {
  if (typeof where === 'string' && where.startsWith('memory:')) return memoryPair(where.slice('memory:'.length))
  if (typeof where === 'string' && !/^rediss?:\/\/|^unix:|^\//.test(where)) {
    throw new InvalidOption('cannot connect to that text: expected a URL such as redis://localhost:6379')
  }
  if (where === null || (typeof where !== 'string' && typeof where !== 'object')) {
    throw new InvalidOption(`cannot connect to ${String(where)}`)
  }
  if (typeof where !== 'string' && keyPrefixOf(where)) {
    throw new InvalidOption("a `keyPrefix` would break the scripts' keys; use `namespace` instead")
  }
  if (isInstance(where))
    return where.isCluster ? clusterPair(copyOf(where as Cluster)) : pair(() => (where as Redis).duplicate(OWN))
  if (typeof where === 'string') return pair(() => new Redis(where, OWN))
  if ('nodes' in where) return clusterPair(clusterOf(where))
  const own = 'sentinels' in where ? sentinels(where) : where
  return pair(() => new Redis({ ...own, ...OWN }))
}

function clusterOf({ nodes, dnsLookup, natMap, ...redisOptions }: Extract<Where, { nodes: ClusterNode[] }>): Cluster {
  if (!Array.isArray(nodes) || nodes.length === 0)
    throw new InvalidOption('`nodes` must be a list of nodes of the cluster: [{ host, port }, …]')
  if ('sentinels' in redisOptions) throw new InvalidOption('a cluster has no `sentinels`: give `nodes` or `sentinels`')
  const own = { ...(dnsLookup && { dnsLookup }), ...(natMap && { natMap }), redisOptions }
  return new Cluster(nodes, clusterOptions(own))
}

/** ms for the answer of a sentinel, which may be half open: then the next one is asked. */
const SENTINEL_PATIENCE = 2_000

/** Which server is the master is asked of the sentinels at each connection, and told by them when another takes over. */
function sentinels(where: RedisOptions): RedisOptions {
  const { sentinels: list, name } = where
  if (!Array.isArray(list) || list.length === 0)
    throw new InvalidOption('`sentinels` must be a list of sentinels: [{ host, port }, …]')
  if (typeof name !== 'string' || name === '')
    throw new InvalidOption('`sentinels` need the `name` of the group that they watch, such as mymaster')
  return { failoverDetector: true, sentinelCommandTimeout: SENTINEL_PATIENCE, ...where, role: 'master' }
}

const pair = (make: () => Redis): Pair => ({ commands: new Connection(make(), 'server'), subscriber: make() })
const copyOf = (cluster: Cluster) => cluster.duplicate([], clusterOptions(cluster.options))

/** On a cluster the subscriber is a connection to one master, at each try to whichever is known then. */
function clusterPair(cluster: Cluster): Pair {
  const subscriber: Redis = new Redis({
    ...cluster.options.redisOptions,
    ...OWN,
    retryStrategy: (times) => {
      point(subscriber, cluster)
      return Math.min(50 * times, 1000)
    },
  })
  cluster.on('ready', () => {
    if (subscriber.status !== 'wait') return
    point(subscriber, cluster)
    subscriber.connect().catch(() => {})
  })
  return { commands: new Connection(cluster, 'cluster'), subscriber }
}

function point(subscriber: Redis, cluster: Cluster): void {
  const masters = cluster.nodes('master')
  const master = masters[Math.floor(Math.random() * masters.length)]
  if (!master) return
  const { host, port } = master.options
  Object.assign(subscriber.options, { host, port })
}

function clusterOptions(given: ClusterOptions): ClusterOptions {
  const { keepAlive, connectTimeout, disconnectTimeout } = OWN as Required<RedisOptions>
  const own = { keepAlive, connectTimeout, disconnectTimeout, autoResendUnfulfilledCommands: false }
  const redisOptions = { ...given.redisOptions, ...own }
  return { ...given, ...OWN_CLUSTER, redisOptions }
}

// Another copy of ioredis may have made the instance, so not by `instanceof`.
function isInstance(where: Where): where is Redis | Cluster {
  return typeof where === 'object' && typeof (where as Redis).duplicate === 'function'
}

function keyPrefixOf(where: Exclude<Where, string>): unknown {
  return isInstance(where) ? where.options.keyPrefix : where.keyPrefix
}

async function memoryPair(name: string): Promise<Pair> {
  let Mock: new (options: RedisOptions) => Redis
  try {
    const module = 'ioredis-mock'
    Mock = ((await import(module)) as { default: typeof Mock }).default
  } catch (cause) {
    throw new MissingPeer("'memory:' needs the package ioredis-mock: npm install --save-dev ioredis-mock", { cause })
  }
  const host = name || randomUUID()
  const make = () => new Mock({ host })
  return { commands: new Connection(make(), 'memory'), subscriber: make() }
}
