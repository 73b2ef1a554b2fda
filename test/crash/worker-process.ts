// A worker in a process of its own, for tests that kill and stop it. Its messages say what becomes of it; it notes in a
// ledger what it does. On its standard input: `go` ends the handlers that hold, `stop` stops it well.
import { createInterface } from 'node:readline'
import { connect, Worker } from '../../lib/index.ts'
import handle, { holding, ledger } from './deeds.ts'
import type { Task } from './ledger.ts'
import type { WorkerSetup } from './workers.ts'

const { where, namespace, queue, options, derived, handlers } = JSON.parse(process.argv[2] as string) as WorkerSetup
const client = await connect(where, { namespace })

const worker = new Worker(
  client.queue<Task, undefined>(queue),
  options.isolate ? handlers : handle,
  derived ? { ...options, idempotencyKey: ({ body }) => body.key ?? String(body.n) } : options,
)
worker.on('completed', ({ message }) => ledger.note('completed', message))
worker.on('duplicate', ({ message }) => ledger.note('duplicate', message))
worker.on('lost', ({ message }) => ledger.note('lost', message))
worker.on('error', (error) => console.log(`error ${error.name}`))

createInterface({ input: process.stdin }).on('line', async (line) => {
  if (line === 'go') for (const end of holding) end()
  if (line !== 'stop') return
  await worker.stop()
  await client.close()
  process.exit(0)
})

await worker.start()
console.log('working')
