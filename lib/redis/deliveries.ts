// What goes to a partition and what comes back, in the library's words.

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
  /** The id may be known already: it was given, or sent before without an answer. */
  repeated: boolean
}

/** What became of a send: 'n' new, 's' it is here or was, 'p' key pending, 'r' recorded, 'm' marked, 'x' other payload. */
export interface Stored {
  outcome: string
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
}

/** A delivery whose work is done. */
export interface Done extends Receipt {
  /** Digest of the key that is done with the message. */
  key: string | undefined
  result: Buffer | undefined
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
}

export interface Batch {
  messages: Delivered[]
  /** ms until something falls due; -1 when messages came. */
  due: number
}

export interface GivenBack extends Receipt {
  how: 'uncounted' | 'counted' | 'failed' | 'rejected'
  delay: number
  reason: string
}
