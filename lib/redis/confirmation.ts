// How a server says that what a connection has written has reached a level (docs/durability.md).
import type { Redis } from 'ioredis'
import { DurabilityUnavailable } from '../errors.ts'
import { NotAnswered } from './fate.ts'
import type { Level } from './level.ts'

export interface Confirmation {
  /** It speaks of what this connection has written, and of nothing else. */
  own: boolean
  /** Ask whether the level was reached, for up to so many ms. Sent when it is called. */
  ask(ms: number): Promise<boolean>
}

/** Find out how this server confirms the level; rejects with DurabilityUnavailable where it cannot. */
export async function confirmationOf(redis: Redis, level: Level, fsyncAlways: boolean): Promise<Confirmation> {
  const parts: Confirmation[] = []
  if (level.fsync) parts.push(await byDisk(redis, fsyncAlways))
  if (level.replicas > 0) parts.push(await byReplicas(redis, level.replicas))
  return {
    own: parts.some(({ own }) => own),
    ask: async (ms) => (await Promise.all(parts.map((part) => part.ask(ms)))).every((reached) => reached),
  }
}

async function byReplicas(redis: Redis, replicas: number): Promise<Confirmation> {
  // Asked for none, it answers at once: whether it may be asked at all.
  if ((await tried(() => redis.wait(0, 1))) === undefined)
    throw new DurabilityUnavailable('the server does not let this user call WAIT, by which replicas confirm')
  return { own: true, ask: async (ms) => (await redis.wait(replicas, ms)) >= replicas }
}

async function byDisk(redis: Redis, fsyncAlways: boolean): Promise<Confirmation> {
  if ((await tried(() => redis.call('WAITAOF', 0, 0, 1))) !== undefined) {
    if (!/^aof_enabled:1/m.test(await redis.info('persistence')))
      throw new DurabilityUnavailable('the server writes no append-only file: set `appendonly yes`')
    return { own: true, ask: async (ms) => Number(((await redis.call('WAITAOF', 1, 0, ms)) as number[])[0]) >= 1 }
  }
  // Each reply of such a server comes after the fsync of all that was done before; that it still is one is seen behind the scripts.
  const always = async () => {
    const lost = fsyncAlways ? undefined : await lacks(redis)
    if (lost) throw new NotAnswered(lost)
    return true
  }
  const lacking = fsyncAlways ? undefined : await lacks(redis)
  if (lacking) throw new DurabilityUnavailable(lacking)
  return { own: false, ask: always }
}

/** What a server without WAITAOF, or whose user may not call it, lacks to answer only what is on its disk. */
async function lacks(redis: Redis): Promise<string | undefined> {
  const reply = (await tried(() => redis.config('GET', '*append*'))) as string[] | undefined
  if (reply === undefined) {
    return (
      'this user can call neither WAITAOF (Redis 7.2, `boomerang acl --fsync`) nor CONFIG GET on the server. If it runs `appendonly yes` and ' +
      '`appendfsync always`, say so: connect(…, { fsyncAlways: true })'
    )
  }
  const settings = new Map(reply.flatMap((name, i) => (i % 2 === 0 ? [[name, String(reply[i + 1])] as const] : [])))
  const wanted = [
    ['appendonly', 'yes'],
    ['appendfsync', 'always'],
    ['no-appendfsync-on-rewrite', 'no'],
  ] as const
  const missing = wanted.filter(([name, value]) => settings.get(name) !== value)
  if (missing.length === 0) return undefined
  const list = missing.map(([name, value]) => `\`${name} ${value}\``).join(', ')
  return `the server answers before its disk has it, and has no WAITAOF (Redis 7.2, \`boomerang acl --fsync\`) for this user: set ${list}`
}

/** Nothing where the server does not know the command, or does not allow it. */
async function tried<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (/unknown command|NOPERM|unsupported|not allowed|disabled/i.test((error as Error).message)) return undefined
    throw error
  }
}
