// A message that an SDK received, with the faces of the library's.
import type { Message as Wire } from '@aws-sdk/client-sqs'
import { milliseconds } from '../../../lib/duration.ts'
import type { Duration, MessageAttributes, ReleaseOptions } from '../../../lib/index.ts'
import type { EndpointQueue } from './queue.ts'
import { asked } from './refusal.ts'

/** SQS has whole seconds: what a sentence wants shorter takes one. */
export const secondsOf = (duration: Duration): number => Math.ceil(milliseconds(duration, 'duration') / 1000)

/** What can be done by a receipt. */
export class EndpointDelivery {
  constructor(
    protected readonly queue: EndpointQueue,
    readonly receipt: string,
  ) {}

  async delete(): Promise<void> {
    await this.#ask(async ({ sdk, url }) => sdk.deleteMessage({ QueueUrl: url, ReceiptHandle: this.receipt }))
  }

  /** A result is the library's: sentences that give one to nobody may. */
  complete(_result?: unknown): Promise<void> {
    return this.delete()
  }

  async extend(visibility: Duration): Promise<void> {
    const VisibilityTimeout = secondsOf(visibility)
    await this.#ask(async ({ sdk, url }) =>
      sdk.changeMessageVisibility({ QueueUrl: url, ReceiptHandle: this.receipt, VisibilityTimeout }),
    )
  }

  /** SQS knows no other way to give a message back than to hide it for a while, or not at all. */
  async release(options: ReleaseOptions = {}): Promise<void> {
    if (options.counted === false) return (await this.queue.operator()).delivery(this.receipt).release(options)
    await this.extend(options.delay ?? 0)
  }

  async reject(reason: string): Promise<void> {
    await (await this.queue.operator()).delivery(this.receipt).reject(reason)
  }

  async #ask(call: (opened: Awaited<ReturnType<EndpointQueue['open']>>) => Promise<unknown>): Promise<void> {
    await asked(call(await this.queue.open()), { receipt: this.receipt })
  }
}

export class EndpointMessage extends EndpointDelivery {
  readonly id: string
  readonly body: unknown
  readonly deliveries: number
  /** Of these, all count for SQS. */
  readonly attempts: number
  readonly sentAt: Date
  readonly firstReceivedAt: Date
  readonly group: string | undefined
  readonly deduplicationId: string | undefined
  readonly sequenceNumber: string | undefined
  readonly trace: string | undefined
  readonly sender: string | undefined
  readonly deadLetterSource: string | undefined
  readonly attributes: MessageAttributes

  constructor(queue: EndpointQueue, { MessageId: id = '', ReceiptHandle = '', Body = '', ...wire }: Wire) {
    super(queue, ReceiptHandle)
    const system: Record<string, string> = wire.Attributes ?? {}
    const [count, sent, first] = ['ApproximateReceiveCount', 'SentTimestamp', 'ApproximateFirstReceiveTimestamp'].map(
      (name) => Number(system[name]),
    ) as [number, number, number]
    this.id = id
    this.body = queue.client.values.has(id) ? JSON.parse(Body) : Body
    this.deliveries = count
    this.attempts = count
    this.sentAt = new Date(sent)
    this.firstReceivedAt = new Date(first)
    this.group = system['MessageGroupId']
    this.deduplicationId = system['MessageDeduplicationId']
    this.sequenceNumber = system['SequenceNumber']
    this.trace = system['AWSTraceHeader']
    this.sender = system['SenderId']
    this.deadLetterSource = system['DeadLetterQueueSourceArn']?.split(':').at(-1)
    this.attributes = readAttributes(wire.MessageAttributes ?? {})
  }
}

function readAttributes(wire: NonNullable<Wire['MessageAttributes']>): MessageAttributes {
  const read = Object.entries(wire).map(([name, { DataType = '', StringValue, BinaryValue }]) => {
    return [name, { type: DataType, value: StringValue ?? Buffer.from(BinaryValue as Uint8Array) }]
  })
  return Object.fromEntries(read)
}
