// Attributes as they are stored: each a field of text at the queue's home, its default where there is none.

/** The attributes as they are stored: milliseconds, counts and bytes. */
export interface Stored {
  visibility: number
  delay: number
  maxMessageSize: number
  retention: number
  wait: number
  /** The name of the dead-letter queue; '' where dead letters stay with the queue. */
  deadLetterQueue: string
  maxReceives: number
  /** Whose dead letters the queue takes: those of 'all', of 'none', or of these queues. */
  redriveAllow: 'all' | 'none' | string[]
  /** JSON; '' for none. */
  policy: string
  /** '' for none. */
  kmsMasterKeyId: string
  kmsDataKeyReusePeriod: number
  sqsManagedSse: boolean
  fifo: boolean
  contentBasedDeduplication: boolean
  deduplicationScope: 'queue' | 'messageGroup'
  fifoThroughputLimit: 'perQueue' | 'perMessageGroupId'
  noisyInFlight: number
  /** Per mille. */
  noisyShare: number
  maxInFlight: number
  resultTtl: number
  idempotencyWindow: number
}

/** Attributes to be written; null for those that go back to their default. */
export type Changes = { [Name in keyof Stored]?: Stored[Name] | null }

interface Field<Value> {
  usual: Value
  text(value: Value): string
  value(text: string): Value
}

const count = (usual: number): Field<number> => ({ usual, text: String, value: Number })
const flag = (usual: boolean): Field<boolean> => ({
  usual,
  text: (value) => (value ? '1' : '0'),
  value: (text) => text === '1',
})
const word = <Word extends string>(usual: Word): Field<Word> => ({ usual, text: String, value: (text) => text as Word })
const free: Field<string> = { usual: '', text: encoded, value: decodeURIComponent }
const LIST = 'queues:'
const allowed: Field<Stored['redriveAllow']> = {
  usual: 'all',
  text: (value) => (typeof value === 'string' ? value : LIST + value.join(',')),
  value: (text) => (text.startsWith(LIST) ? text.slice(LIST.length).split(',') : (text as 'all' | 'none')),
}

const FIELDS: { [Name in keyof Stored]: Field<Stored[Name]> } = {
  visibility: count(30_000),
  delay: count(0),
  maxMessageSize: count(1024 * 1024),
  retention: count(4 * 86_400_000),
  wait: count(0),
  deadLetterQueue: word(''),
  maxReceives: count(5),
  redriveAllow: allowed,
  policy: free,
  kmsMasterKeyId: free,
  kmsDataKeyReusePeriod: count(300_000),
  sqsManagedSse: flag(true),
  fifo: flag(false),
  contentBasedDeduplication: flag(false),
  deduplicationScope: word<'queue' | 'messageGroup'>('queue'),
  fifoThroughputLimit: word<'perQueue' | 'perMessageGroupId'>('perQueue'),
  noisyInFlight: count(30),
  noisyShare: count(100),
  maxInFlight: count(120_000),
  resultTtl: count(3_600_000),
  idempotencyWindow: count(86_400_000),
}

const NAMES = Object.keys(FIELDS) as (keyof Stored)[]

export const DEFAULTS = Object.fromEntries(NAMES.map((name) => [name, FIELDS[name].usual])) as unknown as Stored

/** What a field must not hold as it is: a space separates fields, '-' removes one, '@' is the time. */
export function encoded(text: string): string {
  return text === '-' ? '%2D' : encodeURIComponent(text)
}

/** 'name value name value', as the scripts take it. A value of '-' removes the field. */
export function toFields(changes: Changes): string {
  const given = NAMES.filter((name) => changes[name] !== undefined)
  return given.map((name) => `${name} ${textOf(name, changes[name])}`).join(' ')
}

/** A value as it is stored; '-' for one that is not. */
export function textOf(name: keyof Stored, value: Changes[keyof Stored]): string {
  if (value === null || value === '') return '-'
  return (FIELDS[name] as Field<unknown>).text(value)
}

/** The attributes that fields of a home say, with the defaults of those that they do not. */
export function storedOf(fields: Record<string, string>): Stored {
  const stored: Record<string, unknown> = { ...DEFAULTS }
  for (const name of NAMES) {
    const text = fields[name]
    if (text !== undefined) stored[name] = FIELDS[name].value(text)
  }
  return stored as unknown as Stored
}

/** `stored` with changes made. */
export function changed(stored: Stored, changes: Changes): Stored {
  const made: Record<string, unknown> = { ...stored }
  for (const name of NAMES) {
    if (changes[name] !== undefined) made[name] = changes[name] ?? DEFAULTS[name]
  }
  return made as unknown as Stored
}

/** Of a home's fields what its owners have said: attributes, tags and whether it is paused. */
export function keptFields(fields: Record<string, string>): string {
  const said = Object.entries(fields).filter(([name]) => name in FIELDS || name === 'paused' || name.startsWith('tag:'))
  return said.map((pair) => pair.join(' ')).join(' ')
}

/** Those of `changes` by which the stored fields would be others. */
export function differing(fields: Record<string, string>, changes: Changes): (keyof Stored)[] {
  const given = NAMES.filter((name) => changes[name] !== undefined)
  return given.filter((name) => textOf(name, changes[name]) !== (fields[name] ?? '-'))
}

/** The first of `changes` that is neither the stored value nor, where none is stored, the default. */
export function unlike(fields: Record<string, string>, changes: Changes): keyof Stored | undefined {
  return differing(fields, changes).find((name) => {
    const usual = textOf(name, DEFAULTS[name])
    return textOf(name, changes[name] ?? DEFAULTS[name]) !== (fields[name] ?? usual)
  })
}

/** What scripts need to know: the fields that each of a queue's partitions holds. */
export function partitionFields(stored: Stored, partitions: number): string {
  const held = HELD.filter((name) => stored[name] !== '' && stored[name] !== false)
  const gone = HELD.filter((name) => !held.includes(name))
  const texts = held.map((name) => `${name} ${(FIELDS[name] as Field<unknown>).text(stored[name])}`)
  const share = Math.ceil(stored.maxInFlight / partitions)
  return [...texts, ...gone.map((name) => `${name} -`), `maxInFlight ${share}`].join(' ')
}

const HELD = [
  'visibility',
  'delay',
  'maxMessageSize',
  'retention',
  'deadLetterQueue',
  'maxReceives',
  'fifo',
  'contentBasedDeduplication',
  'deduplicationScope',
  'noisyInFlight',
  'noisyShare',
  'resultTtl',
  'idempotencyWindow',
] as const
