// What a handler returns is kept for a while: the sender can wait for it, and a repeated send is answered with it.

import { connect, DeadLettered, Reject, Worker } from 'boomerang-mq'

const client = await connect(process.env['REDIS_URL'] ?? 'memory:', { deleteWindow: 0 }) // so that this can be run again at once
const roots = client.queue<number, number>('results', { resultTtl: '10m' })

const worker = new Worker(roots, async (message) => {
  if (message.body < 0) throw new Reject('a negative number has no real root')
  console.log(`The handler runs for ${message.body}.`)
  return Math.sqrt(message.body)
})
await worker.start()

await roots.send(1764, { idempotencyKey: 'root of 1764' })
console.log(`The root of 1764 is ${await roots.result({ idempotencyKey: 'root of 1764' }, { timeout: '10s' })}.`)

const again = await roots.send(1764, { idempotencyKey: 'root of 1764' })
console.log('Sent again, without the handler running again:', { duplicate: again.duplicate, result: again.result })

const { id } = await roots.send(-1)
try {
  await roots.result({ id: id as string }, { timeout: '10s' })
} catch (error) {
  if (!(error instanceof DeadLettered)) throw error
  console.log(`The root of -1 is among the dead letters: ${error.message}`)
}

await worker.stop()
await client.queues.remove('results')
await client.close()
