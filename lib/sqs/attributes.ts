// The attributes of a queue: for each name of SQS the one of the library, its range, and how its text is read and written.

import { type QueueFacts, READ_ONLY, WRITTEN } from './attribute-texts.ts'
import { parseAttribute, wrongValue } from './attribute-values.ts'
import type { DeadLetter, RedriveAllow } from './redrive.ts'
import { invalid, refuse } from './shapes.ts'

/** What `client.queues.create` and `queue.configure` take, as far as SQS has it; times in ms, `null` takes one away. */
export interface SqsAttributes {
  visibility?: number
  delay?: number
  maxMessageSize?: number
  retention?: number
  wait?: number
  deadLetter?: DeadLetter | null
  redriveAllow?: RedriveAllow
  policy?: string | null
  encryption?: { kmsMasterKeyId?: string | null; kmsDataKeyReusePeriod?: number; sqsManaged?: boolean }
  contentBasedDeduplication?: boolean
  deduplicationScope?: 'queue' | 'messageGroup'
  fifoThroughputLimit?: 'perQueue' | 'perMessageGroupId'
}

/** The names of SQS for what the library calls otherwise, in its options or where it stores them. */
const NAMES: Record<string, string> = {
  visibility: 'VisibilityTimeout',
  delay: 'DelaySeconds',
  maxMessageSize: 'MaximumMessageSize',
  retention: 'MessageRetentionPeriod',
  wait: 'ReceiveMessageWaitTimeSeconds',
  deadLetter: 'RedrivePolicy',
  deadLetterQueue: 'RedrivePolicy',
  maxReceives: 'RedrivePolicy',
  redriveAllow: 'RedriveAllowPolicy',
  policy: 'Policy',
  encryption: 'KmsMasterKeyId',
  kmsMasterKeyId: 'KmsMasterKeyId',
  kmsDataKeyReusePeriod: 'KmsDataKeyReusePeriodSeconds',
  sqsManaged: 'SqsManagedSseEnabled',
  sqsManagedSse: 'SqsManagedSseEnabled',
  fifo: 'FifoQueue',
  contentBasedDeduplication: 'ContentBasedDeduplication',
  deduplicationScope: 'DeduplicationScope',
  fifoThroughputLimit: 'FifoThroughputLimit',
}

/** What SQS calls an attribute of the library; what it does not have keeps its name. */
export function sqsNameOf(attribute: string): string {
  return NAMES[attribute] ?? NAMES[attribute.split('.').pop() as string] ?? attribute
}

const unknown = (name: string) => refuse('InvalidAttributeName', `Unknown Attribute ${name}.`)

/** Attributes as SQS gives them, in the library's words. */
export function parseAttributes(
  given: Readonly<Record<string, string>>,
  { fifo, creating = false }: { fifo: boolean; creating?: boolean },
): SqsAttributes {
  const parsed: SqsAttributes = {}
  for (const [name, text] of Object.entries(given)) {
    if (!(Object.hasOwn(WRITTEN, name) || name === 'FifoQueue')) unknown(name)
    if (typeof text !== 'string') wrongValue(name)
    if (name === 'FifoQueue') checkType(text, fifo, creating)
    else {
      if (!fifo) checkStandard(name)
      const one = parseAttribute(name, text)
      if (one.encryption) one.encryption = { ...parsed.encryption, ...one.encryption }
      Object.assign(parsed, one)
    }
  }
  checkTogether(parsed, given)
  return parsed
}

/** The name of a new queue: `.fifo` at its end says the same as the attribute FifoQueue. */
export function checkQueueName(name: unknown, given: Readonly<Record<string, string>> = {}): { fifo: boolean } {
  const fifo = String(given['FifoQueue']).toLowerCase() === 'true'
  const stem = typeof name === 'string' && name.length <= 80 ? name.replace(fifo ? /\.fifo$/ : '', '') : ''
  if (!/^[A-Za-z0-9_-]+$/.test(stem) || (fifo && stem === name)) {
    invalid(
      fifo
        ? 'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.'
        : 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    )
  }
  return { fifo }
}

/** The attributes that are asked for as SQS shows them: `All`, or names; those that are not set are left out. */
export function formatAttributes(facts: QueueFacts, asked: readonly string[]): Record<string, string> {
  const texts = { ...WRITTEN, ...READ_ONLY }
  for (const name of asked) if (name !== 'All' && !Object.hasOwn(texts, name)) unknown(name)
  const shown: Record<string, string> = {}
  for (const [name, format] of Object.entries(texts)) {
    if (!asked.includes('All') && !asked.includes(name)) continue
    const text = format(facts)
    if (text !== undefined) shown[name] = text
  }
  return shown
}

/** Every name that SQS has for attributes of queues. */
export const ATTRIBUTE_NAMES: readonly string[] = [...Object.keys(WRITTEN), ...Object.keys(READ_ONLY)]

function checkType(text: string, fifo: boolean, creating: boolean): void {
  const wanted = text.toLowerCase()
  if (wanted !== 'true' && wanted !== 'false') wrongValue('FifoQueue')
  if ((wanted === 'true') === fifo && (fifo || creating)) return
  if (!fifo) unknown('FifoQueue')
  refuse(
    'InvalidAttributeValue',
    'Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
  )
}

function checkStandard(name: string): void {
  if (name === 'ContentBasedDeduplication') unknown(name)
  if (name === 'DeduplicationScope' || name === 'FifoThroughputLimit') {
    refuse('InvalidAttributeName', `You can specify the ${name} only when FifoQueue is set to true.`)
  }
}

function checkTogether(parsed: SqsAttributes, given: Readonly<Record<string, string>>): void {
  if (parsed.encryption?.kmsMasterKeyId && 'KmsMasterKeyId' in given) {
    if (given['SqsManagedSseEnabled']?.toLowerCase() === 'true') {
      refuse(
        'InvalidAttributeName',
        'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
      )
    }
    parsed.encryption.sqsManaged = false
  }
  if (parsed.fifoThroughputLimit === 'perMessageGroupId' && parsed.deduplicationScope === 'queue') {
    wrongValue(
      'FifoThroughputLimit',
      'The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.',
    )
  }
}
