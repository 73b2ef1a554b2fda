// Rules for Redis's own access control (Redis 7, Valkey): which commands on which keys a client needs that does one thing with a
// queue. Redis checks a script twice: EVALSHA on all keys that it is given, and each command inside on its own key. So EVALSHA is
// allowed on all keys of the queue, and what a role may do is said by selectors, command by command and key by key.
import { homeTag, inboxOf, keysOf, namespaceTag, PARTS, partitionTag } from './keys.ts'

export type Role = 'producer' | 'consumer' | 'admin'

export interface Access {
  namespace: string
  queue: string
  role: Role
  /** Other queues to which messages may go from here: dead letters, follow-ups, moves. */
  to?: readonly string[]
  /** Calls may be answered when they are on disk, by WAITAOF. A server before Redis 7.2 refuses a rule that names it. */
  fsync?: boolean
}

/** Commands on parts of a partition, both separated by spaces. */
type Grants = readonly (readonly [parts: string, commands: string])[]

/** What any script does on its way: look at the attributes, wake who waits, and what time alone must do. */
const ON_THE_WAY: Grants = [
  ['meta', 'hdel hget hgetall hmget hset'],
  ['waiters', 'zadd zpopmin zrange zrangebyscore'],
  ['ready inflight', 'zrange zrangebyscore zrem'],
  ['expiries', 'zrange zrangebyscore zrem'],
  ['results receives', 'hdel'],
  ['messages', 'hdel hmget'],
  ['keys', 'hdel hget'],
  ['processed:a processed:b recent:a recent:b', 'unlink'],
]

/** send, send_once, send_grouped, result; nothing that receives. */
const SENDING: Grants = [
  ['ready', 'zadd zmscore'],
  ['grouped', 'zadd zmscore zrange zrangebyscore zrem zscore'],
  ['order', 'zadd zrangebylex zrem'],
  ['groups noisy', 'zadd zrem'],
  ['inflight', 'zcard zmscore zscore'],
  ['messages', 'hexists hset'],
  ['keys results', 'hget hmget hset'],
  ['expiries', 'zadd'],
  ['processed:a processed:b recent:a recent:b', 'hmget'],
  ['sent:a sent:b', 'hmget hset unlink'],
  ['dead', 'zmscore'],
  ['letters', 'hget'],
  ['tenants', 'hdel hget hincrby'],
]

/** receive, work, extend, release, claim; forwarding out of here; stats. No record of a message is written. */
const RECEIVING: Grants = [
  ['meta', 'hincrby hsetnx'],
  ['ready', 'zadd zcard zcount zremrangebyrank zscore'],
  ['inflight grouped', 'zadd zcard zcount zmscore zrange zrangebyscore zrem zscore'],
  ['groups noisy expiries', 'zadd zrange zrangebyscore zrem'],
  ['order', 'zadd zrangebylex zrem'],
  ['messages', 'hexists'],
  ['receives', 'hlen hmget hset'],
  ['tenants', 'hdel hget hincrby'],
  ['results', 'hexists hget hmget hset'],
  ['keys letters', 'hdel hget hmget hset'],
  ['processed:a processed:b recent:a recent:b', 'hmget hset'],
  ['dead', 'zadd zcard zscore'],
  ['outbox', 'zadd zcard zrangebylex zrem'],
  ['waiters', 'exists zremrangebyscore'],
]

/** arrive: what comes from another queue's outbox. */
const ARRIVING: Grants = [
  ['ready', 'zadd zmscore'],
  ['grouped', 'zadd zmscore zscore'],
  ['order', 'zadd zrangebylex zrem'],
  ['groups noisy', 'zadd zrem'],
  ['inflight', 'zcard zmscore zscore'],
  ['messages receives letters', 'hset'],
  ['keys results', 'hmget hset'],
  ['processed:a processed:b', 'hmget'],
  ['sent:a sent:b', 'hmget hset unlink'],
  ['tenants', 'hget'],
  ['inbound', 'hget hset'],
  ['dead', 'zadd zmscore'],
]

const ROLES: Record<Exclude<Role, 'admin'>, Grants> = { producer: SENDING, consumer: RECEIVING }

/** To look at a queue's home and list; to note that somebody has to look at what waits to be forwarded. */
const HOME: Grants = [['meta', 'hgetall hmget']]
const LIST: Grants = [
  ['meta', 'hget hgetall'],
  ['ready inflight', 'zadd'],
]

/** Every command that scripts run. */
const ALL =
  'exists hdel hexists hget hgetall hincrby hkeys hlen hmget hset hsetnx hvals unlink zadd zcard zcount zmscore zpopmin zrange ' +
  'zrangebylex zrangebyscore zrem zremrangebyrank zremrangebyscore zrevrange zscore'
/** What a connection needs, and scripts that have no key to name. */
const CONNECTION =
  'ping info select client|setname cluster|slots cluster|info subscribe unsubscribe publish time eval evalsha wait'

/** The words of a rule for `ACL SETUSER <user> on '>password' …`. */
export function aclOf({ namespace, queue, role, to = [], fsync = false }: Access): string[] {
  const partitions = (name: string) => partitionTag(namespace, name, '*')
  const home = (name: string) => homeTag(namespace, name)
  const list = namespaceTag(namespace)
  const queues = [queue, ...to]
  const scripts = [list, ...queues.flatMap((name) => [home(name), partitions(name)])].map(anyKeyOf)
  const connection = commands(fsync ? `${CONNECTION} waitaof` : CONNECTION)
  const words = ['resetkeys', 'resetchannels', '-@all', `&${inboxOf('*', false)}`, ...connection, ...scripts]
  if (role === 'admin') return [...words, ...commands(ALL)]
  return [
    ...words,
    ...selectors(partitions(queue), [...ON_THE_WAY, ...ROLES[role]]),
    ...queues.flatMap((name) => selectors(home(name), HOME)),
    ...selectors(list, LIST),
    ...to.flatMap((name) => selectors(partitions(name), [...ON_THE_WAY, ...ARRIVING])),
  ]
}

const anyKeyOf = (tag: string) => `~${keysOf(tag)[0]?.replace(/[^:]*$/, '*')}`
const commands = (names: string) => names.split(' ').map((name) => `+${name}`)

/** One selector for all parts on which the same commands are allowed. */
function selectors(tag: string, grants: Grants): string[] {
  const allowed = new Map<string, Set<string>>()
  for (const [parts, names] of grants) {
    for (const part of parts.split(' ')) {
      const set = allowed.get(part) ?? new Set()
      allowed.set(part, set)
      for (const name of names.split(' ')) set.add(name)
    }
  }
  const alike = new Map<string, string[]>()
  const keys = keysOf(tag)
  for (const [i, part] of PARTS.entries()) {
    const names = [...(allowed.get(part) ?? [])].sort().join(' ')
    if (names) alike.set(names, [...(alike.get(names) ?? []), `~${keys[i]}`])
  }
  return [...alike].map(([names, patterns]) => `(${[...commands(names), ...patterns].join(' ')})`)
}
