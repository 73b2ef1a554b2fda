// A call of each action and what a client reads: all of the body in JSON, and in XML what stands in the action's result.
import { arnOf, urlOf } from './placeholders.ts'

/** What only earlier answers and the run tell. */
export interface Told {
  /** Of the last answer that had some. */
  receipts: string[]
  handle: string
  arn(queue: string): string
}

/** In their order. Without the last two: a void action. '' in XML: an empty result. */
export type Call = [action: string, input: (told: Told) => object, json?: object, xml?: string]

const orders = { QueueUrl: 'orders' }
const policy = (arn: string) => JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 1 })
const kind = { DataType: 'String', StringValue: 'x' }
const data = { DataType: 'Binary', BinaryValue: 'AP8=' }
const MD5 = {
  special: '8101d4f7f0fb92882191306cf11f9c35',
  attributes: 'a46e7cd0de33a2fd957166ebb8111998',
  x: '9dd4e461268c8034f5c8564e155c67a6',
}

const queueUrl = (name: string) => `<QueueUrl>${urlOf(name)}</QueueUrl>`
const attribute = (name: string, value: string) => `<Attribute><Name>${name}</Name><Value>${value}</Value></Attribute>`
const odd =
  'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF'
const noReceipt = {
  Id: 'b',
  SenderFault: true,
  Code: 'ReceiptHandleIsInvalid',
  Message: 'The input receipt handle "x" is not a valid receipt handle.',
}
const noReceiptXml =
  '<BatchResultErrorEntry><Id>b</Id><SenderFault>true</SenderFault><Code>ReceiptHandleIsInvalid</Code><Message>The input receipt handle &quot;x&quot; is not a valid receipt handle.</Message></BatchResultErrorEntry>'

const sentX = { MD5OfMessageBody: MD5.x, MessageId: '<id>' }
const sentXml = `<MD5OfMessageBody>${MD5.x}</MD5OfMessageBody><MessageId><id></MessageId>`

export const calls: Call[] = [
  ['CreateQueue', () => ({ QueueName: 'dead' }), { QueueUrl: urlOf('dead') }, queueUrl('dead')],
  [
    'CreateQueue',
    ({ arn }) => ({ QueueName: 'orders', Attributes: { RedrivePolicy: policy(arn('dead')) }, tags: { team: 'a & b' } }),
    { QueueUrl: urlOf('orders') },
    queueUrl('orders'),
  ],
  ['GetQueueUrl', () => ({ QueueName: 'orders' }), { QueueUrl: urlOf('orders') }, queueUrl('orders')],
  ['ListQueues', () => ({}), { QueueUrls: [urlOf('dead'), urlOf('orders')] }, queueUrl('dead') + queueUrl('orders')],
  [
    'ListQueues',
    () => ({ MaxResults: 1 }),
    { QueueUrls: [urlOf('dead')], NextToken: 'ZGVhZA' },
    `${queueUrl('dead')}<NextToken>ZGVhZA</NextToken>`,
  ],
  ['ListQueues', () => ({ QueueNamePrefix: 'none' }), {}, ''],
  ['ListDeadLetterSourceQueues', () => ({ QueueUrl: 'dead' }), { queueUrls: [urlOf('orders')] }, queueUrl('orders')],
  ['ListQueueTags', () => orders, { Tags: { team: 'a & b' } }, '<Tag><Key>team</Key><Value>a &amp; b</Value></Tag>'],
  ['TagQueue', () => ({ ...orders, Tags: { more: '' } })],
  ['UntagQueue', () => ({ ...orders, TagKeys: ['team', 'more'] })],
  ['ListQueueTags', () => orders, {}, ''],
  ['SetQueueAttributes', () => ({ ...orders, Attributes: { VisibilityTimeout: '60' } })],
  [
    'GetQueueAttributes',
    () => ({ ...orders, AttributeNames: ['VisibilityTimeout', 'ApproximateNumberOfMessages'] }),
    { Attributes: { VisibilityTimeout: '60', ApproximateNumberOfMessages: '0' } },
    attribute('VisibilityTimeout', '60') + attribute('ApproximateNumberOfMessages', '0'),
  ],
  ['GetQueueAttributes', () => orders, {}, ''],
  ['AddPermission', () => ({ ...orders, Label: 'one', AWSAccountIds: ['111111111111'], Actions: ['SendMessage'] })],
  ['RemovePermission', () => ({ ...orders, Label: 'one' })],
  ['ReceiveMessage', () => orders, {}, ''],
  [
    'SendMessage',
    () => ({ ...orders, MessageBody: '<a>&"\r', MessageAttributes: { kind, data } }),
    { MD5OfMessageBody: MD5.special, MD5OfMessageAttributes: MD5.attributes, MessageId: '<id>' },
    `<MD5OfMessageBody>${MD5.special}</MD5OfMessageBody><MD5OfMessageAttributes>${MD5.attributes}</MD5OfMessageAttributes><MessageId><id></MessageId>`,
  ],
  [
    'ReceiveMessage',
    () => ({ ...orders, MessageAttributeNames: ['All'], AttributeNames: ['All'] }),
    {
      Messages: [
        {
          MessageId: '<id>',
          ReceiptHandle: '<receipt>',
          MD5OfBody: MD5.special,
          Body: '<a>&"\r',
          Attributes: {
            SenderId: '<account>',
            SentTimestamp: '<ms>',
            ApproximateReceiveCount: '1',
            ApproximateFirstReceiveTimestamp: '<ms>',
          },
          MD5OfMessageAttributes: MD5.attributes,
          MessageAttributes: {
            kind: { StringValue: 'x', DataType: 'String' },
            data: { BinaryValue: 'AP8=', DataType: 'Binary' },
          },
        },
      ],
    },
    [
      `<Message><MessageId><id></MessageId><ReceiptHandle><receipt></ReceiptHandle><MD5OfBody>${MD5.special}</MD5OfBody><Body>&lt;a&gt;&amp;&quot;&#xD;</Body>`,
      attribute('SenderId', '<account>') + attribute('SentTimestamp', '<ms>'),
      attribute('ApproximateReceiveCount', '1') + attribute('ApproximateFirstReceiveTimestamp', '<ms>'),
      `<MD5OfMessageAttributes>${MD5.attributes}</MD5OfMessageAttributes>`,
      '<MessageAttribute><Name>kind</Name><Value><StringValue>x</StringValue><DataType>String</DataType></Value></MessageAttribute>',
      '<MessageAttribute><Name>data</Name><Value><BinaryValue>AP8=</BinaryValue><DataType>Binary</DataType></Value></MessageAttribute></Message>',
    ].join(''),
  ],
  ['ChangeMessageVisibility', ({ receipts }) => ({ ...orders, ReceiptHandle: receipts[0], VisibilityTimeout: 90 })],
  ['DeleteMessage', ({ receipts }) => ({ ...orders, ReceiptHandle: receipts[0] })],
  [
    'SendMessageBatch',
    () => ({
      ...orders,
      Entries: [
        { Id: 'a', MessageBody: 'x' },
        { Id: 'b', MessageBody: '\u0001' },
      ],
    }),
    {
      Successful: [{ Id: 'a', MessageId: '<id>', MD5OfMessageBody: MD5.x }],
      Failed: [{ Id: 'b', SenderFault: true, Code: 'InvalidMessageContents', Message: odd }],
    },
    `<SendMessageBatchResultEntry><Id>a</Id><MessageId><id></MessageId><MD5OfMessageBody>${MD5.x}</MD5OfMessageBody></SendMessageBatchResultEntry><BatchResultErrorEntry><Id>b</Id><SenderFault>true</SenderFault><Code>InvalidMessageContents</Code><Message>${odd}</Message></BatchResultErrorEntry>`,
  ],
  [
    'ReceiveMessage',
    () => orders,
    { Messages: [{ MessageId: '<id>', ReceiptHandle: '<receipt>', MD5OfBody: MD5.x, Body: 'x' }] },
    `<Message><MessageId><id></MessageId><ReceiptHandle><receipt></ReceiptHandle><MD5OfBody>${MD5.x}</MD5OfBody><Body>x</Body></Message>`,
  ],
  [
    'ChangeMessageVisibilityBatch',
    ({ receipts }) => ({
      ...orders,
      Entries: [
        { Id: 'a', ReceiptHandle: receipts[0], VisibilityTimeout: 30 },
        { Id: 'b', ReceiptHandle: 'x', VisibilityTimeout: 30 },
      ],
    }),
    { Successful: [{ Id: 'a' }], Failed: [noReceipt] },
    `<ChangeMessageVisibilityBatchResultEntry><Id>a</Id></ChangeMessageVisibilityBatchResultEntry>${noReceiptXml}`,
  ],
  // Two, so that the task has not ended when it is cancelled.
  ['SendMessage', () => ({ QueueUrl: 'dead', MessageBody: 'x' }), sentX, sentXml],
  ['SendMessage', () => ({ QueueUrl: 'dead', MessageBody: 'x' }), sentX, sentXml],
  [
    'StartMessageMoveTask',
    ({ arn }) => ({ SourceArn: arn('dead'), DestinationArn: arn('orders'), MaxNumberOfMessagesPerSecond: 1 }),
    { TaskHandle: '<handle>' },
    '<TaskHandle><handle></TaskHandle>',
  ],
  [
    'ListMessageMoveTasks',
    ({ arn }) => ({ SourceArn: arn('dead') }),
    {
      Results: [
        {
          TaskHandle: '<handle>',
          Status: 'RUNNING',
          SourceArn: arnOf('dead'),
          DestinationArn: arnOf('orders'),
          MaxNumberOfMessagesPerSecond: 1,
          ApproximateNumberOfMessagesMoved: '<n>',
          ApproximateNumberOfMessagesToMove: 2,
          StartedTimestamp: '<ms>',
        },
      ],
    },
    `<ListMessageMoveTasksResultEntry><TaskHandle><handle></TaskHandle><Status>RUNNING</Status><SourceArn>${arnOf('dead')}</SourceArn><DestinationArn>${arnOf('orders')}</DestinationArn><MaxNumberOfMessagesPerSecond>1</MaxNumberOfMessagesPerSecond><ApproximateNumberOfMessagesMoved><n></ApproximateNumberOfMessagesMoved><ApproximateNumberOfMessagesToMove>2</ApproximateNumberOfMessagesToMove><StartedTimestamp><ms></StartedTimestamp></ListMessageMoveTasksResultEntry>`,
  ],
  [
    'CancelMessageMoveTask',
    ({ handle }) => ({ TaskHandle: handle }),
    { ApproximateNumberOfMessagesMoved: '<n>' },
    '<ApproximateNumberOfMessagesMoved><n></ApproximateNumberOfMessagesMoved>',
  ],
  [
    'DeleteMessageBatch',
    ({ receipts }) => ({
      ...orders,
      Entries: [
        { Id: 'a', ReceiptHandle: receipts[0] },
        { Id: 'b', ReceiptHandle: 'x' },
      ],
    }),
    { Successful: [{ Id: 'a' }], Failed: [noReceipt] },
    `<DeleteMessageBatchResultEntry><Id>a</Id></DeleteMessageBatchResultEntry>${noReceiptXml}`,
  ],
  ['PurgeQueue', () => orders],
  ['DeleteQueue', () => orders],
]
