// A message as the thread of an isolated handler has it: what it says, and no way to end it.
import { NotInThread } from '../../lib/errors.ts'
import type { Message } from '../../lib/message.ts'

const SAID = [
  'id',
  'body',
  'attributes',
  'group',
  'attempts',
  'deliveries',
  'fence',
  'sentAt',
  'firstReceivedAt',
  'sequenceNumber',
  'deduplicationId',
  'trace',
  'sender',
  'receipt',
  'deadLetter',
  'deadLetterSource',
] as const satisfies readonly (keyof Message)[]

/** What the handler of a worker with `isolate` is given: all that a message tells, without what changes it. */
export type IsolatedMessage<Body = unknown> = Pick<Message<Body>, (typeof SAID)[number]>

const ENDS = ['complete', 'delete', 'extend', 'release', 'reject'] as const satisfies readonly (keyof Message)[]
const INSTEAD = 'return a result or a Complete, throw, or use `queue.delivery(message.receipt)` of a client of your own'

/** Plain data, to be sent to a thread. */
export function said(message: Message): IsolatedMessage {
  return Object.fromEntries(SAID.map((name) => [name, message[name]])) as unknown as IsolatedMessage
}

const refusing = Object.fromEntries(ENDS.map((name) => [name, refuse(name)]))

/** In the thread. */
export function received(message: IsolatedMessage): IsolatedMessage {
  return Object.assign(Object.create(refusing), message)
}

function refuse(name: string) {
  return async () => {
    throw new NotInThread(`an isolated handler cannot call message.${name}: ${INSTEAD}`)
  }
}
