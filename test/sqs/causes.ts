// What causes each error that was recorded on SQS: a call of the library, or a check that a face makes with `sqs`.
import { type Client, type Queue, sqs } from '../../lib/index.ts'
import { sends } from './sends.ts'
import { tables } from './tables.ts'

export interface Scene {
  client: Client
  queue: Queue
  /** Another client of the same namespace. */
  other: Client
}

export type Cause = (scene: Scene) => unknown

const standard = { fifo: false }
const ordered = { fifo: true }
const place = { region: 'us-east-1', namespace: 'team' }
const arn = sqs.arnOf(place, 'orders')
const permission = { arn, label: 'crossaccountpermission', accounts: ['111111111111'], actions: ['ReceiveMessage'] }
const entries = (...bodies: string[]) => bodies.map((MessageBody, i) => ({ Id: `e${i}`, MessageBody }))
const half = 'x'.repeat(524_288)

/** By code and message. `<...>` stands for what differs from call to call. */
export const causes: Record<string, Cause> = {
  'AWS.SimpleQueueService.BatchRequestTooLong: Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.':
    ({ queue }) => sqs.sendBatch(queue, entries(half, `${half}x`)),
  'AWS.SimpleQueueService.InvalidBatchEntryId: A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.':
    ({ queue }) => sqs.sendBatch(queue, [{ Id: 'a.b', MessageBody: 'x' }]),
  'AWS.SimpleQueueService.TooManyEntriesInBatchRequest: Maximum number of entries per request are 10. You have sent 20.':
    ({ queue }) => sqs.sendBatch(queue, entries(...'abcdefghijklmnopqrst')),
  'AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist.': removed,
  'AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist for this wsdl version.': removed,
  'InvalidAttributeName: Unknown Attribute ContentBasedDeduplication.': () =>
    sqs.parseAttributes({ ContentBasedDeduplication: 'true' }, standard),
  'InvalidAttributeName: Unknown Attribute FifoQueue.': () => sqs.parseAttributes({ FifoQueue: 'true' }, standard),
  'InvalidAttributeName: You can specify the DeduplicationScope only when FifoQueue is set to true.': () =>
    sqs.parseAttributes({ DeduplicationScope: 'messageGroup' }, standard),
  'InvalidAttributeName: You can specify the FifoThroughputLimit only when FifoQueue is set to true.': () =>
    sqs.parseAttributes({ FifoThroughputLimit: 'perQueue' }, standard),
  'InvalidAttributeValue: Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.':
    () => sqs.parseAttributes({ FifoQueue: 'false' }, ordered),
  "InvalidParameterValue: Value crossaccountpermission2 for parameter Label is invalid. Reason: can't find label.":
    () => sqs.removePermission(sqs.addPermission(undefined, permission), 'crossaccountpermission2'),
  'InvalidParameterValue: Value crossaccountpermission for parameter Label is invalid. Reason: Already exists.': () =>
    sqs.addPermission(sqs.addPermission(undefined, permission), permission),
  'InvalidParameterValue: Value -1 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.':
    () => sqs.parseReceive({ WaitTimeSeconds: -1 }),
  'InvalidParameterValue: Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.':
    () => sqs.parseReceive({ WaitTimeSeconds: '21' }),
  'InvalidParameterValue: Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.':
    () => sqs.parseReceive({ MaxNumberOfMessages: 11 }),
  'InvalidParameterValue: Value for parameter TaskHandle is invalid.': () => sqs.readTaskHandle('foobar'),
  'MissingParameter: The request must contain the parameter MessageBody.': () =>
    sqs.parseSend({ MessageBody: '' }, standard),
  ...sends,
  ...tables,
}

/** A queue that was removed while this client had it open. */
async function removed({ client, other }: Scene): Promise<unknown> {
  const name = `removed${Math.random().toString(36).slice(2)}`
  const queue = client.queue(name)
  await queue.send('x')
  await other.queues.remove(name)
  return queue.stats()
}
