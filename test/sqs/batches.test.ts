import { expect, test } from 'vitest'
import { type Queue, sqs } from '../../lib/index.ts'
import { over, refusal } from '../semantics/world.ts'

over((world) => {
  async function receiptOf(queue: Queue): Promise<string> {
    await queue.send('body')
    const [message] = await queue.receive({ wait: '5s' })
    return message?.receipt as string
  }

  test('a batch of sends has an outcome for each entry', async () => {
    const queue = world.queue({ maxMessageSize: 1024 })
    const { successful, failed } = await sqs.sendBatch(queue, [
      { Id: 'good', MessageBody: 'one', DelaySeconds: 0 },
      { Id: 'empty', MessageBody: '' },
      { Id: 'control', MessageBody: '\0' },
      { Id: 'long', MessageBody: 'x'.repeat(1025) },
      { Id: 'late', MessageBody: 'x', DelaySeconds: 901 },
      { Id: 'other', MessageBody: 'two' },
    ])
    expect(successful).toEqual([
      { id: 'good', told: { id: expect.any(String) } },
      { id: 'other', told: { id: expect.any(String) } },
    ])
    expect(Object.fromEntries(failed.map(({ id, error }) => [id, sqs.errorOf(error, { entry: true }).code]))).toEqual({
      empty: 'MissingParameter',
      control: 'InvalidMessageContents',
      long: 'InvalidParameterValue',
      late: 'InvalidParameterValue',
    })
    expect(await queue.stats()).toMatchObject({ ready: 2 })
  })

  test('the messages of a batch have the sender of its call, and its trace where they bring none of their own', async () => {
    const queue = world.queue()
    const own = { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=own' } }
    await sqs.sendBatch(
      queue,
      [
        { Id: 'a', MessageBody: 'a' },
        { Id: 'b', MessageBody: 'b', MessageSystemAttributes: own },
      ],
      { sender: 'AIDAEXAMPLE', trace: 'Root=call' },
    )
    const received = [...(await queue.receive({ wait: '5s', max: 10 })), ...(await queue.receive({ max: 10 }))]
    expect(Object.fromEntries(received.map(({ body, sender, trace }) => [body, [sender, trace]]))).toEqual({
      a: ['AIDAEXAMPLE', 'Root=call'],
      b: ['AIDAEXAMPLE', 'Root=own'],
    })
  })

  test.each<[string, sqs.BatchEntry<sqs.SendCall>[], string, string]>([
    [
      'no entries',
      [],
      'EmptyBatchRequest',
      'There should be at least one SendMessageBatchRequestEntry in the request.',
    ],
    ['an entry without an id', [{ MessageBody: 'x' }], 'InvalidBatchEntryId', ''],
    ['an id of 81', [{ Id: 'x'.repeat(81), MessageBody: 'x' }], 'InvalidBatchEntryId', ''],
    [
      'an id twice',
      ['a', 'b', 'a'].map((Id) => ({ Id, MessageBody: 'x' })),
      'BatchEntryIdsNotDistinct',
      'Id a repeated.',
    ],
  ])('a batch with %s is refused, and nothing is sent', async (_, entries, code, message) => {
    const queue = world.queue()
    const told = sqs.errorOf(await refusal(sqs.sendBatch(queue, entries)))
    expect(told.code).toBe(`AWS.SimpleQueueService.${code}`)
    if (message) expect(told.message).toBe(message)
    expect(await queue.stats()).toMatchObject({ ready: 0 })
  })

  test('a batch of deletes: what is gone or with others is no failure', async () => {
    const queue = world.queue()
    const [first, second, stale] = [await receiptOf(queue), await receiptOf(queue), await receiptOf(queue)]
    await queue.delivery(stale).release()
    await queue.receive({ wait: '5s' })
    await sqs.deleteMessage(queue, { ReceiptHandle: second })
    const { successful, failed } = await sqs.deleteBatch(queue, [
      { Id: 'first', ReceiptHandle: first },
      { Id: 'second', ReceiptHandle: second },
      { Id: 'stale', ReceiptHandle: stale },
      { Id: 'none', ReceiptHandle: 'none' },
      { Id: 'missing' },
    ])
    expect(successful.map(({ id }) => id)).toEqual(['first', 'second', 'stale'])
    expect(failed.map(({ id, error }) => [id, sqs.errorOf(error).code])).toEqual([
      ['none', 'ReceiptHandleIsInvalid'],
      ['missing', 'MissingParameter'],
    ])
    expect(await queue.stats()).toMatchObject({ inFlight: 1, ready: 0 })
  })

  test('a batch of visibilities: what is not in flight is a failure', async () => {
    const queue = world.queue()
    const [first, gone] = [await receiptOf(queue), await receiptOf(queue)]
    await sqs.deleteMessage(queue, { ReceiptHandle: gone })
    const { successful, failed } = await sqs.changeVisibilityBatch(queue, [
      { Id: 'first', ReceiptHandle: first, VisibilityTimeout: '0' },
      { Id: 'gone', ReceiptHandle: gone, VisibilityTimeout: 10 },
      { Id: 'long', ReceiptHandle: first, VisibilityTimeout: 43_201 },
      { Id: 'without', ReceiptHandle: first },
    ])
    expect(successful.map(({ id }) => id)).toEqual(['first'])
    expect(failed.map(({ id, error }) => [id, sqs.errorOf(error, { entry: true }).code])).toEqual([
      ['gone', 'ReceiptHandleIsInvalid'],
      ['long', 'InvalidParameterValue'],
      ['without', 'MissingParameter'],
    ])
    expect(await queue.receive({ wait: '5s' })).toMatchObject([{ deliveries: 2 }])
  })

  test('on a FIFO queue entries have sequence numbers, and receipts end deliveries of their group', async () => {
    const queue = world.client.queue(`${Math.random().toString(36).slice(2)}.fifo`)
    const entry = { MessageBody: 'x', MessageGroupId: 'g', DelaySeconds: 0 }
    const { successful, failed } = await sqs.sendBatch(queue, [
      { ...entry, Id: 'a', MessageDeduplicationId: '1' },
      { ...entry, Id: 'b', MessageDeduplicationId: '2' },
      { ...entry, Id: 'again', MessageDeduplicationId: '1' },
      { ...entry, Id: 'without' },
      { ...entry, Id: 'late', MessageDeduplicationId: '3', DelaySeconds: 1 },
    ])
    expect(failed.map(({ id, error }) => [id, sqs.errorOf(error, { entry: true }).code])).toEqual([
      ['without', 'InvalidParameterValue'],
      ['late', 'InvalidParameterValue'],
    ])
    const told = Object.fromEntries(successful.map((one) => [one.id, one.told]))
    expect(told['a']?.sequenceNumber).toMatch(/^\d{20}$/)
    expect(told['again']).toMatchObject({ id: told['a']?.id, sequenceNumber: told['a']?.sequenceNumber })
    const [first] = await queue.receive({ wait: '5s' })
    const elsewhere = (await world.another()).queue(queue.name)
    expect(await queue.receive()).toEqual([])
    await sqs.deleteMessage(elsewhere, { ReceiptHandle: first?.receipt as string })
    expect(await queue.receive({ wait: '5s' })).toMatchObject([{ id: told['b']?.id }])
  })
})
