// Actions on queues: what each answers where nothing is wrong.
import { describe, expect, test } from 'vitest'
import { BASE, nameOf, scene } from './scene.ts'

const here = scene()
const { ask } = here
const attributesOf = async (QueueUrl: string, ...AttributeNames: string[]) =>
  (await ask('GetQueueAttributes', { QueueUrl, AttributeNames })).Attributes

describe('a queue', () => {
  test('is made with attributes and tags, and found again by its name', async () => {
    const made = await ask('CreateQueue', {
      QueueName: 'made.fifo',
      Attributes: { FifoQueue: 'true', DelaySeconds: '7' },
      tags: { team: 'video' },
    })
    expect(made).toEqual({ QueueUrl: `${BASE}/${here.account.id}/made.fifo` })
    expect(await ask('GetQueueUrl', { QueueName: 'made.fifo' })).toEqual(made)
    expect(await attributesOf(made.QueueUrl, 'DelaySeconds', 'FifoQueue')).toEqual({
      DelaySeconds: '7',
      FifoQueue: 'true',
    })
    expect(await ask('ListQueueTags', made)).toEqual({ Tags: { team: 'video' } })
  })

  test('is the same for who makes it again', async () => {
    const url = await here.queue({ DelaySeconds: '3' })
    expect(await ask('CreateQueue', { QueueName: nameOf(url), Attributes: { DelaySeconds: '3' } })).toEqual({
      QueueUrl: url,
    })
    expect(await ask('CreateQueue', { QueueName: nameOf(url) })).toEqual({ QueueUrl: url })
  })

  test('takes its tags under the name that TagQueue has for them, too', async () => {
    const made = await ask('CreateQueue', { QueueName: 'tagged', Tags: { a: 'b' } })
    expect(await ask('ListQueueTags', made)).toEqual({ Tags: { a: 'b' } })
  })

  test('is gone when it is deleted', async () => {
    const QueueUrl = await here.queue()
    expect(await ask('DeleteQueue', { QueueUrl })).toBeUndefined()
    const absent = { code: 'QueueDoesNotExist' }
    await expect(ask('DeleteQueue', { QueueUrl })).rejects.toMatchObject(absent)
    await expect(ask('GetQueueUrl', { QueueName: nameOf(QueueUrl) })).rejects.toMatchObject(absent)
    await expect(ask('SendMessage', { QueueUrl, MessageBody: 'x' })).rejects.toMatchObject(absent)
  })
})

describe('lists of queues', () => {
  test('are pages for those who say how many they want', async () => {
    for (const name of ['list-a', 'list-b', 'list-c']) await ask('CreateQueue', { QueueName: name })
    const all = await ask('ListQueues', { QueueNamePrefix: 'list-' })
    expect(all).toEqual({ QueueUrls: ['a', 'b', 'c'].map((end) => `${BASE}/${here.account.id}/list-${end}`) })
    const first = await ask('ListQueues', { QueueNamePrefix: 'list-', MaxResults: 2 })
    expect(first).toEqual({ QueueUrls: all.QueueUrls.slice(0, 2), NextToken: expect.any(String) })
    const next = { QueueNamePrefix: 'list-', MaxResults: 2, NextToken: first.NextToken }
    expect(await ask('ListQueues', next)).toEqual({ QueueUrls: all.QueueUrls.slice(2) })
    expect(await ask('ListQueues', { QueueNamePrefix: 'none-' })).toEqual({})
  })

  test('go on only where a page ended', async () => {
    for (const NextToken of ['', '*', 'bGlzdC1h=']) {
      await expect(ask('ListQueues', { NextToken })).rejects.toMatchObject({ code: 'InvalidOption' })
    }
  })

  test('have those whose dead letters go to a queue', async () => {
    const dead = await here.queue()
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: here.arn(dead), maxReceiveCount: 3 })
    expect(await ask('ListDeadLetterSourceQueues', { QueueUrl: dead })).toEqual({})
    const sources = [await here.queue({ RedrivePolicy }), await here.queue({ RedrivePolicy })].sort()
    expect(await ask('ListDeadLetterSourceQueues', { QueueUrl: dead })).toEqual({ queueUrls: sources })
    const first = await ask('ListDeadLetterSourceQueues', { QueueUrl: dead, MaxResults: 1 })
    expect(first).toEqual({ queueUrls: sources.slice(0, 1), NextToken: expect.any(String) })
    expect(
      await ask('ListDeadLetterSourceQueues', { QueueUrl: dead, MaxResults: 1, NextToken: first.NextToken }),
    ).toEqual({
      queueUrls: sources.slice(1),
    })
  })
})

describe('attributes', () => {
  test('are those that are asked for', async () => {
    const QueueUrl = await here.queue()
    expect(await ask('GetQueueAttributes', { QueueUrl })).toEqual({})
    expect(await attributesOf(QueueUrl, 'QueueArn')).toEqual({ QueueArn: here.arn(QueueUrl) })
    await ask('SendMessage', { QueueUrl, MessageBody: 'a' })
    await ask('SendMessage', { QueueUrl, MessageBody: 'b', DelaySeconds: 60 })
    const {
      ApproximateNumberOfMessages: ready,
      ApproximateNumberOfMessagesDelayed: delayed,
      ...others
    } = await attributesOf(QueueUrl, 'All')
    expect([ready, delayed]).toEqual(['1', '1'])
    expect(others).toMatchObject({ VisibilityTimeout: '30', ApproximateNumberOfMessagesNotVisible: '0' })
  })

  test('are set, and hold at once for what is known of the queue', async () => {
    const QueueUrl = await here.queue()
    const facts = () => here.account.facts(nameOf(QueueUrl))
    expect(await facts()).toEqual({ arn: here.arn(QueueUrl), policy: undefined })
    const Statement = { Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: '*' }
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement })
    expect(
      await ask('SetQueueAttributes', { QueueUrl, Attributes: { VisibilityTimeout: '5', Policy } }),
    ).toBeUndefined()
    expect((await facts()).policy).toMatchObject({ statements: [{ effect: 'Deny' }] })
    expect(await attributesOf(QueueUrl, 'VisibilityTimeout', 'Policy')).toEqual({ VisibilityTimeout: '5', Policy })
  })

  test('with a policy that is not understood are refused', async () => {
    const Policy = JSON.stringify({ Statement: { Effect: 'Permit', Principal: '*', Action: 'sqs:*', Resource: '*' } })
    const refused = { sqs: { shape: 'InvalidAttributeValue' } }
    await expect(ask('CreateQueue', { QueueName: 'policed', Attributes: { Policy } })).rejects.toMatchObject(refused)
    const QueueUrl = await here.queue()
    await expect(ask('SetQueueAttributes', { QueueUrl, Attributes: { Policy } })).rejects.toMatchObject(refused)
  })

  test('with permissions: two that are given at once are both there', async () => {
    const QueueUrl = await here.queue()
    const permission = { QueueUrl, AWSAccountIds: ['111111111111'], Actions: ['SendMessage'] }
    const labels = ['a', 'b', 'c', 'd']
    await Promise.all(labels.map((Label) => ask('AddPermission', { ...permission, Label })))
    const policy = JSON.parse((await attributesOf(QueueUrl, 'Policy')).Policy)
    expect(policy.Statement.map(({ Sid }: { Sid: string }) => Sid).sort()).toEqual(labels)
    expect(policy.Statement[0]).toMatchObject({ Action: 'SQS:SendMessage', Resource: here.arn(QueueUrl) })
    for (const Label of labels) expect(await ask('RemovePermission', { QueueUrl, Label })).toBeUndefined()
    expect(await attributesOf(QueueUrl, 'Policy')).toBeUndefined()
  })
})

describe('tags', () => {
  test('are set and removed by their keys', async () => {
    const QueueUrl = await here.queue()
    expect(await ask('ListQueueTags', { QueueUrl })).toEqual({})
    expect(await ask('TagQueue', { QueueUrl, Tags: { a: '1', b: '2' } })).toBeUndefined()
    expect(await ask('UntagQueue', { QueueUrl, TagKeys: ['a', 'none'] })).toBeUndefined()
    expect(await ask('ListQueueTags', { QueueUrl })).toEqual({ Tags: { b: '2' } })
  })
})

describe('a purge', () => {
  test('leaves nothing', async () => {
    const QueueUrl = await here.queue()
    await ask('SendMessage', { QueueUrl, MessageBody: 'a' })
    expect(await ask('PurgeQueue', { QueueUrl })).toBeUndefined()
    expect(await ask('ReceiveMessage', { QueueUrl })).toEqual({})
  })
})

describe('what is missing', () => {
  test.each([
    ['CreateQueue', 'QueueName', {}],
    ['GetQueueUrl', 'QueueName', {}],
    ['PurgeQueue', 'QueueUrl', {}],
    ['SetQueueAttributes', 'Attributes', { QueueUrl: 'q' }],
    ['TagQueue', 'Tags', { QueueUrl: 'q' }],
    ['UntagQueue', 'TagKeys', { QueueUrl: 'q' }],
    ['AddPermission', 'Label', { QueueUrl: 'q' }],
    ['RemovePermission', 'Label', { QueueUrl: 'q' }],
    ['StartMessageMoveTask', 'SourceArn', {}],
    ['ListMessageMoveTasks', 'SourceArn', {}],
    ['CancelMessageMoveTask', 'TaskHandle', {}],
    ['DeleteMessage', 'ReceiptHandle', { QueueUrl: 'there' }],
    ['ChangeMessageVisibility', 'ReceiptHandle', { QueueUrl: 'there' }],
    ['SendMessage', 'MessageBody', { QueueUrl: 'there' }],
  ])('in %s is named: %s', async (action, parameter, input) => {
    await ask('CreateQueue', { QueueName: 'there' })
    await expect(ask(action, input)).rejects.toMatchObject({
      sqs: { message: `The request must contain the parameter ${parameter}.` },
    })
  })
})
