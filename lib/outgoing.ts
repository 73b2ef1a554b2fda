// What a sender decides about a message before it travels: everything is checked here, or refused by a named error.
import type { Stored } from './attribute-fields.ts'
import { isFifo } from './attributes.ts'
import type { Content } from './content.ts'
import { milliseconds } from './duration.ts'
import { InvalidOption, MessageTooLarge, MissingDeduplicationId, MissingGroup, WrongQueueType } from './errors.ts'
import { keyDigest } from './key.ts'
import { MAX_DELAY } from './limits.ts'
import { checkAttributes, sizeOf } from './message-attributes.ts'
import { deduplicationId, groupName, label } from './options.ts'
import { type Envelope, keyed } from './record.ts'
import type { Outgoing } from './redis/deliveries.ts'
import type { SendOptions } from './sender.ts'

/** A message as its sender made it; where it goes is decided by whoever sends it. */
export type Written = Omit<Outgoing, 'short' | 'uuid' | 'repeated' | 'level' | 'version'>

/** Stands between a group and a deduplication id, which have only visible characters. */
const BETWEEN = '\x7f'

/** What `send` writes for a body. Before the queue is open its attributes are not known, and what they say is not checked. */
export function write(
  content: Content,
  queue: string,
  attributes: Stored | undefined,
  body: unknown,
  options: SendOptions,
): Written {
  const fifo = isFifo(queue)
  const group = options.group === undefined ? undefined : groupName(options.group)
  const delay = delayOf(options, fifo, attributes)
  const besides = options.attributes === undefined ? undefined : checkAttributes(options.attributes)
  const max = attributes?.maxMessageSize ?? Number.POSITIVE_INFINITY
  const bare = content.encode(body, max, besides ? sizeOf(besides) : 0)
  if (fifo && group === undefined) {
    throw new MissingGroup(`a message to FIFO queue ${queue} needs a \`group\`, whose order it keeps`)
  }
  const id = fifo ? dedupOf(options, content, bare, attributes) : undefined
  if (!fifo && options.deduplicationId !== undefined) {
    throw Object.assign(
      new WrongQueueType('only FIFO queues have a `deduplicationId`; use `idempotencyKey` here', {
        sqs: { message: notForType(options.deduplicationId, 'MessageDeduplicationId') },
      }),
      { option: 'deduplicationId', value: options.deduplicationId },
    )
  }
  const envelope: Envelope = {
    group,
    deduplicationId: id,
    attributes: besides,
    trace: options.trace === undefined ? undefined : label(options.trace, 'trace'),
    sender: options.sender === undefined ? undefined : label(options.sender, 'sender'),
  }
  const payload = Object.values(envelope).some((part) => part !== undefined) ? content.enveloped(bare, envelope) : bare
  const key = options.idempotencyKey === undefined ? undefined : keyDigest(options.idempotencyKey, group)
  return {
    payload: key ? keyed(payload, key) : payload,
    delay,
    key,
    print: key && content.print(bare, besides),
    group,
    dedup: id === undefined ? undefined : scoped(id, group, attributes),
  }
}

class DelayTooLong extends InvalidOption {}

/** Whether a message was refused by attributes of the queue: by others, which this process may not have heard of, it may be taken. */
export function isByAttributes(error: unknown): boolean {
  return error instanceof MessageTooLarge || error instanceof MissingDeduplicationId || error instanceof DelayTooLong
}

/** What was written by attributes that have changed since: it goes by the new ones, or is refused by a named error. */
export function writeAnew(content: Content, attributes: Stored, message: Outgoing): void {
  const { body, envelope } = content.parts(message.payload)
  content.checkSize(body, attributes.maxMessageSize, envelope.attributes ? sizeOf(envelope.attributes) : 0)
  if (message.delay !== undefined) checkDelay(message.delay, attributes)
  const id = envelope.deduplicationId
  if (id === undefined) return
  // Of an id like this one it does not matter who has made it.
  if (!attributes.contentBasedDeduplication && id === content.digest(body)) throw missingId()
  message.dedup = scoped(id, message.group, attributes)
}

function scoped(id: string, group: string | undefined, attributes: Stored | undefined): string {
  return attributes?.deduplicationScope === 'messageGroup' ? group + BETWEEN + id : id
}

/** Whether the options leave a message a body and who sends it, as most are; `id` and how to wait do not matter. */
export function isBodyAndSender(options: SendOptions): boolean {
  return (
    options.group === undefined &&
    options.idempotencyKey === undefined &&
    options.delay === undefined &&
    options.attributes === undefined &&
    options.deduplicationId === undefined &&
    options.trace === undefined
  )
}

function delayOf({ delay }: SendOptions, fifo: boolean, attributes: Stored | undefined): number | undefined {
  if (delay === undefined) return undefined
  const ms = milliseconds(delay, 'delay', 0, MAX_DELAY)
  if (fifo && ms > 0) {
    throw Object.assign(
      new WrongQueueType('a message of a FIFO queue has no `delay` of its own: the queue has one for all', {
        sqs: { message: notForType(String(ms / 1000), 'DelaySeconds') },
      }),
      { option: 'delay', value: delay },
    )
  }
  if (fifo) return undefined
  if (attributes) checkDelay(ms, attributes)
  return ms
}

function checkDelay(ms: number, { retention }: Stored): void {
  if (ms <= retention) return
  throw new DelayTooLong(
    `\`delay\` (${ms} ms) must not be longer than the queue's \`retention\` (${retention} ms): the message would be gone before it could be received`,
  )
}

/** The id given, or made of the content; as SQS does, of the body alone. */
function dedupOf(
  options: SendOptions,
  content: Content,
  body: Buffer,
  attributes: Stored | undefined,
): string | undefined {
  if (options.deduplicationId !== undefined) return deduplicationId(options.deduplicationId)
  if (attributes === undefined) return undefined
  if (attributes.contentBasedDeduplication) return content.digest(body)
  throw missingId()
}

function missingId(): MissingDeduplicationId {
  return new MissingDeduplicationId(
    'a message to a FIFO queue needs a `deduplicationId`, or the queue `contentBasedDeduplication`',
  )
}

function notForType(value: string, parameter: string): string {
  return `Value ${value} for parameter ${parameter} is invalid. Reason: The request include parameter that is not valid for this queue type.`
}
