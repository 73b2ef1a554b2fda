// What became of a send, in its sender's words.
import type { Content } from './content.ts'
import { IdempotencyMismatch } from './errors.ts'
import { lengthen } from './id.ts'
import type { Outgoing, Stored } from './redis/deliveries.ts'
import type { Sent } from './sender.ts'

export function answer(content: Content, message: Outgoing, stored: Stored): Sent | Error {
  const sent = answered(content, message, stored)
  if (stored.sequence && !(sent instanceof Error)) sent.sequenceNumber = String(stored.sequence).padStart(20, '0')
  return sent
}

function answered(content: Content, { uuid }: Outgoing, { outcome, first, result }: Stored): Sent | Error {
  const id = first ? lengthen(first) : ''
  switch (outcome) {
    case 'e':
    case 'p':
      return { id, duplicate: true }
    case 'r':
      return { id, duplicate: true, result: content.decodeResult(result as Buffer) }
    case 'm':
      return { duplicate: true }
    case 'x':
      return new IdempotencyMismatch(
        `the idempotency key of message ${uuid} was used for another payload, by message ${id}`,
      )
    default:
      return { id: uuid }
  }
}
