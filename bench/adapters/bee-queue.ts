// bee-queue as its documentation advises for speed: no events between processes, no jobs kept in memory, finished
// jobs removed at once, bulk by saveAll.
import { createRequire } from 'node:module'
import BeeQueue from 'bee-queue'
import { type Adapter, complain, type Server } from '../adapter.ts'
import type { Body } from '../body.ts'

export async function open({ port }: Server): Promise<Adapter> {
  const settings = {
    redis: { host: '127.0.0.1', port },
    getEvents: false,
    sendEvents: false,
    storeJobs: false,
    removeOnSuccess: true,
    removeOnFailure: true,
  }
  const queue = new BeeQueue<Body>('bench', { ...settings, isWorker: false })
  await queue.ready()
  return {
    version: createRequire(import.meta.url)('bee-queue/package.json').version,
    ceiling: 40_000,
    send: (body) => queue.createJob(body).save(),
    sendMany: (bodies) => queue.saveAll(bodies.map((body) => queue.createJob(body))),
    sendWithKey: (body, key) => queue.createJob(body).setId(key).save(),
    async work({ concurrency }, handle) {
      const worker = new BeeQueue<Body>('bench', settings)
      worker.on('error', complain)
      await worker.ready()
      worker.process(concurrency, async (job: BeeQueue.Job<Body>) => handle(job.data))
      return { stop: () => worker.close(1000) }
    },
    left: () => queue.checkHealth().then(({ waiting, active, failed }) => waiting + active + failed),
    close: () => queue.close(1000),
  }
}
