import { describe, expect, test } from 'vitest'
import { DEFAULTS } from '../../lib/attribute-fields.ts'
import { sqs } from '../../lib/index.ts'
import { refusedWith } from './refused-with.ts'

const standard = { fifo: false }
const fifo = { fifo: true }
const dead = 'arn:aws:sqs:us-east-1:team:orders-dead'
const facts: sqs.QueueFacts = {
  ...DEFAULTS,
  arn: 'arn:aws:sqs:us-east-1:team:orders',
  created: new Date(1_700_000_000_999),
  modified: new Date(1_700_000_060_000),
  ready: 3,
  delayed: 2,
  inFlight: 1,
}

describe('attributes of SQS, read', () => {
  test.each<[Record<string, string>, sqs.SqsAttributes]>([
    [{ VisibilityTimeout: '0' }, { visibility: 0 }],
    [{ VisibilityTimeout: '43200' }, { visibility: 43_200_000 }],
    [{ DelaySeconds: '900' }, { delay: 900_000 }],
    [{ MaximumMessageSize: '1024' }, { maxMessageSize: 1024 }],
    [{ MessageRetentionPeriod: '60' }, { retention: 60_000 }],
    [{ MessageRetentionPeriod: '1209600' }, { retention: 1_209_600_000 }],
    [{ ReceiveMessageWaitTimeSeconds: '20' }, { wait: 20_000 }],
    [
      { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead, maxReceiveCount: 3 }) },
      { deadLetter: { queue: dead, maxReceives: 3 } },
    ],
    [
      { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead, maxReceiveCount: '1000' }) },
      { deadLetter: { queue: dead, maxReceives: 1000 } },
    ],
    [
      { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead }) },
      { deadLetter: { queue: dead, maxReceives: 10 } },
    ],
    [
      { RedrivePolicy: '', Policy: '' },
      { deadLetter: null, policy: null },
    ],
    [{ RedriveAllowPolicy: '{"redrivePermission":"allowAll"}' }, { redriveAllow: 'all' }],
    [{ RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' }, { redriveAllow: 'none' }],
    [
      { RedriveAllowPolicy: JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: [dead] }) },
      { redriveAllow: [dead] },
    ],
    [{ RedriveAllowPolicy: '' }, { redriveAllow: 'all' }],
    [{ Policy: '{"Statement":[]}' }, { policy: '{"Statement":[]}' }],
    [{ SqsManagedSseEnabled: 'FALSE' }, { encryption: { sqsManaged: false } }],
    [
      { KmsMasterKeyId: 'alias/aws/sqs', KmsDataKeyReusePeriodSeconds: '60', SqsManagedSseEnabled: 'false' },
      { encryption: { kmsMasterKeyId: 'alias/aws/sqs', kmsDataKeyReusePeriod: 60_000, sqsManaged: false } },
    ],
    [{ KmsMasterKeyId: 'k' }, { encryption: { kmsMasterKeyId: 'k', sqsManaged: false } }],
    [{ KmsMasterKeyId: '' }, { encryption: { kmsMasterKeyId: null } }],
    [{}, {}],
  ])('%j of a standard queue', (given, parsed) => {
    expect(sqs.parseAttributes(given, standard)).toEqual(parsed)
  })

  test.each<[Record<string, string>, sqs.SqsAttributes]>([
    [{ FifoQueue: 'true' }, {}],
    [{ FifoQueue: 'TRUE', ContentBasedDeduplication: 'True' }, { contentBasedDeduplication: true }],
    [
      { DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' },
      { deduplicationScope: 'messageGroup', fifoThroughputLimit: 'perMessageGroupId' },
    ],
  ])('%j of a FIFO queue', (given, parsed) => {
    expect(sqs.parseAttributes(given, fifo)).toEqual(parsed)
  })

  test.each([
    ['VisibilityTimeout', ['-1', '43201', '1.5', '', 'x', ' 1', '1e3', '9'.repeat(400)]],
    ['DelaySeconds', ['-1', '901']],
    ['MaximumMessageSize', ['1023', '1048577']],
    ['MessageRetentionPeriod', ['59', '1209601']],
    ['ReceiveMessageWaitTimeSeconds', ['-1', '21']],
    ['KmsDataKeyReusePeriodSeconds', ['59', '86401']],
    ['SqsManagedSseEnabled', ['yes', '1', '']],
    ['KmsMasterKeyId', ['a b', 'ä']],
    ['Policy', ['{', '[]', 'null', '5', '{}', '{"Statement":[5]}', `{"Statement":[],"Id":"${'x'.repeat(8192)}"}`]],
  ])('%s is not one of %j', (name, values) => {
    for (const value of values) {
      refusedWith(() => sqs.parseAttributes({ [name]: value }, standard), {
        code: 'InvalidAttributeValue',
        message: `Invalid value for the parameter ${name}.`,
      })
    }
  })

  test.each([
    ['DeduplicationScope', 'group', undefined],
    ['FifoThroughputLimit', 'perQueues', undefined],
    ['ContentBasedDeduplication', 'yes', undefined],
    [
      'FifoThroughputLimit',
      'perMessageGroupId',
      'The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.',
    ],
  ])('%s of a FIFO queue is not %s', (name, value, reason) => {
    const given = { [name]: value, ...(reason && { DeduplicationScope: 'queue' }) }
    refusedWith(() => sqs.parseAttributes(given, fifo), {
      code: 'InvalidAttributeValue',
      message: `Invalid value for the parameter ${name}.${reason ? ` Reason: ${reason}` : ''}`,
    })
  })

  test.each([
    ['RedrivePolicy', '{', 'Redrive policy is not a valid JSON map.'],
    ['RedrivePolicy', '[]', 'Redrive policy is not a valid JSON map.'],
    ['RedrivePolicy', '{}', 'Redrive policy does not contain mandatory attribute: deadLetterTargetArn.'],
    ['RedrivePolicy', '{"deadLetterTargetArn":5}', 'Invalid value for deadLetterTargetArn.'],
    ...['0', '1001', '1.5', '"x"', 'null', '[]'].map((count) => [
      'RedrivePolicy',
      `{"deadLetterTargetArn":"a","maxReceiveCount":${count}}`,
      `Invalid value for maxReceiveCount: ${String(JSON.parse(count))}, valid values are from 1 to 1000 both inclusive.`,
    ]),
    ['RedriveAllowPolicy', '5', 'Amazon SQS can not parse the redrive allow policy.'],
    ['RedriveAllowPolicy', '{}', 'redrivePermission must be allowAll, denyAll or byQueue.'],
    [
      'RedriveAllowPolicy',
      '{"redrivePermission":"byQueue","sourceQueueArns":[]}',
      'sourceQueueArns must be a list of 1 to 10 ARNs when redrivePermission is byQueue.',
    ],
    [
      'RedriveAllowPolicy',
      `{"redrivePermission":"byQueue","sourceQueueArns":${JSON.stringify(Array(11).fill('a'))}}`,
      'sourceQueueArns must be a list of 1 to 10 ARNs when redrivePermission is byQueue.',
    ],
    [
      'RedriveAllowPolicy',
      '{"redrivePermission":"denyAll","sourceQueueArns":["a"]}',
      'sourceQueueArns can be given only when redrivePermission is byQueue.',
    ],
  ] as [string, string, string][])('%s is not %s', (name, value, reason) => {
    refusedWith(() => sqs.parseAttributes({ [name]: value }, standard), {
      code: 'InvalidParameterValue',
      message: `Value ${value} for parameter ${name} is invalid. Reason: ${reason}`,
    })
  })

  test('are refused where SQS has none of the name, or only shows it', () => {
    for (const name of ['Nothing', 'QueueArn', 'CreatedTimestamp', 'All', 'toString', '__proto__']) {
      refusedWith(() => sqs.parseAttributes(Object.fromEntries([[name, '1']]), standard), {
        code: 'InvalidAttributeName',
        message: `Unknown Attribute ${name}.`,
      })
    }
  })

  test('are refused with two kinds of encryption', () => {
    refusedWith(() => sqs.parseAttributes({ SqsManagedSseEnabled: 'true', KmsMasterKeyId: 'k' }, standard), {
      code: 'InvalidAttributeName',
      message:
        'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    })
  })

  test('say at creation what the name says: FIFO or not', () => {
    expect(sqs.checkQueueName('orders')).toEqual(standard)
    expect(sqs.checkQueueName('orders', { FifoQueue: 'false' })).toEqual(standard)
    expect(sqs.parseAttributes({ FifoQueue: 'false' }, { fifo: false, creating: true })).toEqual({})
    expect(sqs.checkQueueName('orders.fifo', { FifoQueue: 'true' })).toEqual(fifo)
    expect(sqs.checkQueueName(`${'x'.repeat(75)}.fifo`, { FifoQueue: 'True' })).toEqual(fifo)
    for (const name of ['orders.fifo', '', 'a b', 'x'.repeat(81), 'a.b', undefined]) {
      refusedWith(() => sqs.checkQueueName(name), { message: /^Can only include .* 1 to 80 in length$/ })
    }
    for (const name of ['orders', '.fifo', `${'x'.repeat(76)}.fifo`]) {
      refusedWith(() => sqs.checkQueueName(name, { FifoQueue: 'true' }), { message: /must end with \.fifo suffix/ })
    }
  })
})

describe('attributes of SQS, shown', () => {
  test('are all of a standard queue', () => {
    expect(sqs.formatAttributes(facts, ['All'])).toEqual({
      VisibilityTimeout: '30',
      DelaySeconds: '0',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      ReceiveMessageWaitTimeSeconds: '0',
      SqsManagedSseEnabled: 'true',
      QueueArn: 'arn:aws:sqs:us-east-1:team:orders',
      CreatedTimestamp: '1700000000',
      LastModifiedTimestamp: '1700000060',
      ApproximateNumberOfMessages: '3',
      ApproximateNumberOfMessagesDelayed: '2',
      ApproximateNumberOfMessagesNotVisible: '1',
    })
  })

  test('are those that were set, too', () => {
    const set = { deadLetterQueue: 'orders-dead', redriveAllow: ['a', 'orders-dead'], policy: '{"Statement":[]}' }
    const asked = ['RedrivePolicy', 'RedriveAllowPolicy', 'Policy']
    expect(sqs.formatAttributes({ ...facts, ...set }, asked)).toEqual({
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead, maxReceiveCount: 5 }),
      RedriveAllowPolicy: JSON.stringify({
        redrivePermission: 'byQueue',
        sourceQueueArns: ['arn:aws:sqs:us-east-1:team:a', dead],
      }),
      Policy: '{"Statement":[]}',
    })
    expect(sqs.formatAttributes(facts, asked)).toEqual({})
  })

  test('are of encryption by a key until it is taken away', () => {
    const names = ['KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled']
    expect(sqs.formatAttributes({ ...facts, kmsMasterKeyId: 'k', sqsManagedSse: true }, names)).toEqual({
      KmsMasterKeyId: 'k',
      KmsDataKeyReusePeriodSeconds: '300',
      SqsManagedSseEnabled: 'false',
    })
    expect(sqs.formatAttributes({ ...facts, kmsMasterKeyId: '', kmsDataKeyReusePeriod: 300_000 }, names)).toEqual({
      SqsManagedSseEnabled: 'true',
    })
  })

  test('of a FIFO queue say what it is', () => {
    const names = ['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit']
    expect(sqs.formatAttributes({ ...facts, fifo: true, contentBasedDeduplication: true }, names)).toEqual({
      FifoQueue: 'true',
      ContentBasedDeduplication: 'true',
      DeduplicationScope: 'queue',
      FifoThroughputLimit: 'perQueue',
    })
    expect(sqs.formatAttributes(facts, names)).toEqual({})
  })

  test('are none where none is asked for, and known', () => {
    expect(sqs.formatAttributes(facts, [])).toEqual({})
    for (const name of ['Nothing', 'toString']) {
      refusedWith(() => sqs.formatAttributes(facts, ['All', name]), {
        code: 'InvalidAttributeName',
        message: `Unknown Attribute ${name}.`,
      })
    }
  })
})
