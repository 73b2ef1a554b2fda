// All 23 actions as a client would use them, as data: the same script for every client and both protocols.
import { expect } from 'vitest'

export type Record_ = Record<string, unknown>
/** What earlier steps answered, by the names that they were kept under. */
export type Known = Record<string, string>

export interface Step {
  action: string
  input: (known: Known) => Record_
  /** Matched against the answer; of an error, its code. */
  expected?: Record_
  error?: string
  /** What to keep of an answer. */
  keep?: (answer: Answered) => Known
}

// biome-ignore lint/suspicious/noExplicitAny: answers of clients that type them each in their own way
export type Answered = any

const ATTRIBUTES = {
  Author: { DataType: 'String', StringValue: 'Zoë & <Jön>' },
  Count: { DataType: 'Number.int', StringValue: '42' },
}
const text = expect.any(String) as string
const urlOf = (name: string) => (answer: Answered) => ({ [name]: answer.QueueUrl })
const batchOf = (ids: string[]) => ids.map((Id) => expect.objectContaining({ Id }))

export const SCRIPT: Step[] = [
  { action: 'CreateQueue', input: () => ({ QueueName: 'dead' }), keep: urlOf('dead') },
  {
    action: 'GetQueueAttributes',
    input: ({ dead }) => ({ QueueUrl: dead, AttributeNames: ['QueueArn'] }),
    keep: ({ Attributes }) => ({ deadArn: Attributes.QueueArn }),
  },
  {
    action: 'CreateQueue',
    input: ({ deadArn }) => ({
      QueueName: 'videos',
      Attributes: {
        VisibilityTimeout: '60',
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadArn, maxReceiveCount: 5 }),
      },
      tags: { team: 'media' },
    }),
    keep: urlOf('videos'),
  },
  { action: 'GetQueueUrl', input: () => ({ QueueName: 'videos' }), expected: { QueueUrl: text } },
  { action: 'ListQueues', input: () => ({ QueueNamePrefix: 'v' }), expected: { QueueUrls: [text] } },
  {
    action: 'ListQueues',
    input: () => ({ MaxResults: 1 }),
    expected: { QueueUrls: [text], NextToken: text },
    keep: ({ NextToken }) => ({ NextToken }),
  },
  {
    action: 'ListQueues',
    input: ({ NextToken }) => ({ MaxResults: 1, NextToken }),
    expected: { QueueUrls: [expect.stringMatching(/\/videos$/)] },
  },
  {
    action: 'SetQueueAttributes',
    input: ({ videos }) => ({ QueueUrl: videos, Attributes: { VisibilityTimeout: '45', DelaySeconds: '0' } }),
  },
  {
    action: 'GetQueueAttributes',
    input: ({ videos }) => ({ QueueUrl: videos, AttributeNames: ['All'] }),
    expected: {
      Attributes: { VisibilityTimeout: '45', ApproximateNumberOfMessages: '0', MaximumMessageSize: '1048576' },
    },
    keep: ({ Attributes }) => ({ videosArn: Attributes.QueueArn }),
  },
  { action: 'TagQueue', input: ({ videos }) => ({ QueueUrl: videos, Tags: { cost: 'low', stage: 'test' } }) },
  { action: 'UntagQueue', input: ({ videos }) => ({ QueueUrl: videos, TagKeys: ['stage'] }) },
  {
    action: 'ListQueueTags',
    input: ({ videos }) => ({ QueueUrl: videos }),
    expected: { Tags: { team: 'media', cost: 'low' } },
  },
  {
    action: 'AddPermission',
    input: ({ videos }) => ({
      QueueUrl: videos,
      Label: 'partners',
      AWSAccountIds: ['123456789012', '210987654321'],
      Actions: ['SendMessage', 'GetQueueUrl'],
    }),
  },
  {
    action: 'GetQueueAttributes',
    input: ({ videos }) => ({ QueueUrl: videos, AttributeNames: ['Policy'] }),
    expected: { Attributes: { Policy: expect.stringContaining('"Sid":"partners"') } },
  },
  { action: 'RemovePermission', input: ({ videos }) => ({ QueueUrl: videos, Label: 'partners' }) },
  {
    action: 'SendMessage',
    input: ({ videos }) => ({ QueueUrl: videos, MessageBody: 'one: ünï & <x>\r\n', MessageAttributes: ATTRIBUTES }),
    expected: { MessageId: text, MD5OfMessageBody: text, MD5OfMessageAttributes: text },
  },
  {
    action: 'SendMessageBatch',
    input: ({ videos }) => ({
      QueueUrl: videos,
      Entries: [
        { Id: 'a', MessageBody: 'two' },
        { Id: 'b', MessageBody: 'three', MessageAttributes: ATTRIBUTES },
        { Id: 'c', MessageBody: 'never', DelaySeconds: 901 },
      ],
    }),
    expected: {
      Successful: batchOf(['a', 'b']),
      Failed: [{ Id: 'c', SenderFault: true, Code: 'InvalidParameterValue', Message: text }],
    },
  },
  {
    action: 'ReceiveMessage',
    input: ({ videos }) => ({
      QueueUrl: videos,
      MaxNumberOfMessages: 10,
      AttributeNames: ['All'],
      MessageAttributeNames: ['All'],
      WaitTimeSeconds: 1,
    }),
    expected: {
      Messages: expect.arrayContaining([
        expect.objectContaining({
          Body: 'one: ünï & <x>\r\n',
          MessageAttributes: {
            Author: expect.objectContaining(ATTRIBUTES.Author),
            Count: expect.objectContaining(ATTRIBUTES.Count),
          },
          Attributes: expect.objectContaining({ ApproximateReceiveCount: '1' }),
        }),
        expect.objectContaining({ Body: 'two' }),
        expect.objectContaining({ Body: 'three' }),
      ]),
    },
    keep: ({ Messages: [a, b, c] }) => ({ a: a.ReceiptHandle, b: b.ReceiptHandle, c: c.ReceiptHandle }),
  },
  {
    action: 'ChangeMessageVisibility',
    input: ({ videos, a }) => ({ QueueUrl: videos, ReceiptHandle: a, VisibilityTimeout: 90 }),
  },
  {
    action: 'ChangeMessageVisibilityBatch',
    input: ({ videos, b, c }) => ({
      QueueUrl: videos,
      Entries: [
        { Id: 'b', ReceiptHandle: b, VisibilityTimeout: 90 },
        { Id: 'c', ReceiptHandle: c, VisibilityTimeout: 90 },
      ],
    }),
    expected: { Successful: batchOf(['b', 'c']) },
  },
  { action: 'DeleteMessage', input: ({ videos, a }) => ({ QueueUrl: videos, ReceiptHandle: a }) },
  {
    action: 'DeleteMessageBatch',
    input: ({ videos, b, c }) => ({
      QueueUrl: videos,
      Entries: [
        { Id: 'b', ReceiptHandle: b },
        { Id: 'c', ReceiptHandle: c },
      ],
    }),
    expected: { Successful: batchOf(['b', 'c']) },
  },
  { action: 'ReceiveMessage', input: ({ videos }) => ({ QueueUrl: videos }), expected: {} },
  {
    action: 'ListDeadLetterSourceQueues',
    input: ({ dead }) => ({ QueueUrl: dead }),
    expected: { queueUrls: [expect.stringMatching(/\/videos$/)] },
  },
  {
    action: 'SendMessageBatch',
    input: ({ dead }) => ({
      QueueUrl: dead,
      Entries: [...'0123456789'].map((Id) => ({ Id, MessageBody: `dead ${Id}` })),
    }),
  },
  {
    action: 'StartMessageMoveTask',
    input: ({ deadArn, videosArn }) => ({
      SourceArn: deadArn,
      DestinationArn: videosArn,
      MaxNumberOfMessagesPerSecond: 1,
    }),
    expected: { TaskHandle: text },
    keep: ({ TaskHandle }) => ({ task: TaskHandle }),
  },
  {
    action: 'ListMessageMoveTasks',
    input: ({ deadArn }) => ({ SourceArn: deadArn }),
    expected: { Results: [expect.objectContaining({ Status: 'RUNNING', TaskHandle: text })] },
  },
  {
    action: 'CancelMessageMoveTask',
    input: ({ task }) => ({ TaskHandle: task }),
    expected: { ApproximateNumberOfMessagesMoved: expect.any(Number) },
  },
  { action: 'PurgeQueue', input: ({ dead }) => ({ QueueUrl: dead }) },
  {
    action: 'CreateQueue',
    input: () => ({ QueueName: 'steps.fifo', Attributes: { FifoQueue: 'true', ContentBasedDeduplication: 'true' } }),
    keep: urlOf('steps'),
  },
  {
    action: 'SendMessage',
    input: ({ steps }) => ({ QueueUrl: steps, MessageBody: 'first', MessageGroupId: 'g' }),
    expected: { SequenceNumber: expect.stringMatching(/^\d{20}$/) },
  },
  {
    action: 'SendMessage',
    input: ({ steps }) => ({ QueueUrl: steps, MessageBody: 'no group' }),
    error: 'MissingParameter',
  },
  { action: 'DeleteQueue', input: ({ steps }) => ({ QueueUrl: steps }) },
  { action: 'DeleteQueue', input: ({ videos }) => ({ QueueUrl: videos }) },
  { action: 'DeleteQueue', input: ({ dead }) => ({ QueueUrl: dead }) },
  {
    action: 'SendMessage',
    input: ({ videos }) => ({ QueueUrl: videos, MessageBody: 'too late' }),
    error: 'AWS.SimpleQueueService.NonExistentQueue',
  },
]
