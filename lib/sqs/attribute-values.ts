// How the text of each attribute is read, and what it may be.
import type { SqsAttributes } from './attributes.ts'
import { checkPolicy } from './policy.ts'
import { parseRedriveAllow, parseRedrivePolicy } from './redrive.ts'
import { refuse } from './shapes.ts'

export function wrongValue(name: string, reason?: string): never {
  refuse('InvalidAttributeValue', `Invalid value for the parameter ${name}.${reason ? ` Reason: ${reason}` : ''}`)
}

/** One attribute in the library's words. Its type has been checked: FIFO or standard. */
export function parseAttribute(name: string, text: string): SqsAttributes {
  const seconds = (min: number, max: number) => 1000 * whole(name, text, min, max)
  switch (name) {
    case 'VisibilityTimeout':
      return { visibility: seconds(0, 43_200) }
    case 'DelaySeconds':
      return { delay: seconds(0, 900) }
    case 'MaximumMessageSize':
      return { maxMessageSize: whole(name, text, 1024, 1_048_576) }
    case 'MessageRetentionPeriod':
      return { retention: seconds(60, 1_209_600) }
    case 'ReceiveMessageWaitTimeSeconds':
      return { wait: seconds(0, 20) }
    case 'RedrivePolicy':
      return { deadLetter: text === '' ? null : parseRedrivePolicy(text) }
    case 'RedriveAllowPolicy':
      return { redriveAllow: text === '' ? 'all' : parseRedriveAllow(text) }
    case 'Policy':
      return { policy: text === '' ? null : checkPolicy(text) }
    case 'KmsMasterKeyId':
      return { encryption: { kmsMasterKeyId: text === '' ? null : keyId(text) } }
    case 'KmsDataKeyReusePeriodSeconds':
      return { encryption: { kmsDataKeyReusePeriod: seconds(60, 86_400) } }
    case 'SqsManagedSseEnabled':
      return { encryption: { sqsManaged: flag(name, text) } }
    case 'ContentBasedDeduplication':
      return { contentBasedDeduplication: flag(name, text) }
    case 'DeduplicationScope':
      return { deduplicationScope: oneOf(name, text, ['queue', 'messageGroup']) }
    case 'FifoThroughputLimit':
      return { fifoThroughputLimit: oneOf(name, text, ['perQueue', 'perMessageGroupId']) }
    default:
      throw new TypeError(`${name} is not read`)
  }
}

function whole(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : -1
  return value >= min && value <= max ? value : wrongValue(name)
}

function flag(name: string, text: string): boolean {
  const lower = text.toLowerCase()
  return lower === 'true' || lower === 'false' ? lower === 'true' : wrongValue(name)
}

function oneOf<Value extends string>(name: string, text: string, values: readonly Value[]): Value {
  return values.find((value) => value === text) ?? wrongValue(name)
}

function keyId(text: string): string {
  return /^[\x21-\x7e]{1,2048}$/.test(text) ? text : wrongValue('KmsMasterKeyId')
}
