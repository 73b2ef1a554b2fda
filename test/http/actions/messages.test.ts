// Actions on messages: what each answers where nothing is wrong.
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { bodyText } from '../../../lib/http/actions/received.ts'
import { md5OfAttributes } from '../../../lib/http/wire/digests.ts'
import { nameOf, scene } from './scene.ts'

const here = scene()
const { ask } = here
const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const receiveAll = async (QueueUrl: string, more = {}) =>
  (await ask('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10, ...more })).Messages ?? []
const receive = async (QueueUrl: string, more = {}) => (await receiveAll(QueueUrl, more))[0]

const kind = { DataType: 'String', StringValue: 'ä' }
const data = { DataType: 'Binary.png', BinaryValue: Buffer.from([0, 255]).toString('base64') }

describe('a message', () => {
  test('is sent and received with digests of what is shown', async () => {
    const QueueUrl = await here.queue()
    const trace = { DataType: 'String', StringValue: 'Root=1' }
    const sent = await ask('SendMessage', {
      QueueUrl,
      MessageBody: 'Grüße',
      MessageAttributes: { kind, data },
      MessageSystemAttributes: { AWSTraceHeader: trace },
    })
    expect(sent).toEqual({
      MD5OfMessageBody: md5('Grüße'),
      MD5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
      MD5OfMessageSystemAttributes: md5OfAttributes({ AWSTraceHeader: { type: 'String', value: 'Root=1' } }),
      MessageId: expect.any(String),
    })
    const names = { MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'], VisibilityTimeout: 0 }
    expect(await receiveAll(QueueUrl, names)).toEqual([
      {
        MessageId: sent.MessageId,
        ReceiptHandle: expect.any(String),
        MD5OfBody: md5('Grüße'),
        Body: 'Grüße',
        Attributes: {
          SenderId: here.account.id,
          SentTimestamp: expect.stringMatching(/^\d{13}$/),
          ApproximateReceiveCount: '1',
          ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
          AWSTraceHeader: 'Root=1',
        },
        MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
        MessageAttributes: { kind, data },
      },
    ])
    const some = await receive(QueueUrl, { MessageAttributeNames: ['ki.*'], AttributeNames: ['SenderId'] })
    expect(some).toMatchObject({ MessageAttributes: { kind }, Attributes: { SenderId: here.account.id } })
    expect(some.MD5OfMessageAttributes).toBe(md5OfAttributes({ kind: { type: 'String', value: 'ä' } }))
  })

  test('shows no attributes to those who do not ask', async () => {
    const QueueUrl = await here.queue()
    await ask('SendMessage', { QueueUrl, MessageBody: 'x', MessageAttributes: { kind } })
    expect(Object.keys(await receive(QueueUrl))).toEqual(['MessageId', 'ReceiptHandle', 'MD5OfBody', 'Body'])
  })

  test('names the user who sent it, and carries the trace of the request unless it has its own', async () => {
    const QueueUrl = await here.queue()
    const call = { sender: 'AIDA', trace: 'Root=2' }
    const own = { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=own' } }
    const entries = [
      { Id: 'a', MessageBody: 'a' },
      { Id: 'b', MessageBody: 'b', MessageSystemAttributes: own },
    ]
    await ask('SendMessage', { QueueUrl, MessageBody: 'c' }, call)
    await ask('SendMessage', { QueueUrl, MessageBody: 'd', MessageSystemAttributes: own }, call)
    await ask('SendMessageBatch', { QueueUrl, Entries: entries }, call)
    const found = await receiveAll(QueueUrl, { AttributeNames: ['SenderId', 'AWSTraceHeader'] })
    const told = Object.fromEntries(
      found.map(({ Body, Attributes }: { Body: string; Attributes: object }) => [Body, Attributes]),
    )
    const [theirs, mine] = ['Root=2', 'Root=own'].map((AWSTraceHeader) => ({ SenderId: 'AIDA', AWSTraceHeader }))
    expect(told).toEqual({ a: theirs, b: mine, c: theirs, d: mine })
  })

  test('of a FIFO queue has its sequence number, the same for a repeat', async () => {
    const QueueUrl = await here.fifo()
    const message = { QueueUrl, MessageBody: 'x', MessageGroupId: 'g', MessageDeduplicationId: '1' }
    const sent = await ask('SendMessage', message)
    expect(sent.SequenceNumber).toMatch(/^\d{20}$/)
    expect(await ask('SendMessage', message)).toEqual(sent)
    const again = { MessageSystemAttributeNames: ['All'], ReceiveRequestAttemptId: 'try' }
    const first = await receiveAll(QueueUrl, again)
    expect(first[0].Attributes).toMatchObject({
      MessageGroupId: 'g',
      MessageDeduplicationId: '1',
      SequenceNumber: sent.SequenceNumber,
    })
    expect((await receiveAll(QueueUrl, again)).map((one: { MessageId: string }) => one.MessageId)).toEqual([
      sent.MessageId,
    ])
  })

  test('is deleted and hidden by its receipt', async () => {
    const QueueUrl = await here.queue()
    await ask('SendMessage', { QueueUrl, MessageBody: 'x' })
    const { ReceiptHandle } = await receive(QueueUrl)
    const visible = { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }
    expect(await ask('ChangeMessageVisibility', visible)).toBeUndefined()
    const again = await receive(QueueUrl)
    expect(await ask('DeleteMessage', { QueueUrl, ReceiptHandle: again.ReceiptHandle })).toBeUndefined()
    expect(await ask('ReceiveMessage', { QueueUrl })).toEqual({})
    expect(await ask('DeleteMessage', { QueueUrl, ReceiptHandle })).toBeUndefined()
  })

  test('of a batch has its own outcome', async () => {
    const QueueUrl = await here.queue({ MaximumMessageSize: '1024' })
    const Entries = [
      { Id: 'a', MessageBody: 'a', MessageAttributes: { kind } },
      { Id: 'b', MessageBody: 'x'.repeat(1025) },
      { Id: 'c', MessageBody: '' },
    ]
    const { Successful, Failed } = await ask('SendMessageBatch', { QueueUrl, Entries })
    expect(Successful).toEqual([
      {
        Id: 'a',
        MessageId: expect.any(String),
        MD5OfMessageBody: md5('a'),
        MD5OfMessageAttributes: md5OfAttributes({ kind: { type: 'String', value: 'ä' } }),
      },
    ])
    const fault = { SenderFault: true, Message: expect.any(String) }
    expect(Failed).toHaveLength(2)
    expect(Failed).toContainEqual({ Id: 'b', Code: 'InvalidParameterValue', ...fault })
    expect(Failed).toContainEqual({ Id: 'c', Code: 'MissingParameter', ...fault })
  })

  test('is deleted and hidden in batches', async () => {
    const QueueUrl = await here.queue()
    await ask('SendMessageBatch', { QueueUrl, Entries: ['a', 'b'].map((Id) => ({ Id, MessageBody: Id })) })
    const receipts = (await receiveAll(QueueUrl)).map(({ ReceiptHandle }: { ReceiptHandle: string }, i: number) => ({
      Id: `${i}`,
      ReceiptHandle,
    }))
    const longer = receipts.map((entry: object) => ({ ...entry, VisibilityTimeout: 60 }))
    const bad = { Id: 'bad', ReceiptHandle: 'x' }
    const failed = { Id: 'bad', SenderFault: true, Code: 'ReceiptHandleIsInvalid', Message: expect.any(String) }
    const done = { Successful: [{ Id: '0' }, { Id: '1' }], Failed: [failed] }
    const hidden = { QueueUrl, Entries: [...longer, { ...bad, VisibilityTimeout: 60 }] }
    expect(await ask('ChangeMessageVisibilityBatch', hidden)).toEqual(done)
    expect(await ask('DeleteMessageBatch', { QueueUrl, Entries: [...receipts, bad] })).toEqual(done)
    expect(await ask('DeleteMessageBatch', { QueueUrl, Entries: receipts })).toEqual({ Successful: done.Successful })
  })
})

describe('a body that is no text of SQS', () => {
  test('is JSON where it was sent as a value, base64 where it was bytes', async () => {
    const QueueUrl = await here.queue()
    const queue = here.other.queue(nameOf(QueueUrl))
    for (const body of [{ url: 'a.mp4' }, Buffer.from([1, 2]), null]) await queue.send(body)
    const shown = (await receiveAll(QueueUrl)).map(({ Body }: { Body: string }) => Body)
    expect(shown.sort()).toEqual(['AQI=', 'null', '{"url":"a.mp4"}'])
  })

  test.each<[unknown, string]>([
    ['', ''],
    ['{"a":1}', '{"a":1}'],
    [
      { big: 2n ** 60n, bytes: Buffer.from('x'), deep: [{ bytes: new Uint8Array([255]) }] },
      '{"big":"1152921504606846976","bytes":"eA==","deep":[{"bytes":"/w=="}]}',
    ],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    [2n, '"2"'],
    [Number.NaN, 'null'],
  ])('%o', (body, text) => expect(bodyText(body)).toBe(text))

  test('is shown in XML without the characters that XML cannot hold', async () => {
    const QueueUrl = await here.queue()
    await here.other.queue(nameOf(QueueUrl)).send('a\u0001b\u{1F600}\r', { attributes: { note: '\u0000' } })
    const asked = { QueueUrl, MessageAttributeNames: ['All'], VisibilityTimeout: 0 }
    const [inJson] = (await ask('ReceiveMessage', asked)).Messages
    expect(inJson).toMatchObject({
      Body: 'a\u0001b\u{1F600}\r',
      MessageAttributes: { note: { StringValue: '\u0000' } },
    })
    const [inXml] = (await ask('ReceiveMessage', asked, { protocol: 'query' })).Messages
    expect(inXml).toMatchObject({
      Body: 'a\uFFFDb\u{1F600}\r',
      MD5OfBody: md5('a\uFFFDb\u{1F600}\r'),
      MessageAttributes: { note: { StringValue: '\uFFFD' } },
      MD5OfMessageAttributes: md5OfAttributes({ note: { type: 'String', value: '\uFFFD' } }),
    })
  })
})

describe('a receive', () => {
  test('that is aborted answers nothing received, and later ones find what comes', async () => {
    const QueueUrl = await here.queue()
    const end = new AbortController()
    const waiting = ask('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 }, { signal: end.signal })
    setImmediate(() => end.abort())
    expect(await waiting).toEqual({})
    await ask('SendMessage', { QueueUrl, MessageBody: 'x' })
    expect(await receive(QueueUrl, { AttributeNames: ['All'] })).toMatchObject({
      Attributes: { ApproximateReceiveCount: '1' },
    })
  })

  test('does not look at the signal where it cannot wait', async () => {
    const QueueUrl = await here.queue()
    const call = Object.defineProperty({}, 'signal', { enumerable: true, get: () => expect.unreachable() })
    expect(await ask('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 0 }, Object.create(call))).toEqual({})
  })

  test('whose answer does not arrive gives its messages back, and they have not been tried', async () => {
    const QueueUrl = await here.queue()
    for (const MessageBody of ['a', 'b']) await ask('SendMessage', { QueueUrl, MessageBody })
    const back: (() => Promise<void>)[] = []
    const [gone] = (
      await ask('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 }, { unsent: (undo) => back.push(undo) })
    ).Messages
    await ask('DeleteMessage', { QueueUrl, ReceiptHandle: gone.ReceiptHandle })
    expect(back).toHaveLength(1)
    await back[0]?.()
    const [message, ...others] = await here.other.queue(nameOf(QueueUrl)).receive({ max: 10 })
    expect(others).toEqual([])
    expect(message).toMatchObject({ attempts: 1, deliveries: 2 })
    await message?.delete()
  })

  test('that found nothing has nothing to give back', async () => {
    const QueueUrl = await here.queue()
    expect(await ask('ReceiveMessage', { QueueUrl }, { unsent: () => expect.unreachable() })).toEqual({})
  })
})
