// Connecting, and refusing a server that would lose messages.
import type { Cluster, Redis } from 'ioredis'
import { CannotConnect, EvictionPolicy, ServerTooOld } from '../errors.ts'
import { greeted, lasting, part } from './own.ts'
import type { Pair } from './where.ts'

const REFUSED = /WRONGPASS|NOAUTH|NOPERM|invalid password/

/** Connect, within `timeout` ms, and refuse a server that would lose messages. */
export async function open(pair: Pair, timeout: number, allowEviction: boolean): Promise<void> {
  const { redis } = pair.commands
  if (pair.commands.kind === 'memory') return
  let last: Error | undefined
  let connecting = true
  const note = (error: Error) => {
    // What comes after it tells nothing beside why.
    if (last && REFUSED.test(last.message)) return
    last = error
    // No use in trying again with the same credentials, unless they have been right before: then a server is being set up.
    if (connecting && REFUSED.test(error.message)) part(redis)
  }
  redis.on('error', note)
  redis.connect().catch(note)
  pair.subscriber.on('error', note)
  if (!redis.isCluster) pair.subscriber.connect().catch(note)
  for (const connection of [redis, pair.subscriber]) {
    greeted(connection)
    lasting(connection)
  }
  const ready = await pair.commands.whenReady(performance.now() + timeout)
  connecting = false
  if (!ready) {
    throw new CannotConnect(`cannot reach Redis${describe(redis)}: ${reason(last)}`, { cause: last })
  }
  const nodes = redis.isCluster ? (redis as Cluster).nodes('master') : [redis as Redis]
  for (const node of nodes) checkServer(await node.info(), allowEviction)
}

function reason(error: (Error & { lastNodeError?: Error }) | undefined): string {
  return error?.lastNodeError?.message || error?.message || 'no answer'
}

function describe(redis: Redis | Cluster): string {
  if (redis.isCluster) return ' Cluster'
  const { path, host, port, sentinels, name } = (redis as Redis).options
  if (sentinels) return ` by the sentinels of ${name}`
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
