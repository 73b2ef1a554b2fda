// Messages that may be received only later. Nobody polls for them: the worker is woken when one falls due.

import { connect, Worker } from 'boomerang-mq'

const client = await connect(process.env['REDIS_URL'] ?? 'memory:', { deleteWindow: 0 }) // so that this can be run again at once
const reminders = client.queue<string>('delayed')

const start = Date.now()
const seconds = () => `${((Date.now() - start) / 1000).toFixed(1)} s`

const sent = await Promise.all([
  reminders.send('Take the cake out of the oven', { delay: '2s' }),
  reminders.send('Turn the oven on'),
  reminders.send('Put the cake into the oven', { delay: 1000 }), // numbers are milliseconds
])

const { ready, delayed } = await reminders.stats()
console.log(`${ready} message is ready, ${delayed} are delayed.`)

const worker = new Worker(reminders, async (message) => {
  console.log(`${seconds()}  ${message.body}`)
})
await worker.start()

await Promise.all(sent.map((each) => reminders.result(each)))

await worker.stop()
await client.queues.remove('delayed')
await client.close()
