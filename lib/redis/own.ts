// What the library decides about its connections, whatever else they are given.
import type { Cluster, ClusterOptions, Redis, RedisOptions } from 'ioredis'

export const OWN: RedisOptions = {
  lazyConnect: true,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  // The inbox subscribes anew itself: only then does it know when it is heard again.
  autoResubscribe: false,
  retryStrategy: (times) => Math.min(50 * times, 1000),
  reconnectOnError: (error) => error.message.startsWith('READONLY'),
  keepAlive: 10_000,
  connectTimeout: 5_000,
  // One that is given up may be half open: nobody is there to answer its end.
  disconnectTimeout: 500,
}
export const OWN_CLUSTER: ClusterOptions = {
  lazyConnect: true,
  enableOfflineQueue: false,
  // Without these ioredis would send a script again by itself after a failover.
  retryDelayOnFailover: 0,
  retryDelayOnClusterDown: 0,
  // While a slot moves no script can run in it: its keys are on two masters. ioredis asks 16 times in all.
  retryDelayOnTryAgain: 25,
  // ioredis's own refresh never ends if one is under way when the cluster is left; lasting() has another.
  slotsRefreshInterval: 0,
  clusterRetryStrategy: (times) => Math.min(50 * times, 1000),
}

/** How long a server may take to greet a connection that it has accepted. */
const GREETING = 5_000

/** A connection that is accepted but never greeted would hang for ever: ioredis watches only how long the accepting takes. */
export function greeted(redis: Redis | Cluster): void {
  if (redis.isCluster) {
    redis.on('+node', greeted)
    return
  }
  let timer: NodeJS.Timeout | undefined
  const connection = redis as Redis
  connection.on('connect', () => {
    clearTimeout(timer)
    timer = setTimeout(() => connection.stream?.destroy(), GREETING).unref()
  })
  for (const event of ['ready', 'close', 'end']) connection.on(event, () => clearTimeout(timer))
}

/** ms between two looks at which slots are where; what goes to the wrong master has it look, too. */
const SLOTS = 5_000
/** ms before a connection is begun anew that was given up. */
const AGAIN = 100
const parted = new WeakSet<Redis | Cluster>()

/** Ends a connection for good. */
export function part(redis: Redis | Cluster): void {
  parted.add(redis)
  redis.disconnect()
}

export const hasParted = (redis: Redis | Cluster): boolean => parted.has(redis)

/**
 * A connection to a server lasts until it is parted with. ioredis by itself gives it up in silence when the sentinels tell of a new
 * master, or when it is told to connect anew, just while it asks them which one it is.
 */
export function lasting(redis: Redis | Cluster): void {
  if (redis.isCluster) {
    refreshed(redis as Cluster)
    return
  }
  redis.on('end', () => {
    if (parted.has(redis)) return
    setTimeout(() => {
      if (!parted.has(redis)) (redis as Redis).connect().catch(() => {})
    }, AGAIN)
  })
}

function refreshed(cluster: Cluster): void {
  cluster.on('refresh', () => leaveReplicas(cluster))
  const timer = setInterval(() => {
    if (parted.has(cluster)) clearInterval(timer)
    else if (cluster.status === 'ready') cluster.refreshSlotsCache(() => {})
  }, SLOTS).unref()
}

/** Nothing is asked of replicas, but the connection to a master that has become one stays open by itself. */
function leaveReplicas(cluster: Cluster): void {
  for (const node of cluster.nodes('slave')) if (node.status !== 'wait') node.disconnect()
}
