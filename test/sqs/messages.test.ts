import { describe, expect, test } from 'vitest'
import { sqs } from '../../lib/index.ts'
import { checkAttributes, sizeOf } from '../../lib/message-attributes.ts'
import { refusedWith } from './refused-with.ts'

const standard = { fifo: false }
const MessageBody = 'body'

describe('a message in the words of SQS', () => {
  test('becomes a body with options', () => {
    const call: sqs.SendCall = {
      MessageBody,
      DelaySeconds: '5',
      MessageGroupId: 'tenant',
      MessageDeduplicationId: '1',
      MessageAttributes: {
        kind: { DataType: 'String.word', StringValue: 'ä' },
        bytes: { DataType: 'Binary', BinaryValue: Buffer.of(1, 2).toString('base64') },
      },
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1' } },
    }
    const { body, options } = sqs.parseSend(call, standard)
    expect(body).toBe('body')
    expect(options).toEqual({
      delay: 5_000,
      group: 'tenant',
      deduplicationId: '1',
      attributes: {
        kind: { type: 'String.word', value: 'ä' },
        bytes: { type: 'Binary', value: Buffer.of(1, 2) },
      },
      trace: 'Root=1',
    })
    const checked = checkAttributes(options?.attributes ?? {})
    expect(sqs.sizeOfCall(call)).toBe(4 + sizeOf(checked))
    expect(sqs.formatMessageAttributes(checked)).toEqual(call.MessageAttributes)
    expect(sqs.parseSend({ MessageBody }, standard)).toEqual({ body: 'body', options: undefined })
  })

  test('has what its call gives to all: the sender, and the trace where it has none', () => {
    const common = { sender: 'bob', trace: 'Root=0' }
    expect(sqs.parseSend({ MessageBody }, standard, common).options).toEqual(common)
    const MessageSystemAttributes = { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1' } }
    const own = sqs.parseSend({ MessageBody, MessageSystemAttributes }, standard, common)
    expect(own.options).toEqual({ sender: 'bob', trace: 'Root=1' })
  })

  test('has no delay of its own on a FIFO queue where it says 0', () => {
    expect(sqs.parseSend({ MessageBody, DelaySeconds: 0 }, { fifo: true })).toEqual({
      body: 'body',
      options: undefined,
    })
    expect(sqs.parseSend({ MessageBody, DelaySeconds: 2 }, { fifo: true })).toEqual({
      body: 'body',
      options: { delay: 2_000 },
    })
  })

  test.each(['\0', '\x0b', '\x1f', '\ufffe', '\uffff', '\ud800', 'a\udc00b'])('is not %j', (text) => {
    refusedWith(() => sqs.parseSend({ MessageBody: text }, standard), {
      code: 'InvalidMessageContents',
      message: /^Invalid characters found/,
    })
    refusedWith(() => sqs.parseMessageAttributes({ a: { DataType: 'String', StringValue: text } }), {
      message: /^Invalid characters found/,
    })
  })

  test.each(['\t\r\n', ' ', '\x7f', 'ä 你 🪃', '\ud7ff\ue000\ufffd', '\u{10ffff}'])('may be %j', (text) => {
    expect(sqs.parseSend({ MessageBody: text }, standard)).toEqual({ body: text, options: undefined })
    expect(sqs.allowedCharacters(text)).toBe(true)
  })

  test.each<[string, sqs.SendCall, RegExp]>([
    [
      'a delay of 901 s',
      { MessageBody, DelaySeconds: 901 },
      /^Value 901 for parameter DelaySeconds is invalid\. Reason: /,
    ],
    ['a delay below 0', { MessageBody, DelaySeconds: '-1' }, /^Value -1 for parameter DelaySeconds/],
    ['a delay that is none', { MessageBody, DelaySeconds: 'x' }, /^Value x for parameter DelaySeconds/],
    [
      'an attribute with two values',
      { MessageBody, MessageAttributes: { a: { DataType: 'String', StringValue: 'x', BinaryValue: 'eA==' } } },
      /must have a single value/,
    ],
    [
      'a system attribute that there is not',
      { MessageBody, MessageSystemAttributes: { Other: { DataType: 'String', StringValue: 'x' } } },
      /^Message system attribute name 'Other' is invalid/,
    ],
    [
      'a trace that is no text',
      { MessageBody, MessageSystemAttributes: { AWSTraceHeader: { DataType: 'Binary', BinaryValue: 'eA==' } } },
      /^Message \(system\) attribute 'AWSTraceHeader' must contain a non-empty value of type 'String'/,
    ],
  ])('is refused with %s', (_, call, message) => {
    refusedWith(() => sqs.parseSend(call, standard), { message })
  })
})

describe('a receive in the words of SQS', () => {
  test('becomes options', () => {
    const call: sqs.ReceiveCall = {
      MaxNumberOfMessages: '10',
      WaitTimeSeconds: 20,
      VisibilityTimeout: 0,
      ReceiveRequestAttemptId: 'a1',
      MessageAttributeNames: ['trace.*'],
      MessageSystemAttributeNames: ['SentTimestamp'],
      AttributeNames: ['All', 'VisibilityTimeout'],
    }
    expect(sqs.parseReceive(call)).toEqual({
      options: { max: 10, wait: 20_000, visibility: 0, attemptId: 'a1', attributes: ['trace.*'] },
      systemAttributes: ['All', 'VisibilityTimeout', 'SentTimestamp'],
    })
    expect(sqs.parseReceive({})).toEqual({ options: { max: 1, attributes: [] }, systemAttributes: [] })
  })

  test.each<[sqs.ReceiveCall, string]>([
    [
      { MaxNumberOfMessages: 0 },
      'Value 0 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    ],
    [
      { MaxNumberOfMessages: '' },
      'Value  for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    ],
    [
      { VisibilityTimeout: 43_201 },
      'Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <= 43200, if provided.',
    ],
    [
      { WaitTimeSeconds: 0.5 },
      'Value 0.5 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.',
    ],
  ])('is refused with %j', (call, message) => {
    refusedWith(() => sqs.parseReceive(call), { message })
  })

  test('asks for system attributes that there are', () => {
    for (const name of ['Nothing', 'toString']) {
      refusedWith(() => sqs.parseReceive({ MessageSystemAttributeNames: [name] }), {
        code: 'InvalidAttributeName',
        message: `Unknown Attribute ${name}.`,
      })
    }
  })

  test('of lists and visibilities, too', () => {
    expect([sqs.parseMaxResults(undefined), sqs.parseMaxResults('1000'), sqs.parseVisibility(43_200)]).toEqual([
      undefined,
      1000,
      43_200_000,
    ])
    refusedWith(() => sqs.parseMaxResults(1001), { message: /^Value 1001 for parameter MaxResults/ })
    for (const value of [-1, 43_201, 'x', null]) {
      refusedWith(() => sqs.parseVisibility(value), {
        message: `Value ${value} for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an integer between 0 and 43200.`,
      })
    }
  })
})

describe('system attributes of a received message', () => {
  const place = { region: 'eu-west-1', namespace: 'team' }
  const least = { sentAt: new Date(1_700_000_000_000), deliveries: 2, firstReceivedAt: new Date(1_700_000_001_000) }
  const always = {
    SentTimestamp: '1700000000000',
    ApproximateReceiveCount: '2',
    ApproximateFirstReceiveTimestamp: '1700000001000',
    SenderId: 'team',
  }

  test('are those that it has', () => {
    expect(sqs.systemAttributes(least, ['All'], place)).toEqual(always)
    const all = {
      ...least,
      group: 'g',
      sequenceNumber: '00000000000000000042',
      deduplicationId: 'd',
      sender: 'AIDA',
      trace: 'Root=1',
      deadLetterSource: 'orders',
    }
    expect(sqs.systemAttributes(all, ['All'], place)).toEqual({
      ...always,
      MessageGroupId: 'g',
      SequenceNumber: '00000000000000000042',
      MessageDeduplicationId: 'd',
      SenderId: 'AIDA',
      AWSTraceHeader: 'Root=1',
      DeadLetterQueueSourceArn: 'arn:aws:sqs:eu-west-1:team:orders',
    })
  })

  test('are those that are asked for', () => {
    expect(sqs.systemAttributes(least, [], place)).toEqual({})
    expect(sqs.systemAttributes(least, ['SenderId', 'ApproximateReceiveCount', 'VisibilityTimeout'], place)).toEqual({
      ApproximateReceiveCount: '2',
      SenderId: 'team',
    })
  })
})
