// What the tables of queues, purges and moves refuse.
import { type Client, type Queue, sqs } from '../../lib/index.ts'
import type { Cause } from './causes.ts'

let count = 0
const fresh = (suffix = '') => `t${++count}${suffix}`

async function made(client: Client, name: string, attributes = {}): Promise<Queue> {
  await client.queues.create(name, attributes)
  return client.queue(name)
}

const tooLong = 'InvalidParameterValue: One or more parameters are invalid. Reason: Message must be shorter than'
const exists = 'QueueAlreadyExists: A queue already exists with the same name and a different value for attribute'

export const tables: Record<string, Cause> = {
  [`${tooLong} 1024 bytes.`]: async ({ client }) =>
    (await made(client, fresh(), { maxMessageSize: 1024 })).send('x'.repeat(1025)),
  // One byte too many: the attribute has 8, its name, type and value.
  [`${tooLong} 1048576 bytes.`]: async ({ client }) =>
    (await made(client, fresh())).send('x'.repeat(1_048_569), { attributes: { a: 'b' } }),
  [`${exists} DelaySeconds`]: async ({ client }) => {
    const name = fresh()
    await client.queues.create(name, { delay: '1s' })
    await client.queues.create(name, { delay: '2s' })
  },
  [`${exists} ContentBasedDeduplication`]: async ({ client }) => {
    const name = fresh('.fifo')
    await client.queues.create(name, { contentBasedDeduplication: true })
    await client.queues.create(name, { contentBasedDeduplication: false })
  },
  // `scene` connects with the usual purgeWindow of 60 s.
  'AWS.SimpleQueueService.PurgeQueueInProgress: Only one PurgeQueue operation on <queue-name> is allowed every 60 seconds.':
    async ({ client }) => {
      const queue = await made(client, fresh())
      await queue.purge()
      await queue.purge()
    },
  'InvalidParameterValue: Source queue must be configured as a Dead Letter Queue.': async ({ client }) => {
    const queue = await made(client, fresh())
    await client.moves.start({ from: queue.name })
  },
  'InvalidParameterValue: There is already a task running. Only one active task is allowed for a source queue arn at a given time.':
    async ({ client }) => {
      const dead = fresh()
      await client.queues.create(dead)
      const source = await made(client, fresh(), { deadLetter: { queue: dead, maxReceives: 1 } })
      for (const body of ['a', 'b', 'c']) await source.send(body)
      for (let i = 0; i < 6; i++) await source.receive({ max: 10, visibility: 0 })
      await client.moves.start({ from: dead, rate: 1 })
      await client.moves.start({ from: dead, rate: 1 })
    },
  'ResourceNotFoundException: Task does not exist.': async ({ client, queue }) => {
    const { arn: sourceArn } = await queue.attributes()
    await client.moves.cancel(sqs.writeTaskHandle({ taskId: '0b4f0c2c-9f0e-4a6e-8f0e-0d9a8f4f2b11', sourceArn }))
  },
  "ResourceNotFoundException: The resource that you specified for the SourceArn parameter doesn't exist.": ({
    client,
  }) => client.moves.start({ from: 'nowhere' }),
  "ResourceNotFoundException: The resource that you specified for the DestinationArn parameter doesn't exist.": async ({
    client,
  }) => {
    const dead = fresh()
    await client.queues.create(dead)
    await client.queues.create(fresh(), { deadLetter: { queue: dead, maxReceives: 1 } })
    await client.moves.start({ from: dead, to: 'nowhere' })
  },
}
