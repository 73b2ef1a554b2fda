// Stopping without losing or repeating work, as at each deployment: what runs may finish, what waits stays in the queue.

import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, Worker } from 'boomerang-mq'

const client = await connect(process.env['REDIS_URL'] ?? 'memory:', { deleteWindow: 0 }) // so that this can be run again at once
const jobs = client.queue<{ takes: number }>('graceful-stop')

const worker = new Worker(
  jobs,
  async (message, { signal }) => {
    const { takes } = message.body
    console.log(`A job of ${takes} ms begins.`)
    await sleep(takes, undefined, { signal }) // real work passes the signal on as well: to fetch, to a child process
    console.log(`The job of ${takes} ms is done.`)
  },
  { concurrency: 2 },
)
await jobs.sendMany([{ body: { takes: 800 } }, { body: { takes: 60_000 } }, { body: { takes: 500 } }])
await worker.start()

setTimeout(() => process.kill(process.pid, 'SIGTERM'), 300) // what a deployment does
await once(process, 'SIGTERM')
console.log('SIGTERM: nothing new is begun, and what runs has 2 s to finish.')
await worker.stop({ grace: '2s' })

const { ready, inFlight } = await jobs.stats()
console.log(`Stopped. ${ready} messages are ready for the next worker, ${inFlight} in flight.`)
for (const { body, attempts } of await jobs.receive({ max: 10 })) {
  console.log(`  the job of ${body.takes} ms, attempt ${attempts}`)
}
console.log('The attempt that was broken off is not counted.')

await client.queues.remove('graceful-stop')
await client.close()
