// Messages that may be received only later. Nobody polls for them: the worker is woken when one falls due.

import { setTimeout as sleep } from 'node:timers/promises'
import { connect, Worker } from 'boomerang-mq'

const client = await connect(process.env['REDIS_URL'] ?? 'memory:')
const reminders = client.queue<string>('delayed')

const start = Date.now()
const seconds = () => `${((Date.now() - start) / 1000).toFixed(1)} s`

await reminders.send('Take the cake out of the oven', { delay: '2s' })
await reminders.send('Turn the oven on')
await reminders.send('Put the cake into the oven', { delay: 1000 }) // numbers are milliseconds

const { ready, delayed } = await reminders.stats()
console.log(`${ready} message is ready, ${delayed} are delayed.`)

const worker = new Worker(reminders, async (message) => {
  console.log(`${seconds()}  ${message.body}`)
})
await worker.start()

while ((await reminders.stats()).processed < 3) await sleep(100)

await worker.stop()
await client.queues.remove('delayed')
await client.close()
