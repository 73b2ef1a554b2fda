// What causes each error that was recorded on SQS: calls of actions, the last of which fails.
import { sqs } from '../../lib/index.ts'

/** One who calls actions, directly or over a protocol. */
export interface Asking {
  // biome-ignore lint/suspicious/noExplicitAny: what an action answers
  ask(action: string, input: object): Promise<any>
  /** A new queue: its URL. */
  queue(attributes?: Record<string, string>): Promise<string>
  fifo(attributes?: Record<string, string>): Promise<string>
  /** Somebody else removes the queue. */
  remove(url: string): Promise<unknown>
  /** Of a queue by its URL or name. */
  arn(queue: string): string
}

export type Cause = (here: Asking) => Promise<unknown>

const nameOf = (url: string) => url.slice(url.lastIndexOf('/') + 1)

const inOrder = { MessageGroupId: 'g', MessageDeduplicationId: '1' }
const half = 'x'.repeat(524_288)
const empty = { StringValue: '', DataType: 'String' }
const permission = { Label: 'crossaccountpermission', AWSAccountIds: ['111111111111'], Actions: ['ReceiveMessage'] }
const send = async (here: Asking, message: object) =>
  here.ask('SendMessage', { QueueUrl: await here.queue(), MessageBody: 'x', ...message })
const sendInOrder = async (here: Asking, message: object) =>
  here.ask('SendMessage', { QueueUrl: await here.fifo(), MessageBody: 'x', ...message })
const sendBatch = async (here: Asking, ...Entries: object[]) =>
  here.ask('SendMessageBatch', { QueueUrl: await here.queue(), Entries })
const receive = async (here: Asking, call: object) =>
  here.ask('ReceiveMessage', { QueueUrl: await here.queue(), ...call })
const set = async (here: Asking, QueueUrl: string, Attributes: object) =>
  here.ask('SetQueueAttributes', { QueueUrl, Attributes })
const entries = (...bodies: string[]) => bodies.map((MessageBody, i) => ({ Id: `e${i}`, MessageBody }))

const many =
  'AWS.SimpleQueueService.TooManyEntriesInBatchRequest: Maximum number of entries per request are 10. You have sent 20.'
const long =
  'AWS.SimpleQueueService.BatchRequestTooLong: Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.'
const tooLong = 'InvalidParameterValue: One or more parameters are invalid. Reason: Message must be shorter than'
const exists = 'QueueAlreadyExists: A queue already exists with the same name and a different value for attribute'
const onlyFifo = (name: string) =>
  `InvalidAttributeName: You can specify the ${name} only when FifoQueue is set to true.`
const between = (value: number, parameter: string, range: string) =>
  `InvalidParameterValue: Value ${value} for parameter ${parameter} is invalid. Reason: Must be ${range}, if provided.`
const label = (name: string, reason: string) =>
  `InvalidParameterValue: Value ${name} for parameter Label is invalid. Reason: ${reason}`
const absent = (parameter: string) =>
  `ResourceNotFoundException: The resource that you specified for the ${parameter} parameter doesn't exist.`

/** By code and message. `<...>` stands for what differs from call to call. */
export const causes: Record<string, Cause> = {
  [long]: (here) => sendBatch(here, ...entries(half, `${half}x`)),
  [many]: (here) => sendBatch(here, ...entries(...'abcdefghijklmnopqrst')),
  'AWS.SimpleQueueService.InvalidBatchEntryId: A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.':
    (here) => sendBatch(here, { Id: 'a.b', MessageBody: 'x' }),
  'AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist.': gone,
  'AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist for this wsdl version.': gone,
  'AWS.SimpleQueueService.PurgeQueueInProgress: Only one PurgeQueue operation on <queue-name> is allowed every 60 seconds.':
    async (here) => {
      const QueueUrl = await here.queue()
      for (let i = 0; i < 2; i++) await here.ask('PurgeQueue', { QueueUrl })
    },
  'InvalidAttributeName: Unknown Attribute ContentBasedDeduplication.': async (here) =>
    set(here, await here.queue(), { ContentBasedDeduplication: 'true' }),
  'InvalidAttributeName: Unknown Attribute FifoQueue.': async (here) =>
    set(here, await here.queue(), { FifoQueue: 'true' }),
  [onlyFifo('DeduplicationScope')]: async (here) =>
    set(here, await here.queue(), { DeduplicationScope: 'messageGroup' }),
  [onlyFifo('FifoThroughputLimit')]: async (here) => set(here, await here.queue(), { FifoThroughputLimit: 'perQueue' }),
  'InvalidAttributeValue: Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.':
    async (here) => set(here, await here.fifo(), { FifoQueue: 'false' }),
  "InvalidParameterValue: Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'.": (
    here,
  ) => send(here, { MessageAttributes: { ErrorDetails: empty } }),
  [label('crossaccountpermission2', "can't find label.")]: async (here) => {
    const QueueUrl = await permitted(here)
    await here.ask('RemovePermission', { QueueUrl, Label: 'crossaccountpermission2' })
  },
  [label('crossaccountpermission', 'Already exists.')]: async (here) =>
    here.ask('AddPermission', { QueueUrl: await permitted(here), ...permission }),
  [`${tooLong} 1024 bytes.`]: async (here) =>
    send(here, { QueueUrl: await here.queue({ MaximumMessageSize: '1024' }), MessageBody: 'x'.repeat(1025) }),
  // One byte too many: the attribute has 8, its name, type and value.
  [`${tooLong} 1048576 bytes.`]: (here) =>
    send(here, {
      MessageBody: 'x'.repeat(1_048_569),
      MessageAttributes: { a: { StringValue: 'b', DataType: 'String' } },
    }),
  [`${exists} DelaySeconds`]: async (here) => {
    const QueueName = nameOf(await here.queue({ DelaySeconds: '1' }))
    await here.ask('CreateQueue', { QueueName, Attributes: { DelaySeconds: '2' } })
  },
  [`${exists} ContentBasedDeduplication`]: async (here) => {
    const QueueName = nameOf(await here.fifo({ ContentBasedDeduplication: 'true' }))
    const Attributes = { FifoQueue: 'true', ContentBasedDeduplication: 'false' }
    await here.ask('CreateQueue', { QueueName, Attributes })
  },
  'InvalidParameterValue: The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly':
    (here) => sendInOrder(here, { MessageGroupId: 'g' }),
  'MissingParameter: The request must contain the parameter MessageGroupId.': (here) =>
    sendInOrder(here, { MessageDeduplicationId: '1' }),
  'InvalidParameterValue: The request must contain the parameter MessageGroupId.': async (here) =>
    here.ask('SendMessageBatch', {
      QueueUrl: await here.fifo(),
      Entries: [
        { Id: 'a', MessageBody: 'x', ...inOrder },
        { Id: 'b', MessageBody: 'x', MessageDeduplicationId: '2' },
      ],
    }),
  'InvalidParameterValue: Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.':
    (here) => sendInOrder(here, { ...inOrder, DelaySeconds: 2 }),
  'InvalidParameterValue: Value <receipt-handle:1> for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.':
    async (here) => {
      const QueueUrl = await here.fifo()
      await here.ask('SendMessage', { QueueUrl, MessageBody: 'x', ...inOrder })
      const { Messages } = await here.ask('ReceiveMessage', { QueueUrl, VisibilityTimeout: 0 })
      await here.ask('DeleteMessage', { QueueUrl, ReceiptHandle: Messages[0].ReceiptHandle })
    },
  ...wrongIds('MessageGroupId'),
  ...wrongIds('MessageDeduplicationId'),
  [between(-1, 'WaitTimeSeconds', '>= 0 and <= 20')]: (here) => receive(here, { WaitTimeSeconds: -1 }),
  [between(21, 'WaitTimeSeconds', '>= 0 and <= 20')]: (here) => receive(here, { WaitTimeSeconds: 21 }),
  [between(11, 'MaxNumberOfMessages', 'between 1 and 10')]: (here) => receive(here, { MaxNumberOfMessages: 11 }),
  'MissingParameter: The request must contain the parameter MessageBody.': (here) => send(here, { MessageBody: '' }),
  'InvalidParameterValue: Value for parameter TaskHandle is invalid.': (here) =>
    here.ask('CancelMessageMoveTask', { TaskHandle: 'foobar' }),
  'InvalidParameterValue: Source queue must be configured as a Dead Letter Queue.': async (here) =>
    here.ask('StartMessageMoveTask', { SourceArn: here.arn(await here.queue()) }),
  'InvalidParameterValue: There is already a task running. Only one active task is allowed for a source queue arn at a given time.':
    async (here) => {
      const task = { SourceArn: await deadLetters(here, 3), MaxNumberOfMessagesPerSecond: 1 }
      for (let i = 0; i < 2; i++) await here.ask('StartMessageMoveTask', task)
    },
  'ResourceNotFoundException: Task does not exist.': async (here) => {
    const task = { taskId: '0b4f0c2c-9f0e-4a6e-8f0e-0d9a8f4f2b11', sourceArn: here.arn(await here.queue()) }
    await here.ask('CancelMessageMoveTask', { TaskHandle: sqs.writeTaskHandle(task) })
  },
  [absent('SourceArn')]: (here) => here.ask('StartMessageMoveTask', { SourceArn: here.arn('nowhere') }),
  [absent('DestinationArn')]: async (here) =>
    here.ask('StartMessageMoveTask', { SourceArn: await deadLetters(here, 0), DestinationArn: here.arn('nowhere') }),
}

async function gone(here: Asking): Promise<void> {
  const QueueUrl = await here.queue()
  await here.ask('SendMessage', { QueueUrl, MessageBody: 'x' })
  await here.remove(QueueUrl)
  await here.ask('SendMessage', { QueueUrl, MessageBody: 'x' })
}

function wrongIds(parameter: string): Record<string, Cause> {
  const rule = `${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`
  const cause =
    (value: string): Cause =>
    (here) =>
      sendInOrder(here, { ...inOrder, [parameter]: value })
  return Object.fromEntries(
    ['', 'a'.repeat(129), 'group 123'].map((value) => [
      `InvalidParameterValue: Value ${value} for parameter ${parameter} is invalid. Reason: ${rule}`,
      cause(value),
    ]),
  )
}

async function permitted(here: Asking): Promise<string> {
  const QueueUrl = await here.queue()
  await here.ask('AddPermission', { QueueUrl, ...permission })
  return QueueUrl
}

/** The ARN of a dead-letter queue that holds as many messages. */
async function deadLetters(here: Asking, count: number): Promise<string> {
  const deadLetterTargetArn = here.arn(await here.queue())
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 })
  const QueueUrl = await here.queue({ RedrivePolicy, VisibilityTimeout: '0' })
  for (let i = 0; i < count; i++) await here.ask('SendMessage', { QueueUrl, MessageBody: 'x' })
  for (let i = 0; i < 2; i++) await here.ask('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 })
  return deadLetterTargetArn
}
