// Tasks that move messages out of dead-letter queues, by the actions.
import { expect, test } from 'vitest'
import { scene } from './scene.ts'

const here = scene()
const { ask } = here

/** A dead-letter queue that holds as many messages, and the queue they came from. */
async function died(count: number): Promise<{ dead: string; source: string }> {
  const dead = await here.queue()
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: here.arn(dead), maxReceiveCount: 1 })
  const source = await here.queue({ RedrivePolicy, VisibilityTimeout: '0' })
  const Entries = Array.from({ length: count }, (_, i) => ({ Id: `${i}`, MessageBody: `${i}` }))
  await ask('SendMessageBatch', { QueueUrl: source, Entries })
  for (let i = 0; i < 2; i++) await ask('ReceiveMessage', { QueueUrl: source, MaxNumberOfMessages: 10 })
  await expect.poll(() => countOf(dead)).toBe(String(count))
  return { dead, source }
}

const countOf = async (QueueUrl: string) => {
  const AttributeNames = ['ApproximateNumberOfMessages']
  return (await ask('GetQueueAttributes', { QueueUrl, AttributeNames })).Attributes.ApproximateNumberOfMessages
}

test('a task moves what has died to another queue, and is listed', async () => {
  const { dead } = await died(2)
  const to = await here.queue()
  const SourceArn = here.arn(dead)
  const started = await ask('StartMessageMoveTask', { SourceArn, DestinationArn: here.arn(to) })
  expect(JSON.parse(Buffer.from(started.TaskHandle, 'base64').toString())).toMatchObject({ sourceArn: SourceArn })
  await expect.poll(() => countOf(to)).toBe('2')
  const list = () => ask('ListMessageMoveTasks', { SourceArn })
  await expect.poll(async () => (await list()).Results[0].Status).toBe('COMPLETED')
  expect(await list()).toEqual({
    Results: [
      {
        Status: 'COMPLETED',
        SourceArn,
        DestinationArn: here.arn(to),
        ApproximateNumberOfMessagesMoved: 2,
        ApproximateNumberOfMessagesToMove: 2,
        StartedTimestamp: expect.any(Number),
      },
    ],
  })
})

test('a task that runs shows its handle, and is cancelled by it', async () => {
  const { dead } = await died(5)
  const SourceArn = here.arn(dead)
  expect(await ask('ListMessageMoveTasks', { SourceArn })).toEqual({})
  const { TaskHandle } = await ask('StartMessageMoveTask', { SourceArn, MaxNumberOfMessagesPerSecond: 1 })
  const { Results } = await ask('ListMessageMoveTasks', { SourceArn, MaxResults: 10 })
  expect(Results).toMatchObject([
    { TaskHandle, Status: 'RUNNING', MaxNumberOfMessagesPerSecond: 1, ApproximateNumberOfMessagesToMove: 5 },
  ])
  const { ApproximateNumberOfMessagesMoved: moved } = await ask('CancelMessageMoveTask', { TaskHandle })
  expect(moved).toBeLessThan(5)
  expect((await ask('ListMessageMoveTasks', { SourceArn })).Results[0]).not.toHaveProperty('TaskHandle')
})
