// Queues of the three kinds that Boomerang is measured against itself with: plain, fair (messages with a tenant) and FIFO.
import { type Client, connect, type Entry, type Queue, Worker } from 'boomerang-mq'
import { complain, type Server } from './adapter.ts'
import { type Body, nextBody } from './body.ts'

export type Kind = 'plain' | 'fair' | 'fifo'

export interface Opened {
  queue: Queue<Body>
  close(): Promise<void>
}

export async function openKind(kind: Kind, server: Server): Promise<Opened> {
  const client: Client = await connect(`redis://127.0.0.1:${server.port}`)
  return { queue: client.queue<Body>(nameOf(kind)), close: () => client.close() }
}

const nameOf = (kind: Kind) => (kind === 'fifo' ? 'bench.fifo' : `bench-${kind}`)

let sent = 0

/** Entries of a `sendMany`; `group` says whose each is. */
export function entries(kind: Kind, count: number, group: (index: number) => number): Entry<Body>[] {
  return Array.from({ length: count }, (_, index) => {
    if (kind === 'plain') return { body: nextBody() }
    const name = `customer-${group(index)}`
    if (kind === 'fair') return { body: nextBody(), group: name }
    sent += 1
    return { body: nextBody(), group: name, deduplicationId: `upload-${sent}` }
  })
}

/** `count` messages in batches of `size`, so many calls in flight; a FIFO queue has one on its way at a time. */
export async function fillKind(
  { queue }: Opened,
  kind: Kind,
  count: number,
  size: number,
  groups: number,
): Promise<void> {
  let left = count
  let next = 0
  const lane = async () => {
    while (left > 0) {
      const taken = Math.min(size, left)
      left -= taken
      const from = next
      next += taken
      const outcomes = await queue.sendMany(entries(kind, taken, (index) => (from + index) % groups))
      for (const outcome of outcomes) if ('error' in outcome) throw outcome.error
    }
  }
  await Promise.all(Array.from({ length: kind === 'fifo' ? 1 : 4 }, lane))
}

/** Run a worker on the queue, with a client of its own, until it is stopped. */
export async function handle(
  kind: Kind,
  server: Server,
  options: { concurrency: number; ahead?: boolean },
  handler: (body: Body) => void,
): Promise<{ stop(): Promise<void> }> {
  const { queue, close } = await openKind(kind, server)
  const worker = new Worker<Body>(queue, async ({ body }) => handler(body), options)
  worker.on('error', complain)
  await worker.start()
  return {
    async stop() {
      await worker.stop()
      await close()
    },
  }
}
