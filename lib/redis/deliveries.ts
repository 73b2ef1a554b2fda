// What goes to a partition and what comes back, in the library's words.
import type { Level } from './level.ts'

/** A message to be stored. `payload` is kind (a capital when there is a key), key and body. */
export interface Outgoing {
  short: string
  uuid: string
  payload: Buffer
  /** ms; the queue's own delay where it is undefined. */
  delay: number | undefined
  /** Digest of the idempotency key, and of the payload. */
  key: string | undefined
  print: string | undefined
  group: string | undefined
  /** What a FIFO queue tells repeats by. */
  dedup: string | undefined
  /** The id was given, so it may be known already. */
  repeated: boolean
  /** It was sent before without an answer. */
  resent?: boolean
  /** Its caller was told that it may exist, by its id. */
  told?: boolean
  /** When its sender is answered; undefined for memory. */
  level?: Level | undefined
  /** Of the attributes by which it was checked; one that was sent long ago is not checked any more. */
  version?: number
}

/** How a call was routed that has a home of its own. */
export interface Routing {
  /** Of the map by which it was routed. */
  version: string
  /** It goes to a former home: what that knows nothing of has moved. */
  stay: boolean
}

/**
 * What became of a send: 'n' new, 's' it is here or was, 'p' key pending, 'r' recorded, 'm' marked, 'x' other payload,
 * 'e' deduplicated, 'v' moved: not stored, for its home is elsewhere.
 */
export interface Stored {
  outcome: string
  /** Of a FIFO queue. */
  sequence?: number
  /** The message that was first under this key. */
  first?: string
  result?: Buffer
}

/** What names one delivery. */
export interface Receipt {
  short: string
  deliveries: number
  /** ms on Redis's clock. */
  receivedAt: number
  group?: string | undefined
  /** Of a FIFO queue: 16 digits. */
  sequence?: string | undefined
}

/** A delivery whose work is done. */
export interface Done extends Receipt {
  /** Digest of the key that is done with the message. */
  key: string | undefined
  result: Buffer | undefined
  /** Messages for other queues, sent if the completion is accepted. */
  followUps?: FollowUp[] | undefined
}

/** A message for another queue. */
export interface FollowUp {
  queue: string
  message: Outgoing
}

export interface Delivered extends Done {
  attempts: number
  /** ms on Redis's clock; 0 when this is the first time. */
  firstReceivedAt: number
  fence: number
  visibility: number
  /** Its deadline had passed: whoever had it has died, or forgot it. */
  returned: boolean
  record: Buffer
}

export interface Request {
  max: number
  /** How many may be messages whose deadline has passed. */
  returning: number
  /** ms; the queue's own where it is undefined. */
  visibility: number | undefined
  /** ms for which the caller will wait to be woken; 0 not at all. */
  wait: number
  /** How many of one group; no limit where it is undefined. */
  each?: number | undefined
  /** What the caller calls this receive, so that its repeat gets the same messages. */
  attempt?: string | undefined
  /** Only the messages that this attempt has got already. */
  noted?: boolean
  /** The version by which it was asked: where there is a newer one it rejects with Outdated. */
  by?: string | undefined
}

export interface Batch {
  messages: Delivered[]
  /** ms until something falls due; -1 when messages came. */
  due: number
  /** Nothing came because as many are in flight as may be. */
  over: boolean
  /** Messages wait here to be forwarded to other queues, and nobody is at it. */
  outbox: boolean
}

export interface GivenBack extends Receipt {
  how: 'uncounted' | 'counted' | 'failed' | 'rejected'
  delay: number
  reason: string
}

/** Dead letters that are to go back: those of the ids (joined), else the oldest. */
export interface Redriving {
  ids: string
  limit?: number
  /** How many of the oldest to pass over. */
  skip?: number
  /** Leave those that have a key or a group. */
  apart?: boolean
  above?: number
}

export interface Letter {
  short: string
  letter: Buffer
}
