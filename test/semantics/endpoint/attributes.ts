// Options of queues as SQS's attributes, and attributes of SQS as the library describes a queue.
import { milliseconds } from '../../../lib/duration.ts'
import { type Attributes, type Description, type QueueOptions, sqs } from '../../../lib/index.ts'

type Given = Record<string, unknown>
type Writer = (value: never, arnOf: (name: string) => string) => string | undefined

const seconds: Writer = (value: unknown) => {
  const ms = milliseconds(value, 'duration')
  return ms % 1000 === 0 ? String(ms / 1000) : undefined
}
const arn = (name: string, arnOf: (name: string) => string) => (name.startsWith('arn:') ? name : arnOf(name))

const WRITERS: Record<string, Writer> = {
  visibility: seconds,
  delay: seconds,
  retention: seconds,
  wait: seconds,
  fifo: String,
  maxMessageSize: String,
  contentBasedDeduplication: String,
  deduplicationScope: String,
  fifoThroughputLimit: String,
  policy: (policy: string | null) => policy ?? '',
  deadLetter: (given: { queue?: string; maxReceives?: number } | null, arnOf) => {
    if (given === null) return ''
    const { queue, maxReceives = 5 } = given
    if (!queue) return undefined
    return JSON.stringify({ deadLetterTargetArn: arn(queue, arnOf), maxReceiveCount: maxReceives })
  },
  redriveAllow: (given: 'all' | 'none' | string[] | null, arnOf) => {
    if (given === null) return ''
    if (!Array.isArray(given)) return JSON.stringify({ redrivePermission: given === 'all' ? 'allowAll' : 'denyAll' })
    const sourceQueueArns = given.map((name) => arn(name, arnOf))
    return JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns })
  },
}

/** Attributes that say the same; undefined where SQS has no word for one of the options. */
export function written(options: object, arnOf: (name: string) => string): Record<string, string> | undefined {
  const attributes: Record<string, string> = {}
  for (const [name, value] of Object.entries(options)) {
    const text = WRITERS[name]?.(value as never, arnOf)
    if (text === undefined) return undefined
    attributes[sqs.sqsNameOf(name)] = text
  }
  return attributes
}

/** Those that only the library has, and the others. */
export function parted(
  options: QueueOptions<never> & Attributes,
  arnOf: (name: string) => string,
): [own: Given, sqs: Given] {
  const [own, other]: [Given, Given] = [{}, {}]
  for (const [name, value] of Object.entries(options)) {
    const here = written({ [name]: value }, arnOf) ? other : own
    here[name] = value
  }
  return [own, other]
}

/** What attributes of a queue say, as `queue.attributes()` does. */
export function described(shown: Record<string, string>): Partial<Description> {
  const { QueueArn, CreatedTimestamp, LastModifiedTimestamp, FifoQueue = 'false', ...rest } = shown
  const fifo = FifoQueue === 'true'
  const writable = Object.entries(rest).filter(([name]) => !name.startsWith('Approximate'))
  const {
    deadLetter,
    redriveAllow = 'all',
    encryption = {},
    ...plain
  } = sqs.parseAttributes(Object.fromEntries(writable), { fifo })
  return {
    ...(plain as Partial<Description>),
    fifo,
    arn: QueueArn as string,
    ...(deadLetter && { deadLetterQueue: nameOf(deadLetter.queue), maxReceives: deadLetter.maxReceives }),
    ...(!deadLetter && { deadLetterQueue: '' }),
    redriveAllow: Array.isArray(redriveAllow) ? redriveAllow.map(nameOf) : redriveAllow,
    policy: plain.policy ?? '',
    kmsMasterKeyId: encryption.kmsMasterKeyId ?? '',
    sqsManagedSse: encryption.sqsManaged ?? false,
  }
}

export const nameOf = (arn: string): string => arn.split(':').at(-1) as string
