// How long messages of quiet tenants wait from their send to their handler, by one clock, with one tenant that has a
// backlog and without it.
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type Queue, Worker } from 'boomerang-mq'
import { type Adapter, complain, type Server } from '../adapter.ts'
import { nextBody } from '../body.ts'
import { percentile } from '../figures.ts'
import type { Duration, Figures } from '../measure.ts'

export interface FairSettings {
  /** Messages of the big tenant that wait from the beginning. */
  backlog: number
  quiet: number
  /** Messages that each quiet tenant sends in a second. */
  rate: number
  /** ms that each handler takes. */
  handler: number
  concurrency: number
  noisy?: { inFlight: number; share: number }
  /** What is measured, after a while in which the worker settles. */
  seconds: number
}

interface Timed {
  sentAt?: number
}

const settling = 2000 // ms
const bulk = 500

export async function fair(_: Adapter, settings: FairSettings, __: Duration, server: Server): Promise<Figures> {
  const alone = await waits(server, { ...settings, backlog: 0 })
  const beside = await waits(server, settings)
  const [p95, p95Alone] = [percentile(beside.times, 0.95), percentile(alone.times, 0.95)]
  return {
    value: p95 - p95Alone,
    'p95 with the big one': p95,
    'p95 without it': p95Alone,
    'p50 with the big one': percentile(beside.times, 0.5),
    'p50 without it': percentile(alone.times, 0.5),
    'messages/s of the big one': beside.others / settings.seconds,
    'waits counted': beside.times.length,
  }
}

async function waits(server: Server, settings: FairSettings): Promise<{ times: number[]; others: number }> {
  const { backlog, quiet, handler, concurrency, noisy, seconds } = settings
  const address = `redis://127.0.0.1:${server.port}`
  const [sender, receiver] = [await connect(address), await connect(address)]
  const name = backlog > 0 ? 'beside' : 'alone'
  const queue = sender.queue<Timed>(name, noisy ? { noisy } : {})
  await fillOne(queue, backlog)
  const times: number[] = []
  const count = { others: 0, measuring: false }
  const worker = new Worker<Timed>(
    receiver.queue<Timed>(name),
    async ({ body, sentAt: _ }) => {
      if (count.measuring && body.sentAt === undefined) count.others += 1
      if (count.measuring && body.sentAt !== undefined) times.push(performance.now() - body.sentAt)
      await sleep(handler)
    },
    { concurrency },
  )
  worker.on('error', complain)
  await worker.start()
  const tenants = Array.from({ length: quiet }, (_, index) =>
    tenant(queue, `quiet-${index}`, settings.rate, settling + seconds * 1000),
  )
  await sleep(settling)
  count.measuring = true
  await Promise.all(tenants)
  count.measuring = false
  const { ready } = await queue.stats()
  if (backlog > 0 && ready === 0) throw new Error(`the backlog of ${backlog} messages was too small`)
  await worker.stop()
  await Promise.all([sender.close(), receiver.close()])
  return { times, others: count.others }
}

async function fillOne(queue: Queue<Timed>, backlog: number): Promise<void> {
  for (let sent = 0; sent < backlog; sent += bulk) {
    await queue.sendMany(Array.from({ length: bulk }, () => ({ body: nextBody() as Timed, group: 'big' })))
  }
}

/** One tenant sends for so many ms, not in step with anything. */
async function tenant(queue: Queue<Timed>, group: string, rate: number, ms: number): Promise<void> {
  for (const end = performance.now() + ms; performance.now() < end; ) {
    await sleep(((0.5 + Math.random()) * 1000) / rate)
    await queue.send({ sentAt: performance.now() }, { group })
  }
}
