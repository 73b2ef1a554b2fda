// One partition on a real Redis, with a clock that the test sets: short names instead of ids, state that reads as text.
import { Redis } from 'ioredis'
import Mock from 'ioredis-mock'
import { markOf, timeOf } from '../../lib/id.ts'
import { keyDigest } from '../../lib/key.ts'
import { keysOf, PARTS } from '../../lib/redis/keys.ts'
import { memoryFrame, scripts } from '../../lib/redis/scripts.generated.ts'
import { namespace, redisUrl } from '../harness/stores.ts'

export type Part = (typeof PARTS)[number]
export type ScriptName = keyof typeof scripts
type Reply = string | number | null | Reply[]

/** The time at which tests begin, in ms. */
export const T = 1_000_000

/**
 * The id of a message that a test calls by up to 4 characters; 'a@1000000' is one that was sent at that time (ms), where ages
 * matter. Ids sort as their names do.
 */
export function id(name: string): string {
  const [text, at = '0'] = name.split('@') as [string, string?]
  return timeText(Number(at)) + text.padStart(12, '-')
}

export function nameOf(short: string): string {
  const [at, name] = [short.slice(0, 8), short.slice(8).replace(/^-+/, '')]
  return at === '-'.repeat(8) || at === '' ? name : `${name}@${timeOf(short)}`
}

const timeText = (ms: number): string =>
  [...Array(8)].map((_, i) => DIGITS[Math.floor(ms / 64 ** (7 - i)) % 64]).join('')
const DIGITS = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'

export const mark = (name: string): string => markOf(id(name))

const digests = new Map<string, string>()

/** The digest of a key, shown by its name in states and replies. */
export function key(name: string): string {
  const digest = keyDigest(name)
  digests.set(digest, name)
  return digest
}

/** An id that says when its message was sent. */
const DATED = /[-\w]{8}(?:-{11}[a-z0-9]|-{10}[a-z0-9]{2}|-{9}[a-z0-9]{3}|-{8}[a-z0-9]{4})/g

/** Text with the names of ids and keys in place of them. */
function readable(text: string): string {
  let shown = text.replaceAll(/-{16,}([a-z0-9]{1,4})/g, '$1').replaceAll(DATED, nameOf)
  for (const [digest, name] of digests) shown = shown.replaceAll(digest, `<${name}>`)
  return shown
}

/** Scripts that go by no version of the attributes. */
const UNVERSIONED = new Set<ScriptName>(['configure', 'declare', 'errands', 'register', 'remove', 'tag', 'task'])

export class Stage {
  /** The version of the attributes that calls name; '' for any. */
  version = ''
  readonly redis: Redis
  readonly tag = `${namespace()}/queue:0`
  readonly keys = Object.fromEntries(keysOf(this.tag).map((name, i) => [PARTS[i], name])) as Record<Part, string>

  readonly #memory: boolean

  /** `url`: of a server, or 'memory:' for the embedded store. */
  constructor(url = redisUrl()) {
    this.#memory = url === 'memory:'
    this.redis = this.#memory ? (new Mock() as Redis) : new Redis(url)
  }

  /** Run a script, as one to whom any version of the partition's attributes is right unless `version` is named. */
  async call(script: ScriptName, now: number, ...args: (string | number)[]): Promise<Reply[]> {
    const { sha1, text } = scripts[script]
    const version = UNVERSIONED.has(script) ? [] : [this.version]
    const rest = [PARTS.length, ...Object.values(this.keys), now, ...version, ...args]
    if (this.#memory) {
      const framed = memoryFrame.replace('--SCRIPT--', () => text)
      return texts(await this.redis.eval(framed, PARTS.length, ...rest.slice(1).map(String))) as Reply[]
    }
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

  /** The lines of the groups: 'group number name' of each place. */
  async order(): Promise<string[]> {
    const places = await this.redis.zrange(this.keys.order, 0, -1)
    return places.map((place) => {
      const [group, number] = [place.slice(0, -37), Number(place.slice(-36, -20))]
      return `${group} ${number} ${nameOf(place.slice(-20))}`
    })
  }

  async hash(part: Part): Promise<Record<string, string>> {
    const found = await this.redis.hgetall(this.keys[part])
    return Object.fromEntries(Object.entries(found).map(([name, value]) => [readable(name), this.shown(value)]))
  }

  /** What the partition holds, without what is empty. `messages` are in it only when asked for: they never change. */
  async state(): Promise<Partial<State & Lines>> {
    const [grouped, order, groups, noisy, tenants, ready, inflight, receives, keys, dead, letters] = await Promise.all([
      this.zset('grouped'),
      this.order(),
      this.zset('groups'),
      this.zset('noisy'),
      this.hash('tenants'),
      this.zset('ready'),
      this.zset('inflight'),
      this.hash('receives'),
      this.hash('keys'),
      this.zset('dead'),
      this.hash('letters'),
    ])
    const all = { ready, inflight, receives, keys, dead, letters, grouped, order, groups, noisy, tenants }
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

/** What a partition holds of groups. */
export interface Lines {
  grouped: Record<string, number>
  order: string[]
  groups: Record<string, number>
  noisy: Record<string, number>
  tenants: Record<string, string>
}

const DEFAULTS = {
  visibility: 30_000,
  delay: 0,
  maxReceives: 5,
  maxMessageSize: 1_048_576,
  resultTtl: 3_600_000,
  idempotencyWindow: 86_400_000,
}

/** A reply of the embedded store as a server would give it. */
function texts(reply: unknown): unknown {
  if (Array.isArray(reply)) return reply.map(texts)
  return reply instanceof Buffer ? reply.toString() : reply
}
