// What SQS's names say goes through the library's attributes and comes back the same.
import { expect, test } from 'vitest'
import { changed, DEFAULTS, storedOf, toFields } from '../../lib/attribute-fields.ts'
import { toStored } from '../../lib/attributes.ts'
import { sqs } from '../../lib/index.ts'

const place = { region: 'eu-west-1', namespace: 'team' }
const dead = sqs.arnOf(place, 'orders-dead')

const standard: Record<string, string> = {
  VisibilityTimeout: '45',
  DelaySeconds: '9',
  MaximumMessageSize: '2048',
  MessageRetentionPeriod: '86400',
  ReceiveMessageWaitTimeSeconds: '3',
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead, maxReceiveCount: 7 }),
  RedriveAllowPolicy: JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: [sqs.arnOf(place, 'source')] }),
  Policy: '{"Version":"2012-10-17","Statement":[{"Sid":"größe 100 %"}]}',
  KmsMasterKeyId: 'alias/a key/50%'.replace(' ', '-'),
  KmsDataKeyReusePeriodSeconds: '86400',
  SqsManagedSseEnabled: 'false',
}
const fifo: Record<string, string> = {
  VisibilityTimeout: '45',
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${dead}.fifo`, maxReceiveCount: 1000 }),
  RedriveAllowPolicy: JSON.stringify({ redrivePermission: 'denyAll' }),
  SqsManagedSseEnabled: 'false',
  FifoQueue: 'true',
  ContentBasedDeduplication: 'true',
  DeduplicationScope: 'messageGroup',
  FifoThroughputLimit: 'perMessageGroupId',
}

function shown(name: string, given: Record<string, string>): Record<string, string> {
  const type = sqs.checkQueueName(name, given)
  const changes = toStored(sqs.parseAttributes(given, { ...type, creating: true }), { namespace: 'team', queue: name })
  const fields = (toFields(changes).match(/\S+ \S+/g) ?? []).map((field) => field.split(' '))
  const stored = storedOf(Object.fromEntries(fields.filter(([, text]) => text !== '-')))
  expect(stored).toEqual(changed(DEFAULTS, changes))
  const counted = { created: new Date(0), modified: new Date(0), ready: 0, delayed: 0, inFlight: 0 }
  return sqs.formatAttributes({ ...stored, ...counted, arn: sqs.arnOf(place, name) }, Object.keys(given))
}

test.each([
  ['orders', standard],
  ['orders.fifo', fifo],
])('attributes of %s come back as they were given', (name, given) => {
  expect(shown(name, given)).toEqual(given)
})

test('what is taken away is not shown any more', () => {
  const gone = { Policy: '', RedrivePolicy: '', RedriveAllowPolicy: '', KmsMasterKeyId: '' }
  expect(shown('orders', gone)).toEqual({})
})
