// Boomerang with its defaults. Sender and worker have a client of their own, as they would in two processes.
import { createRequire } from 'node:module'
import { connect, Worker } from 'boomerang-mq'
import { type Adapter, complain, type Server, type WorkSettings } from '../adapter.ts'
import type { Body } from '../body.ts'

export async function open({ port }: Server): Promise<Adapter> {
  const client = await connect(`redis://127.0.0.1:${port}`)
  const queue = client.queue<Body>('bench')
  return {
    version: createRequire(import.meta.url)('boomerang-mq/package.json').version,
    ceiling: 250_000,
    send: (body) => queue.send(body),
    sendMany: (bodies) => queue.sendMany(bodies.map((body) => ({ body }))),
    sendWithKey: (body, idempotencyKey) => queue.send(body, { idempotencyKey }),
    work: (settings, handle) => work(port, settings, handle),
    left: () => queue.stats().then(({ ready, delayed, inFlight, dead }) => ready + delayed + inFlight + dead),
    close: () => client.close(),
  }
}

async function work(port: number, { concurrency, ahead = true }: WorkSettings, handle: (body: Body) => void) {
  const client = await connect(`redis://127.0.0.1:${port}`)
  const worker = new Worker(client.queue<Body>('bench'), async (message) => handle(message.body), {
    concurrency,
    ahead,
  })
  worker.on('error', complain)
  await worker.start()
  return {
    async stop() {
      await worker.stop()
      await client.close()
    },
  }
}
