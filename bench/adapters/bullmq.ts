// BullMQ as its documentation advises: bulk adds, finished jobs removed at once, one connection per role.
// Removal is an option of the worker here rather than of each job, which keeps the stored jobs smaller.
import { createRequire } from 'node:module'
import { Queue, Worker } from 'bullmq'
import { type Adapter, complain, type Server } from '../adapter.ts'
import type { Body } from '../body.ts'

export async function open({ port }: Server): Promise<Adapter> {
  const connection = { host: '127.0.0.1', port, maxRetriesPerRequest: null }
  const queue = new Queue<Body, void, string>('bench', { connection })
  await queue.waitUntilReady()
  return {
    version: createRequire(import.meta.url)('bullmq/package.json').version,
    ceiling: 20_000,
    send: (body) => queue.add('video', body),
    sendMany: (bodies) => queue.addBulk(bodies.map((data) => ({ name: 'video', data }))),
    sendWithKey: (body, key) => queue.add('video', body, { jobId: key }),
    async work({ concurrency }, handle) {
      const worker = new Worker<Body, void, string>('bench', async (job) => handle(job.data), {
        connection,
        concurrency,
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
      })
      worker.on('error', complain)
      await worker.waitUntilReady()
      return { stop: () => worker.close() }
    },
    left: () => queue.getJobCountByTypes('waiting', 'active', 'delayed', 'completed', 'failed'),
    close: () => queue.close(),
  }
}
