// What ends, extends or gives back a delivery can be refused: the letters of the scripts in words.
import { LostMessage, MessageNotInFlight, ReceiptExpired, VisibilityTooLong } from './errors.ts'

interface Refused {
  id: string
  deliveries: number
  receipt: string
}

const REFUSALS: Record<string, (message: Refused) => Error> = {
  l: ({ id, deliveries }) =>
    new LostMessage(`message ${id} is no longer in this delivery (number ${deliveries}): its receipt changes nothing`),
  n: ({ id }) => new MessageNotInFlight(`message ${id} is not in flight any more: its visibility cannot be changed`),
  x: ({ id }) => new ReceiptExpired(`the deadline of message ${id} has passed, and its group may have gone on`),
  t: ({ id }) => new VisibilityTooLong(`message ${id} would be hidden for more than 12 h since it was received`),
}

/** The error for a letter that refuses, with the receipt; nothing for one that does not. */
export function refusal(outcome: string, message: Refused): Error | undefined {
  const refuse = REFUSALS[outcome]
  return refuse && Object.assign(refuse(message), { receipt: message.receipt })
}
