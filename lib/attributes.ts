// The attributes of a queue live in Redis, for all processes: what users call them, their ranges, and which queues have them.
import { queueNamed } from './arn.ts'
import type { Changes } from './attribute-fields.ts'
import { type Duration, milliseconds } from './duration.ts'
import { InvalidOption, WrongQueueType } from './errors.ts'
import { MAX_DELAY, MAX_VISIBILITY } from './limits.ts'
import { flag, known, whole } from './options.ts'

/** What a queue remembers; `queue.configure` changes it while the queue runs. */
export interface Attributes {
  /** How long a received message stays hidden. 0 to 12 h, 30 s unless set. */
  visibility?: Duration
  /** How long a new message waits before it can be received. 0 to 365 d, at most `retention`; 0 unless set. */
  delay?: Duration
  /** Bytes of an encoded body at the most: 1 KiB to 256 MiB, 1 MiB unless set. */
  maxMessageSize?: number
  /** Messages older than this are not delivered any more. 1 min to 365 d, 4 d unless set. */
  retention?: Duration
  /** How long a receive waits that does not say it itself. 0 to 20 s, 0 unless set. */
  wait?: Duration
  /**
   * When a message that comes back again and again is put aside: after `maxReceives` attempts, 1 to 1000, 5 unless set; and where to:
   * `queue`, by its name or ARN. Unless set, dead letters stay with the queue. null removes both, `queue: null` the one.
   */
  deadLetter?: { queue?: string | null; maxReceives?: number } | null
  /** Whose dead letters this queue takes: those of 'all', of 'none', or of up to 10 queues by name or ARN. 'all' unless set. */
  redriveAllow?: 'all' | 'none' | string[] | null
  /** An access policy as JSON text, at most 8192 bytes: kept and shown, without effect. null removes it. */
  policy?: string | null
  /** Settings of SQS's encryption at rest: kept and shown, without effect. */
  encryption?: { kmsMasterKeyId?: string | null; kmsDataKeyReusePeriod?: Duration; sqsManaged?: boolean }
  /** Whether the queue is FIFO. Its name says it (`.fifo`): another value is refused. */
  fifo?: boolean
  /** FIFO queues: messages without a `deduplicationId` have one made of their content. */
  contentBasedDeduplication?: boolean
  /** FIFO queues: whether a deduplication id counts in the 'queue' (which then has 1 partition) or in each 'messageGroup'. 'queue' unless set. */
  deduplicationScope?: 'queue' | 'messageGroup'
  /** FIFO queues: kept and shown; 'perMessageGroupId' needs the scope 'messageGroup'. 'perQueue' unless set. */
  fifoThroughputLimit?: 'perQueue' | 'perMessageGroupId'
  /** Standard queues: a group is noisy with `inFlight` messages in flight (30) that are more than `share` (0.1) of all in flight. */
  noisy?: { inFlight?: number; share?: number }
  /** Messages in flight at the most: 1 to 10,000,000, 120,000 unless set. */
  maxInFlight?: number
  /** How long a result is kept. 0 to 365 d, 1 h unless set; 0 keeps none. */
  resultTtl?: Duration
  /** How long, at least, a completed key is remembered (at most twice that). 1 min to 365 d, 24 h unless set. */
  idempotencyWindow?: Duration
}

export const ATTRIBUTE_NAMES = [
  'visibility',
  'delay',
  'maxMessageSize',
  'retention',
  'wait',
  'deadLetter',
  'redriveAllow',
  'policy',
  'encryption',
  'fifo',
  'contentBasedDeduplication',
  'deduplicationScope',
  'fifoThroughputLimit',
  'noisy',
  'maxInFlight',
  'resultTtl',
  'idempotencyWindow',
] as const

/** Whose attributes they are. */
interface Owner {
  namespace: string
  queue: string
}

const FIFO_ONLY = ['contentBasedDeduplication', 'deduplicationScope', 'fifoThroughputLimit'] as const
const MAX_POLICY = 8192
const MAX_ALLOWED = 10

export const isFifo = (queue: string) => queue.endsWith('.fifo')

/** Check the attributes that are given and bring them to the stored form; a FIFO queue's say that it is one. */
export function toStored(given: Attributes, owner: Owner): Changes {
  ofItsType(given, owner.queue)
  const changes: Changes = isFifo(owner.queue) ? { fifo: true } : {}
  for (const name of ATTRIBUTE_NAMES) {
    if (given[name] !== undefined) Object.assign(changes, (READ[name] as Reader)(given[name], owner))
  }
  return changes
}

function ofItsType(given: Attributes, queue: string): void {
  const fifo = isFifo(queue)
  if (given.fifo !== undefined && flag(given.fifo, 'fifo') !== fifo) {
    throw new InvalidOption(`the name of a FIFO queue ends with '.fifo', and no other's does, got '${queue}'`)
  }
  const wrong = fifo ? (['noisy'] as const) : FIFO_ONLY
  const name = wrong.find((one) => given[one] !== undefined)
  if (name) throw new WrongQueueType(`only ${fifo ? 'standard' : 'FIFO'} queues have \`${name}\`, ${queue} is none`)
}

type Reader = (value: unknown, owner: Owner) => Changes

const READ: { [Name in keyof Attributes]-?: (value: NonNullable<Attributes[Name]>, owner: Owner) => Changes } = {
  visibility: (value) => ({ visibility: milliseconds(value, 'visibility', 0, MAX_VISIBILITY) }),
  delay: (value) => ({ delay: milliseconds(value, 'delay', 0, MAX_DELAY) }),
  maxMessageSize: (value) => ({ maxMessageSize: whole(value, 'maxMessageSize', 1024, 256 * 1024 * 1024) }),
  retention: (value) => ({ retention: milliseconds(value, 'retention', '1m') }),
  wait: (value) => ({ wait: milliseconds(value, 'wait', 0, '20s') }),
  deadLetter: readDeadLetter,
  redriveAllow: readRedriveAllow,
  policy: readPolicy,
  encryption: readEncryption,
  fifo: () => ({}),
  contentBasedDeduplication: (value) => ({ contentBasedDeduplication: flag(value, 'contentBasedDeduplication') }),
  deduplicationScope: (value) => ({
    deduplicationScope: oneOf(value, 'deduplicationScope', ['queue', 'messageGroup']),
  }),
  fifoThroughputLimit: (value) => ({
    fifoThroughputLimit: oneOf(value, 'fifoThroughputLimit', ['perQueue', 'perMessageGroupId']),
  }),
  noisy: readNoisy,
  maxInFlight: (value) => ({ maxInFlight: whole(value, 'maxInFlight', 1, 10_000_000) }),
  resultTtl: (value) => ({ resultTtl: milliseconds(value, 'resultTtl') }),
  idempotencyWindow: (value) => ({ idempotencyWindow: milliseconds(value, 'idempotencyWindow', '1m') }),
}

function readDeadLetter(value: Attributes['deadLetter'], { namespace, queue: own }: Owner): Changes {
  if (value === null || value === undefined) return { deadLetterQueue: null, maxReceives: null }
  known(value, ['queue', 'maxReceives'], '`deadLetter`')
  const { queue, maxReceives } = value
  const changes: Changes = {}
  if (queue === null || queue === '') changes.deadLetterQueue = null
  else if (queue !== undefined) changes.deadLetterQueue = queueNamed(queue, namespace)
  if (changes.deadLetterQueue === own) throw new InvalidOption('`deadLetter.queue` must be another queue')
  if (changes.deadLetterQueue && isFifo(changes.deadLetterQueue) !== isFifo(own)) {
    throw new WrongQueueType(
      `the dead-letter queue of a FIFO queue is a FIFO queue, of a standard queue a standard one, got '${queue}'`,
    )
  }
  if (maxReceives !== undefined) changes.maxReceives = whole(maxReceives, 'deadLetter.maxReceives', 1, 1000)
  return changes
}

function readRedriveAllow(value: Attributes['redriveAllow'], { namespace }: Owner): Changes {
  if (value === null || value === 'all' || value === 'none') return { redriveAllow: value }
  if (!Array.isArray(value) || value.length < 1 || value.length > MAX_ALLOWED) {
    throw new InvalidOption(`\`redriveAllow\` must be 'all', 'none' or 1 to ${MAX_ALLOWED} queues, got ${shown(value)}`)
  }
  const names = value.map((one) => queueNamed(one, namespace))
  return { redriveAllow: [...new Set(names)].sort() }
}

function readPolicy(value: Attributes['policy']): Changes {
  if (value === null || value === '') return { policy: null }
  if (typeof value !== 'string' || !isJson(value)) throw new InvalidOption('`policy` must be a text of valid JSON')
  const bytes = Buffer.byteLength(value)
  if (bytes > MAX_POLICY) throw new InvalidOption(`\`policy\` must have at most ${MAX_POLICY} bytes, got ${bytes}`)
  return { policy: value }
}

// A key turns SQS's own encryption off, as SQS does it; the other way round there is no key any more.
function readEncryption(value: NonNullable<Attributes['encryption']>): Changes {
  known(value, ['kmsMasterKeyId', 'kmsDataKeyReusePeriod', 'sqsManaged'], '`encryption`')
  const { kmsMasterKeyId: key, kmsDataKeyReusePeriod: period, sqsManaged } = value
  const changes: Changes = {}
  if (key === null || key === '') changes.kmsMasterKeyId = null
  else if (key !== undefined) Object.assign(changes, { kmsMasterKeyId: keyId(key), sqsManagedSse: false })
  if (period !== undefined)
    changes.kmsDataKeyReusePeriod = milliseconds(period, 'encryption.kmsDataKeyReusePeriod', '1m', '24h')
  if (sqsManaged === undefined) return changes
  changes.sqsManagedSse = flag(sqsManaged, 'encryption.sqsManaged')
  if (sqsManaged && changes.kmsMasterKeyId)
    throw new InvalidOption('`encryption` is by a KMS key or managed by SQS, not both')
  if (sqsManaged) changes.kmsMasterKeyId = null
  return changes
}

function readNoisy(value: NonNullable<Attributes['noisy']>): Changes {
  known(value, ['inFlight', 'share'], '`noisy`')
  const { inFlight, share } = value
  const changes: Changes = {}
  if (inFlight !== undefined) changes.noisyInFlight = whole(inFlight, 'noisy.inFlight', 1, 10_000_000)
  if (share === undefined) return changes
  if (typeof share !== 'number' || !(share >= 0.001 && share <= 1))
    throw new InvalidOption(`\`noisy.share\` must be between 0.001 and 1, got ${shown(share)}`)
  return { ...changes, noisyShare: Math.round(share * 1000) }
}

function oneOf<const Words extends readonly string[]>(value: unknown, name: string, words: Words): Words[number] {
  if (words.includes(value as Words[number])) return value as Words[number]
  throw new InvalidOption(`\`${name}\` must be ${words.map((one) => `'${one}'`).join(' or ')}, got ${shown(value)}`)
}

function keyId(value: unknown): string {
  if (typeof value === 'string' && value.length <= 2048 && value.isWellFormed()) return value
  throw new InvalidOption('`encryption.kmsMasterKeyId` must be a text of at most 2048 characters')
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return text.isWellFormed()
  } catch {
    return false
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : Array.isArray(value) ? `${value.length} of them` : String(value)
}
