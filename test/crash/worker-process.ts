// A worker in a process of its own, for tests that kill and stop it. Its messages say what becomes of it; it notes in a
// ledger what it does. On its standard input: `go` ends the handlers that hold, `stop` stops it well.
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BoomerangError, connect, type Message, Worker } from '../../lib/index.ts'
import { type Deed, Ledger, type Task } from './ledger.ts'
import type { WorkerSetup } from './workers.ts'

const { where, namespace, queue, options, derived, file } = JSON.parse(process.argv[2] as string) as WorkerSetup
const ledger = new Ledger(file)
const client = await connect(where, { namespace })

const holding = new Set<() => void>()
const deeds: Record<Deed, (message: Message<Task>, signal: AbortSignal) => unknown> = {
  work: ({ body }) => sleep(body.ms ?? 0),
  hold: (message, signal) =>
    new Promise<void>((resolve, reject) => {
      holding.add(resolve)
      signal.addEventListener('abort', () => {
        ledger.note('aborted', message, (signal.reason as BoomerangError).code)
        reject(signal.reason)
      })
    }),
  block: ({ body, deliveries }) => {
    const taken = () => ledger.lines('started').some(({ n, delivery }) => n === body.n && delivery > deliveries)
    while (!taken()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
  },
  exit: () => process.exit(3),
  kill: () => process.kill(process.pid, 'SIGKILL'),
}

const worker = new Worker(
  client.queue<Task, undefined>(queue),
  async (message, { signal }) => {
    ledger.note('started', message)
    await deeds[message.body.deeds?.[message.deliveries - 1] ?? 'work'](message, signal)
    ledger.note('finished', message)
    return undefined
  },
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
