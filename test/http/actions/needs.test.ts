// What each action needs to be allowed.
import { expect, test } from 'vitest'
import { ACTIONS } from '../../../lib/http/actions/index.ts'
import { sqs } from '../../../lib/index.ts'
import { scene } from './scene.ts'

const here = scene()
const arn = (name: string) => sqs.arnOf({ region: 'us-east-1', namespace: here.account.id }, name)
const moving = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((action) => `${action} on dead`)

/** Those that need more than themselves on the queue that they name. */
const special: Record<string, () => [input: object, needs: string[]]> = {
  CreateQueue: () => [{ QueueName: 'orders' }, ['CreateQueue on orders']],
  'CreateQueue with tags': () => [
    { QueueName: 'orders', tags: { a: 'b' } },
    ['CreateQueue on orders', 'TagQueue on orders'],
  ],
  GetQueueUrl: () => [{ QueueName: 'orders' }, ['GetQueueUrl on orders']],
  ListQueues: () => [{}, [`ListQueues on ${arn('*')}`]],
  SendMessageBatch: () => [{ QueueUrl: 'orders' }, ['SendMessage on orders']],
  DeleteMessageBatch: () => [{ QueueUrl: 'orders' }, ['DeleteMessage on orders']],
  ChangeMessageVisibilityBatch: () => [{ QueueUrl: 'orders' }, ['ChangeMessageVisibility on orders']],
  StartMessageMoveTask: () => [{ SourceArn: arn('dead') }, ['StartMessageMoveTask on dead', ...moving]],
  'StartMessageMoveTask to a queue': () => [
    { SourceArn: arn('dead'), DestinationArn: arn('orders') },
    ['StartMessageMoveTask on dead', ...moving, 'SendMessage on orders'],
  ],
  CancelMessageMoveTask: () => [
    { TaskHandle: sqs.writeTaskHandle({ taskId: '0b4f0c2c-9f0e-4a6e-8f0e-0d9a8f4f2b11', sourceArn: arn('dead') }) },
    ['CancelMessageMoveTask on dead', ...moving],
  ],
  ListMessageMoveTasks: () => [{ SourceArn: arn('dead') }, ['ListMessageMoveTasks on dead', ...moving]],
}

test.each(Object.keys(special))('%s', async (name) => {
  const [input, needs] = special[name]?.() ?? []
  expect(await here.needs(name.split(' ')[0] as string, input as object)).toEqual(needs)
})

test.each(Object.keys(ACTIONS).filter((name) => !(name in special)))('%s needs itself', async (name) => {
  expect(await here.needs(name, { QueueUrl: 'orders' })).toEqual([`${name} on orders`])
})
