// A receipt as text, for whoever must end a delivery and has no more of it than this: another process, a caller over
// HTTP. Its first letter is the version of what follows it.
import { InvalidName } from './errors.ts'
import { groupHash } from './key.ts'
import { MAX_PARTITIONS } from './limits.ts'

/** What a receipt says: where the message is, and which delivery of it is meant. */
export interface ReceiptParts {
  /** Number of the partition where it was received. */
  place: number
  /** Digest of the partition's name: a receipt is of one queue. */
  queue: string
  /** The id as it is stored. */
  short: string
  deliveries: number
  /** ms on Redis's clock. */
  receivedAt: number
  /** Digest of the idempotency key. */
  key?: string | undefined
  /** Of a message with a group: the group, and on FIFO queues the sequence number as 16 digits. */
  group?: string | undefined
  sequence?: string | undefined
}

const VERSION = 'A'
const PARTS =
  /^(0|[1-9]\d{0,3}) ([0-9a-z]{1,7}) ([\w-]{20}) ([1-9]\d{0,14}) ([1-9]\d{0,14}) ([0-9a-f]{6}[\w-]{16})?(?: ([!-~]{1,128})(?: (\d{16}))?)?$/

export function writeReceipt(parts: ReceiptParts): string {
  const { place, queue, short, deliveries, receivedAt, key = '', group, sequence } = parts
  const text = [place, queue, short, deliveries, receivedAt, key, group, sequence].filter((part) => part !== undefined)
  return VERSION + Buffer.from(text.join(' '), 'latin1').toString('base64url')
}

/** The parts of a receipt; throws InvalidName where it is not exactly what `writeReceipt` would make of them. */
export function readReceipt(receipt: unknown): ReceiptParts {
  const text = typeof receipt === 'string' ? receipt : ''
  const bytes = Buffer.from(text.slice(1), 'base64url')
  // Other characters can stand for the same bytes.
  const found = text === VERSION + bytes.toString('base64url') && PARTS.exec(bytes.toString('latin1'))
  if (found) {
    const [place, queue, short, deliveries, receivedAt, key, group, sequence] = found.slice(1) as [
      string,
      string,
      string,
      ...string[],
    ]
    const parts: ReceiptParts = {
      place: Number(place),
      queue,
      short,
      deliveries: Number(deliveries),
      receivedAt: Number(receivedAt),
      key,
      group,
      sequence,
    }
    if (parts.place < MAX_PARTITIONS) return parts
  }
  throw invalidReceipt(receipt, 'the receipt is not one that a received message has')
}

export function invalidReceipt(receipt: unknown, message: string): InvalidName {
  const sqs = {
    shape: 'ReceiptHandleIsInvalid',
    message: `The input receipt handle "${String(receipt)}" is not a valid receipt handle.`,
  }
  return new InvalidName(message, { sqs })
}

/** What a receipt says of the partition that it is of. */
export const digestOf = (tag: string) => groupHash(tag).toString(36)
