// From what the user gives to a connection that is safe to keep messages on.
import { randomUUID } from 'node:crypto'
import { Cluster, type ClusterNode, type ClusterOptions, Redis, type RedisOptions } from 'ioredis'
import { CannotConnect, EvictionPolicy, InvalidOption, MissingPeer, ServerTooOld } from '../errors.ts'
import { Connection } from './connection.ts'

/** Where the queues are: a URL, ioredis options, the nodes of a cluster, an ioredis instance, or `memory:`. */
export type Where = string | RedisOptions | ({ nodes: ClusterNode[] } & RedisOptions) | Redis | Cluster

/** What the library decides about its connections, whatever else they are given. */
const OWN: RedisOptions = {
  lazyConnect: true,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  retryStrategy: (times) => Math.min(50 * times, 1000),
  reconnectOnError: (error) => error.message.startsWith('READONLY'),
  keepAlive: 10_000,
  connectTimeout: 5_000,
}
const OWN_CLUSTER: ClusterOptions = {
  lazyConnect: true,
  enableOfflineQueue: false,
  // Without these ioredis would send a script again by itself after a failover.
  retryDelayOnFailover: 0,
  retryDelayOnClusterDown: 0,
  retryDelayOnTryAgain: 0,
  slotsRefreshInterval: 5_000,
  clusterRetryStrategy: (times) => Math.min(50 * times, 1000),
}

/** Two connections: one for scripts, one to be woken on. Neither is connected yet. */
export interface Pair {
  commands: Connection
  subscriber: Redis | Cluster
}

export async function makePair(where: Where): Promise<Pair> {
  if (typeof where === 'string' && where.startsWith('memory:')) return memoryPair(where.slice('memory:'.length))
  const make = maker(where)
  const redis = make()
  const cluster = redis instanceof Cluster
  // A cluster's client keeps a connection for subscriptions itself.
  return { commands: new Connection(redis, cluster ? 'cluster' : 'server'), subscriber: cluster ? redis : make() }
}

function maker(where: Where): () => Redis | Cluster {
  if (isInstance(where)) {
    if (where.options.keyPrefix)
      throw new InvalidOption('the given connection has a `keyPrefix`; use `namespace` instead')
    return where instanceof Cluster
      ? () => where.duplicate([], clusterOptions(where.options))
      : () => where.duplicate(OWN)
  }
  if (typeof where === 'string') {
    if (!/^rediss?:\/\/|^unix:|^\//.test(where))
      throw new InvalidOption('cannot connect to that text: expected a URL such as redis://localhost:6379')
    return () => new Redis(where, OWN)
  }
  if (where === null || typeof where !== 'object') throw new InvalidOption(`cannot connect to ${String(where)}`)
  if (where.keyPrefix) throw new InvalidOption("`keyPrefix` would break the scripts' keys; use `namespace` instead")
  if ('nodes' in where) {
    const { nodes, ...redisOptions } = where
    return () => new Cluster(nodes, clusterOptions({ redisOptions }))
  }
  return () => new Redis({ ...where, ...OWN })
}

function clusterOptions(given: ClusterOptions): ClusterOptions {
  const { keepAlive, connectTimeout } = OWN as Required<RedisOptions>
  return {
    ...given,
    ...OWN_CLUSTER,
    redisOptions: { ...given.redisOptions, keepAlive, connectTimeout, autoResendUnfulfilledCommands: false },
  }
}

// Another copy of ioredis may have made the instance, so not only `instanceof`.
function isInstance(where: Where): where is Redis | Cluster {
  return typeof where === 'object' && where !== null && typeof (where as Redis).duplicate === 'function'
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

/** Connect, within `timeout` ms, and refuse a server that would lose messages. */
export async function open(pair: Pair, timeout: number, allowEviction: boolean): Promise<void> {
  const { redis } = pair.commands
  if (pair.commands.kind === 'memory') return
  let last: Error | undefined
  const note = (error: Error) => {
    last = error
    // No use in trying again with the same credentials.
    if (/WRONGPASS|NOAUTH|NOPERM|invalid password/.test(error.message)) redis.disconnect()
  }
  redis.on('error', note)
  redis.connect().catch(note)
  if (pair.subscriber !== redis) {
    pair.subscriber.on('error', note)
    pair.subscriber.connect().catch(note)
  }
  if (!(await pair.commands.whenReady(performance.now() + timeout))) {
    throw new CannotConnect(`cannot reach Redis${describe(redis)}: ${reason(last)}`, { cause: last })
  }
  const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis]
  for (const node of nodes) checkServer(await node.info(), allowEviction)
}

function reason(error: (Error & { lastNodeError?: Error }) | undefined): string {
  return error?.lastNodeError?.message || error?.message || 'no answer'
}

function describe(redis: Redis | Cluster): string {
  if (redis instanceof Cluster) return ' Cluster'
  return redis.options.path ? ` at ${redis.options.path}` : ` at ${redis.options.host}:${redis.options.port}`
}

function checkServer(info: string, allowEviction: boolean): void {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? ''
  const version = field('redis_version')
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < 6 || (major === 6 && minor < 2)) {
    throw new ServerTooOld(`Boomerang needs Redis 6.2 or later (or Valkey); this server is ${version}`)
  }
  const policy = field('maxmemory_policy')
  if (policy !== '' && policy !== 'noeviction' && !allowEviction) {
    throw new EvictionPolicy(
      `Redis evicts keys when its memory is full (maxmemory-policy ${policy}), which would lose messages. ` +
        'Set it with: CONFIG SET maxmemory-policy noeviction, or accept the loss with `allowEviction: true`',
    )
  }
}
