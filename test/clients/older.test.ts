// Clients that are not worth 200 MB in everybody's node_modules: the SDKs that speak Query, version 2, and the libraries on
// top of them. `npm ci --prefix test/clients` brings them, as .ci/run does; without them these tests are left out, and say so.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { CREDENTIALS, serving } from '../http/serving.ts'
import { play, protocolsOf } from './play.ts'

const server = serving()
const there = existsSync(new URL('./node_modules', import.meta.url))
const sentence = (text: string) => (there ? text : `${text} (left out: npm ci --prefix test/clients)`)
const load = createRequire(import.meta.url)

// biome-ignore lint/suspicious/noExplicitAny: packages that may not be there
type Loaded = any

function settings(): object {
  return { endpoint: server.url.href, region: 'us-east-1', credentials: CREDENTIALS }
}

const methodOf = (action: string) => action.charAt(0).toLowerCase() + action.slice(1)

test.skipIf(!there)(sentence('the SDK of version 3 that speaks Query plays the script'), async () => {
  const { SQS } = load('client-sqs-query') as Loaded
  const sdk = new SQS(settings())
  await play((action, input) =>
    sdk[methodOf(action)](input).catch((error: Loaded) => {
      throw Object.assign(error, { code: error.Code ?? error.name })
    }),
  )
  expect(protocolsOf(server)).toEqual(['query'])
  sdk.destroy()
})

test.skipIf(!there).for([
  ['json', 'aws-sdk'],
  ['query', 'aws-sdk-query'],
])(sentence('the SDK of version 2 that speaks %s plays the script'), async ([protocol, name]) => {
  const { SQS } = load(name as string) as Loaded
  const sdk = new SQS(settings())
  await play((action, input) => sdk[methodOf(action)](input).promise())
  expect(protocolsOf(server)).toEqual([protocol])
})

test.skipIf(!there)(sentence('sqs-producer sends, sqs-consumer works, prolongs and deletes'), async () => {
  const { Producer } = (await import('sqs-producer' as string)) as Loaded
  const { Consumer } = (await import('sqs-consumer' as string)) as Loaded
  const sqs = server.sdk()
  const { QueueUrl } = await sqs.createQueue({ QueueName: 'videos', Attributes: { VisibilityTimeout: '30' } })
  const queue = await server.client.queues.get('videos')
  await Producer.create({ queueUrl: QueueUrl, sqs }).send(
    Array.from({ length: 25 }, (_, i) => ({ id: String(i), body: `video ${i}` })),
  )
  const bodies = new Set<string>()
  const consumer = Consumer.create({
    queueUrl: QueueUrl,
    sqs,
    batchSize: 10,
    heartbeatInterval: 1,
    visibilityTimeout: 10,
    handleMessage: async (message: Loaded) => {
      bodies.add(message.Body)
      return message
    },
  })
  const failures: unknown[] = []
  for (const event of ['error', 'processing_error', 'timeout_error'])
    consumer.on(event, (error: unknown) => failures.push(error))
  consumer.start()
  await expect.poll(() => bodies.size).toBe(25)
  await expect.poll(async () => (await queue.stats()).inFlight).toBe(0)
  expect(failures).toEqual([])
  // Its own poll, which it aborts, it calls an error.
  const stopped = new Promise((resolve) => consumer.once('stopped', resolve))
  consumer.stop({ abort: true })
  await stopped
  expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 0 })
})
