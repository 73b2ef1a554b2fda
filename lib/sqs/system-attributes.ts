// Attributes that the queue gives to a message, by the names of SQS.
import { arnOf, type Place } from './arn.ts'
import { ATTRIBUTE_NAMES } from './attributes.ts'
import { refuse } from './shapes.ts'

/** What of a received message they are made of. */
export interface Received {
  sentAt: Date
  deliveries: number
  firstReceivedAt: Date
  group?: string | undefined
  /** 20 digits. */
  sequenceNumber?: string | undefined
  deduplicationId?: string | undefined
  sender?: string | undefined
  trace?: string | undefined
  /** Name of the queue from which it came here as a dead letter. */
  deadLetterSource?: string | undefined
}

const ms = (date: Date) => String(date.getTime())

const TABLE: Record<string, (message: Received, place: Place) => string | undefined> = {
  // Of a sender that is not named it is known that it may act for the account.
  SenderId: ({ sender }, { namespace }) => sender ?? namespace,
  SentTimestamp: ({ sentAt }) => ms(sentAt),
  ApproximateReceiveCount: ({ deliveries }) => String(deliveries),
  ApproximateFirstReceiveTimestamp: ({ firstReceivedAt }) => ms(firstReceivedAt),
  SequenceNumber: ({ sequenceNumber }) => sequenceNumber,
  MessageDeduplicationId: ({ deduplicationId }) => deduplicationId,
  MessageGroupId: ({ group }) => group,
  AWSTraceHeader: ({ trace }) => trace,
  DeadLetterQueueSourceArn: ({ deadLetterSource }, place) => deadLetterSource && arnOf(place, deadLetterSource),
}

/** Those of a message that are asked for: `All`, or names; what it does not have is left out. */
export function systemAttributes(message: Received, asked: readonly string[], place: Place): Record<string, string> {
  const shown: Record<string, string> = {}
  if (asked.length === 0) return shown
  const all = asked.includes('All')
  for (const [name, tell] of Object.entries(TABLE)) {
    if (!all && !asked.includes(name)) continue
    const text = tell(message, place)
    if (text !== undefined) shown[name] = text
  }
  return shown
}

/** The names that a receive asks for. Those of queues' attributes are taken and give nothing: old clients ask for them. */
export function receiveNames(call: { AttributeNames?: string[]; MessageSystemAttributeNames?: string[] }): string[] {
  const asked = [...(call.AttributeNames ?? []), ...(call.MessageSystemAttributeNames ?? [])]
  for (const name of asked) {
    if (name === 'All' || Object.hasOwn(TABLE, name) || ATTRIBUTE_NAMES.includes(name)) continue
    refuse('InvalidAttributeName', `Unknown Attribute ${name}.`)
  }
  return asked
}
