// Connecting, and refusing a server that would lose messages.
import type { Cluster, Redis } from 'ioredis'
import { CannotConnect, EvictionPolicy, ServerTooOld } from '../errors.ts'
import type { Pair } from './where.ts'

/** How long a server may take to greet a connection that it has accepted. */
const GREETING = 5_000

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
  pair.subscriber.on('error', note)
  if (!redis.isCluster) pair.subscriber.connect().catch(note)
  for (const connection of [redis, pair.subscriber]) greeted(connection)
  if (!(await pair.commands.whenReady(performance.now() + timeout))) {
    throw new CannotConnect(`cannot reach Redis${describe(redis)}: ${reason(last)}`, { cause: last })
  }
  const nodes = redis.isCluster ? (redis as Cluster).nodes('master') : [redis as Redis]
  for (const node of nodes) checkServer(await node.info(), allowEviction)
}

// A connection that is accepted but never greeted would hang for ever: ioredis watches only how long the accepting takes.
function greeted(redis: Redis | Cluster): void {
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

function reason(error: (Error & { lastNodeError?: Error }) | undefined): string {
  return error?.lastNodeError?.message || error?.message || 'no answer'
}

function describe(redis: Redis | Cluster): string {
  if (redis.isCluster) return ' Cluster'
  const { path, host, port } = (redis as Redis).options
  return ` at ${path ?? `${host}:${port}`}`
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
