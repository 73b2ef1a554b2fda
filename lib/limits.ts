/** Messages in one call to Redis at the most; bounds how long a script runs. */
export const BATCH = 500
/** Bytes of payload in one call at the most, unless it is a single message. */
export const BATCH_BYTES = 1024 * 1024
/** The longest that a message may be hidden at a time (SQS: 12 hours). */
export const MAX_VISIBILITY = '12h'
/** The longest delay of a send or a release. */
export const MAX_DELAY = '365d'
/** The longest that a call waits for Redis. */
export const MAX_TIMEOUT = '10m'
/** Partitions of a queue at the most: their number has 12 bits in a message id. */
export const MAX_PARTITIONS = 4096
/** Characters of a handler's error that are kept with the message; a longer one says how much is missing. */
export const MAX_REASON = 2000
/** An idle worker asks again after this long, so that its health is known. */
export const IDLE_WAIT = 60_000
