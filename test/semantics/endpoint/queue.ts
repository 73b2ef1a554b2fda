// A queue as a program has it that was written for SQS, with the faces of the library's. What SQS has no call for (pause,
// reject, dead letters that stay, partitions …) is done by a client of the library beside it: the operator.
import type { MessageAttributeValue, SendMessageRequest, SendMessageResult, SQS } from '@aws-sdk/client-sqs'
import { isFifo } from '../../../lib/attributes.ts'
import type {
  Attributes,
  AttributeValue,
  Description,
  Entry,
  Queue,
  QueueOptions,
  ReceiveOptions,
  SendOptions,
  Sent,
  Stats,
} from '../../../lib/index.ts'
import { described, parted, written } from './attributes.ts'
import type { EndpointClient } from './client.ts'
import { EndpointDelivery, EndpointMessage, secondsOf } from './message.ts'
import { asked, EndpointRefusal } from './refusal.ts'

const BATCH = 10
/** Options of a send that SQS does not have: whoever gives one is a program of the library. */
const OWN = ['id', 'idempotencyKey', 'sender']

export class EndpointQueue {
  #handle: Queue | undefined
  #opened: Promise<{ sdk: SQS; url: string }> | undefined

  constructor(
    readonly client: EndpointClient,
    readonly name: string,
    private readonly options: QueueOptions<never> = {},
    private readonly make = true,
  ) {}

  /** For those who look into Redis. */
  get backend(): Queue['backend'] {
    return this.#library.backend
  }

  get deadLetters(): Queue['deadLetters'] {
    return this.#library.deadLetters
  }

  /** The queue is there from then on. */
  open(): Promise<{ sdk: SQS; url: string }> {
    this.#opened ??= this.#open().catch((error) => {
      this.#opened = undefined
      throw error
    })
    return this.#opened
  }

  async operator(): Promise<Queue> {
    await this.open()
    return this.#library
  }

  async send(body: unknown, options: SendOptions = {}): Promise<Sent> {
    const { signal, ...rest } = options
    const { sdk, url: QueueUrl } = await this.open()
    signal?.throwIfAborted()
    if (OWN.some((option) => option in options)) return (await this.operator()).send(body, options)
    const call = sdk.sendMessage({ QueueUrl, ...entryOf(body, rest) }, signal && { abortSignal: signal })
    return this.#sent(body, await asked(call, { signal }))
  }

  async sendMany(entries: Iterable<Entry<unknown>>): Promise<(Sent | { error: Error })[]> {
    const { sdk, url: QueueUrl } = await this.open()
    const all = [...entries]
    const outcomes: (Sent | { error: Error })[] = []
    for (let from = 0; from < all.length; from += BATCH) {
      const some = all.slice(from, from + BATCH)
      const Entries = some.map(({ body, ...options }, i) => ({ Id: String(i), ...entryOf(body, options) }))
      const { Successful = [], Failed = [] } = await asked(sdk.sendMessageBatch({ QueueUrl, Entries }))
      for (const one of Successful) outcomes[from + Number(one.Id)] = this.#sent(some[Number(one.Id)]?.body, one)
      for (const { Id, Code = '', Message = '' } of Failed)
        outcomes[from + Number(Id)] = { error: new EndpointRefusal(Code, Message) }
    }
    return outcomes
  }

  /** More than ten as several calls, until one brings less. */
  async receive(options: ReceiveOptions = {}): Promise<EndpointMessage[]> {
    const { max = 1, ...rest } = options
    const messages: EndpointMessage[] = []
    for (let wait = rest.wait; ; wait = 0) {
      const wanted = Math.min(max - messages.length, BATCH)
      const some = await this.#receive({ ...rest, ...(wait !== undefined && { wait }), max: wanted })
      messages.push(...some)
      if (some.length < BATCH || messages.length === max) return messages
    }
  }

  delivery(receipt: string): EndpointDelivery {
    return new EndpointDelivery(this, receipt)
  }

  async stats(): Promise<Stats> {
    const { ApproximateNumberOfMessages, ...shown } = await this.#attributes()
    return {
      ...(await this.#library.stats()),
      ready: Number(ApproximateNumberOfMessages),
      delayed: Number(shown['ApproximateNumberOfMessagesDelayed']),
      inFlight: Number(shown['ApproximateNumberOfMessagesNotVisible']),
    }
  }

  async purge(): Promise<void> {
    const { sdk, url: QueueUrl } = await this.open()
    await asked(sdk.purgeQueue({ QueueUrl }))
  }

  async attributes(): Promise<Description> {
    const shown = await this.#attributes()
    return { ...(await this.#library.attributes()), ...described(shown) }
  }

  async configure(given: Attributes): Promise<void> {
    const [own, other] = parted(given, this.client.arnOf)
    const { sdk, url: QueueUrl } = await this.open()
    if (Object.keys(own).length > 0) await this.#library.configure(own as Attributes)
    const Attributes = written(other, this.client.arnOf) ?? {}
    if (Object.keys(other).length > 0) await asked(sdk.setQueueAttributes({ QueueUrl, Attributes }))
  }

  pause = async () => (await this.operator()).pause()
  resume = async () => (await this.operator()).resume()
  repartition = async (partitions: number) => (await this.operator()).repartition(partitions)
  peek = async (...options: Parameters<Queue['peek']>) => (await this.operator()).peek(...options)
  result = async (...of: Parameters<Queue['result']>) => (await this.operator()).result(...of)

  get #library(): Queue {
    return (this.#handle ??= this.client.library.queue(this.name))
  }

  async #open(): Promise<{ sdk: SQS; url: string }> {
    const { sdk, library, arnOf } = this.client
    const Attributes = { ...written(this.options, arnOf), ...(isFifo(this.name) && { FifoQueue: 'true' }) }
    if (!this.make) {
      const { QueueUrl = '' } = await asked(sdk.getQueueUrl({ QueueName: this.name }))
      return { sdk, url: QueueUrl }
    }
    // With an option that SQS does not have it is a queue of the library's, which SDKs use as any other.
    const own = written(this.options, arnOf) === undefined
    if (own) await library.queue(this.name, this.options).stats()
    const call = own ? sdk.getQueueUrl({ QueueName: this.name }) : sdk.createQueue({ QueueName: this.name, Attributes })
    const { QueueUrl = '' } = await asked(call)
    await this.#library.backend.open()
    return { sdk, url: QueueUrl }
  }

  async #receive({ max, wait, visibility, attributes, attemptId, signal }: ReceiveOptions): Promise<EndpointMessage[]> {
    const { sdk, url: QueueUrl } = await this.open()
    const call = sdk.receiveMessage(
      {
        QueueUrl,
        MaxNumberOfMessages: max,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: attributes ?? ['All'],
        ...(wait !== undefined && { WaitTimeSeconds: secondsOf(wait) }),
        ...(visibility !== undefined && { VisibilityTimeout: secondsOf(visibility) }),
        ...(attemptId !== undefined && { ReceiveRequestAttemptId: attemptId }),
      },
      signal && { abortSignal: signal },
    )
    const { Messages = [] } = await asked(call, { signal })
    return Messages.map((message) => new EndpointMessage(this, message))
  }

  async #attributes(): Promise<Record<string, string>> {
    const { sdk, url: QueueUrl } = await this.open()
    const { Attributes = {} } = await asked(sdk.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] }))
    return Attributes
  }

  /** SQS does not say that a send was a repeat; that its answer is an earlier one's, the sender sees. */
  #sent(body: unknown, { MessageId = '', SequenceNumber }: SendMessageResult): Sent {
    const { ids, values } = this.client
    const duplicate = ids.has(MessageId)
    ids.add(MessageId)
    if (typeof body !== 'string') values.add(MessageId)
    return {
      id: MessageId,
      ...(SequenceNumber !== undefined && { sequenceNumber: SequenceNumber }),
      ...(duplicate && { duplicate: true as const }),
    }
  }
}

/** Values are sent as programs do that have only text: as JSON. */
function entryOf(body: unknown, options: Omit<SendOptions, 'signal'>): Omit<SendMessageRequest, 'QueueUrl'> {
  const { delay, group, deduplicationId, attributes, trace, ...rest } = options
  const [beyond] = Object.keys(rest)
  if (beyond) throw new Error(`SQS has no \`${beyond}\` of a send: the sentence is not one that runs over it`)
  return {
    MessageBody: typeof body === 'string' ? body : JSON.stringify(body),
    ...(delay !== undefined && { DelaySeconds: secondsOf(delay) }),
    ...(group !== undefined && { MessageGroupId: group }),
    ...(deduplicationId !== undefined && { MessageDeduplicationId: deduplicationId }),
    ...(attributes !== undefined && { MessageAttributes: wireAttributes(attributes) }),
    ...(trace !== undefined && {
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: trace } },
    }),
  }
}

function wireAttributes(given: Record<string, AttributeValue>): Record<string, MessageAttributeValue> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, wireAttribute(value)]))
}

function wireAttribute(given: AttributeValue): MessageAttributeValue {
  if (given instanceof Uint8Array) return { DataType: 'Binary', BinaryValue: given }
  if (typeof given === 'number') return { DataType: 'Number', StringValue: String(given) }
  if (typeof given === 'string') return { DataType: 'String', StringValue: given }
  const { type, value } = given as { type: string; value: string | number | Uint8Array }
  if (value instanceof Uint8Array) return { DataType: type, BinaryValue: value }
  return { DataType: type, StringValue: String(value) }
}
