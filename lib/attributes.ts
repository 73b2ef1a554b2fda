// The attributes of a queue live in Redis, for all processes: what they are called, their ranges and their defaults.
import { type Duration, milliseconds } from './duration.ts'
import { MAX_DELAY, MAX_VISIBILITY } from './limits.ts'
import { known, whole } from './options.ts'

/** What a queue remembers; `queue.configure` changes it while the queue runs. */
export interface Attributes {
  /** How long a received message stays hidden. 0 to 12 h, 30 s unless set. */
  visibility?: Duration
  /** How long a new message waits before it can be received. 0 to 365 d, 0 unless set. */
  delay?: Duration
  /** When a message that comes back again and again is put aside: after `maxReceives` attempts, 1 to 1000, 5 unless set. */
  deadLetter?: { maxReceives?: number }
  /** Bytes of an encoded body at the most: 1 KiB to 256 MiB, 1 MiB unless set. */
  maxMessageSize?: number
  /** How long a result is kept. 0 to 365 d, 1 h unless set; 0 keeps none. */
  resultTtl?: Duration
  /** How long, at least, a completed key is remembered (at most twice that). 1 min to 365 d, 24 h unless set. */
  idempotencyWindow?: Duration
}

/** The attributes as they are stored: milliseconds, counts and bytes. */
export interface Stored {
  visibility: number
  delay: number
  maxReceives: number
  maxMessageSize: number
  resultTtl: number
  idempotencyWindow: number
}

export const DEFAULTS: Stored = {
  visibility: 30_000,
  delay: 0,
  maxReceives: 5,
  maxMessageSize: 1024 * 1024,
  resultTtl: 3_600_000,
  idempotencyWindow: 86_400_000,
}

export const ATTRIBUTE_NAMES = [
  'visibility',
  'delay',
  'deadLetter',
  'maxMessageSize',
  'resultTtl',
  'idempotencyWindow',
] as const

/** Check the attributes that are given and bring them to the stored form. */
export function toStored(given: Attributes): Partial<Stored> {
  const stored: Partial<Stored> = {}
  if (given.visibility !== undefined)
    stored.visibility = milliseconds(given.visibility, 'visibility', 0, MAX_VISIBILITY)
  if (given.delay !== undefined) stored.delay = milliseconds(given.delay, 'delay', 0, MAX_DELAY)
  if (given.deadLetter !== undefined) {
    known(given.deadLetter, ['maxReceives'], '`deadLetter`')
    const { maxReceives } = given.deadLetter
    if (maxReceives !== undefined) stored.maxReceives = whole(maxReceives, 'deadLetter.maxReceives', 1, 1000)
  }
  if (given.maxMessageSize !== undefined) {
    stored.maxMessageSize = whole(given.maxMessageSize, 'maxMessageSize', 1024, 256 * 1024 * 1024)
  }
  if (given.resultTtl !== undefined) stored.resultTtl = milliseconds(given.resultTtl, 'resultTtl')
  if (given.idempotencyWindow !== undefined) {
    stored.idempotencyWindow = milliseconds(given.idempotencyWindow, 'idempotencyWindow', '1m')
  }
  return stored
}

/** 'name value name value', as the scripts take it. */
export function toFields(stored: Partial<Stored> & { paused?: string }): string {
  return Object.entries(stored)
    .map(([name, value]) => `${name} ${value}`)
    .join(' ')
}
