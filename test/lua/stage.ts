// One partition on a real Redis, with a clock that the test sets: short names instead of ids, state that reads as text.
import { Redis } from 'ioredis'
import { markOf } from '../../lib/id.ts'
import { keyDigest } from '../../lib/key.ts'
import { keysOf, PARTS } from '../../lib/redis/keys.ts'
import { scripts } from '../../lib/redis/scripts.generated.ts'
import { namespace, redisUrl } from '../harness/stores.ts'

export type Part = (typeof PARTS)[number]
export type ScriptName = keyof typeof scripts
type Reply = string | number | null | Reply[]

/** The time at which tests begin, in ms. */
export const T = 1_000_000

/** The id of a message that a test calls by up to 4 characters. Ids sort as their names do. */
export const id = (name: string): string => name.padStart(20, '-')
export const nameOf = (short: string): string => short.replace(/^-+/, '')
export const mark = (name: string): string => markOf(id(name))

const digests = new Map<string, string>()

/** The digest of a key, shown by its name in states and replies. */
export function key(name: string): string {
  const digest = keyDigest(name)
  digests.set(digest, name)
  return digest
}

/** Text with the names of ids and keys in place of them. */
function readable(text: string): string {
  let shown = text.replaceAll(/-{16,}([a-z0-9]{1,4})/g, '$1')
  for (const [digest, name] of digests) shown = shown.replaceAll(digest, `<${name}>`)
  return shown
}

export class Stage {
  readonly redis: Redis
  readonly tag = `${namespace()}/queue:0`
  readonly keys = Object.fromEntries(keysOf(this.tag).map((name, i) => [PARTS[i], name])) as Record<Part, string>

  constructor(url = redisUrl()) {
    this.redis = new Redis(url)
  }

  async call(script: ScriptName, now: number, ...args: (string | number)[]): Promise<Reply[]> {
    const { sha1, text } = scripts[script]
    const rest = [PARTS.length, ...Object.values(this.keys), now, ...args]
    try {
      return (await this.redis.call('EVALSHA', sha1, ...rest)) as Reply[]
    } catch (error) {
      if (!(error as Error).message.startsWith('NOSCRIPT')) throw error
      return (await this.redis.call('EVAL', text, ...rest)) as Reply[]
    }
  }

  /** Make the partition; attributes that a test does not name are those of a new queue. */
  async make(attributes: Record<string, number | string> = {}, now = T): Promise<void> {
    await this.redis.del(...Object.values(this.keys))
    const all = { ...DEFAULTS, ...attributes }
    const fields = Object.entries(all).map(([name, value]) => `${name} ${value}`)
    await this.call('configure', now, 1, fields.join(' '))
  }

  /** The channel that a test calls by a short name; its own, for channels have no namespace. */
  inbox(name: string): string {
    return `${this.tag}/${name}`
  }

  /** Somebody waits until a time, by the names of their inboxes. */
  waiting(until: Record<string, number>): Promise<unknown> {
    const list = Object.entries(until).flatMap(([name, at]) => [at, this.inbox(name)])
    return this.redis.zadd(this.keys.waiters, ...list)
  }

  /** Text with names in place of this partition's channels and keys, of ids and of digests. */
  shown(text: string): string {
    return readable(text.replace(this.keys.ready, 'ready').replace(`${this.tag}/`, ''))
  }

  set(field: string, value: string | number): Promise<number> {
    return this.redis.hset(this.keys.meta, field, value)
  }

  meta(field: string): Promise<string | null> {
    return this.redis.hget(this.keys.meta, field)
  }

  /** Ids by name with their scores; those of `inflight` in ms. */
  async zset(part: Part): Promise<Record<string, number>> {
    const list = await this.redis.zrange(this.keys[part], 0, -1, 'WITHSCORES')
    const found: Record<string, number> = {}
    for (let i = 0; i < list.length; i += 2) {
      const score = Number(list[i + 1])
      found[this.shown(list[i] as string)] = part === 'inflight' ? score / 1000 : score
    }
    return found
  }

  async hash(part: Part): Promise<Record<string, string>> {
    const found = await this.redis.hgetall(this.keys[part])
    return Object.fromEntries(Object.entries(found).map(([name, value]) => [readable(name), this.shown(value)]))
  }

  /** What the partition holds, without what is empty. `messages` are in it only when asked for: they never change. */
  async state(): Promise<Partial<State>> {
    const [ready, inflight, receives, keys, dead, letters] = await Promise.all([
      this.zset('ready'),
      this.zset('inflight'),
      this.hash('receives'),
      this.hash('keys'),
      this.zset('dead'),
      this.hash('letters'),
    ])
    const all = { ready, inflight, receives, keys, dead, letters }
    return Object.fromEntries(Object.entries(all).filter(([, value]) => Object.keys(value).length > 0))
  }

  /** A digest of everything, to see that a call has changed nothing. */
  async everything(): Promise<string[]> {
    const dumps = await Promise.all(Object.values(this.keys).map((name) => this.redis.dumpBuffer(name)))
    return dumps.map((dump) => dump?.toString('latin1') ?? '')
  }

  async close(): Promise<void> {
    await this.redis.del(...Object.values(this.keys))
    this.redis.disconnect()
  }
}

export interface State {
  ready: Record<string, number>
  inflight: Record<string, number>
  receives: Record<string, string>
  keys: Record<string, string>
  dead: Record<string, number>
  letters: Record<string, string>
}

const DEFAULTS = {
  visibility: 30_000,
  delay: 0,
  maxReceives: 5,
  maxMessageSize: 1_048_576,
  resultTtl: 3_600_000,
  idempotencyWindow: 86_400_000,
}
