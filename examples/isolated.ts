// Handlers that compute without a pause run in threads of their own: they keep their messages, and can be ended.
import { once } from 'node:events'
import { connect, Worker } from 'boomerang-mq'

const client = await connect(process.env['REDIS_URL'] ?? 'memory:', { deleteWindow: 0 }) // so that this can be run again at once
const jobs = client.queue<{ ms: number }, number>('isolated', { visibility: '2s' })

const primes = import.meta.resolve('./isolated/primes.ts')
const worker = new Worker(jobs, primes, { isolate: true, concurrency: 2, maxRuntime: '6s' })
await worker.start()

const long = await jobs.send({ ms: 5_000 })
await jobs.send({ ms: Number.POSITIVE_INFINITY })
const ended = once(worker, 'failed')

console.log(`${await jobs.result(long)} primes were found, while heartbeats kept their message hidden.`)
const [{ error }] = await ended
console.log(`${error.message}: it was ended, and its message goes to the next handler after a while.`)

await worker.stop({ grace: 0 }) // ends what runs as well
await client.queues.remove('isolated')
await client.close()
