// The whole of it: a queue, a worker, a message. Run it: npx tsx examples/hello.ts

import { once } from 'node:events'
import { connect, Worker } from 'boomerang-mq'

const client = await connect(process.env['REDIS_URL'] ?? 'memory:')
const greetings = client.queue<{ name: string }>('hello')

const worker = new Worker(greetings, async (message) => {
  console.log(`Hello, ${message.body.name}!`)
})
await worker.start()

const completed = once(worker, 'completed')
const { id } = await greetings.send({ name: 'Ada' })
console.log(`Sent message ${id}.`)

await completed
console.log('It is handled, and gone from the queue.')

await worker.stop()
await client.close()
