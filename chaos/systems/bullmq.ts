// BullMQ under the harness, as its documentation advises: workers that try for ever, producers that do not wait for ever,
// jobs that nobody has answered for added again under their own id, completed jobs kept for an hour so that an id is known.
import { createRequire } from 'node:module'
import { type Job as BullJob, type ConnectionOptions, Queue, Worker } from 'bullmq'
import { Cluster, Redis, type RedisOptions } from 'ioredis'
import type { Where } from '../../lib/index.ts'
import type { Delivery, Job, Send } from '../job.ts'
import type {
  Answer,
  Hooks,
  Place,
  Producer,
  ProducerOptions,
  QueueSettings,
  Watcher,
  WorkerHandle,
  WorkerSettings,
} from '../system.ts'
import { named } from './named.ts'

export const version: string = createRequire(import.meta.url)('bullmq/package.json').version

type Bull = BullJob<Job, void, string>
const JOB = 'job'

export async function watch(place: Place, _: QueueSettings): Promise<Watcher> {
  const { queue, close } = await open(place, {})
  return {
    left: () => queue.getJobCountByTypes('waiting', 'active', 'delayed', 'prioritized'),
    dead: async () => (await queue.getFailed()).map(({ data }) => data.effect),
    // What its keys must look like only its authors know.
    unsound: async () => [],
    faults: async () => [],
    close,
  }
}

export async function produce(place: Place, { timeout }: ProducerOptions): Promise<Producer> {
  const { queue, close } = await open(place, { commandTimeout: timeout })
  return { send: (send) => answered(queue, named(send)), close }
}

async function answered(queue: Queue<Job, void, string>, send: Send & { id: string }): Promise<Answer> {
  const options = { jobId: send.id, attempts: 100, backoff: { type: 'fixed', delay: 100 }, delay: send.delay ?? 0 }
  try {
    if (send.bulk) await queue.addBulk([{ name: JOB, data: send.job, opts: options }])
    else await queue.add(JOB, send.job, options)
    // It does not say whether there was such a job.
    return { outcome: 'ok', id: send.id }
  } catch (error) {
    const { name, message } = error as Error
    return { outcome: name === 'ReplyError' ? 'refused' : 'unknown', id: send.id, error: `${name}: ${message}` }
  }
}

export async function work(place: Place, settings: WorkerSettings, hooks: Hooks): Promise<WorkerHandle> {
  const { connection, end } = connect(place.where, {})
  const deliveries = new Map<string, Delivery>()
  const worker = new Worker<Job, void, string>(
    place.queue,
    async (job, _, signal) => {
      const delivery = { ...deliveryOf(job), signal }
      deliveries.set(delivery.id, delivery)
      signal?.addEventListener('abort', () => hooks.told('aborted', delivery))
      await hooks.handle(delivery)
    },
    {
      connection,
      prefix: `{${place.namespace}}`,
      concurrency: settings.concurrency,
      lockDuration: settings.visibility,
      stalledInterval: settings.visibility / 2,
      maxStalledCount: settings.maxReceives - 1,
      removeOnComplete: { age: 3600 },
    },
  )
  const told = (event: 'completed' | 'lost' | 'failed', id: string) => {
    const delivery = deliveries.get(id)
    if (delivery) hooks.told(event, delivery)
  }
  worker.on('completed', (job: Bull) => told('completed', job.id as string))
  worker.on('failed', (job) => job && told('failed', job.id as string))
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) worker.cancelJob(id, 'the lock was lost')
  })
  worker.on('error', (error) => {
    // A completion is refused because the lock is gone, or another's, or the job is done.
    const lost = /job (\S+?)\.? .*moveToFinished/i.exec(error.message)
    if (lost) told('lost', lost[1] as string)
    hooks.trouble(error)
  })
  await worker.waitUntilReady()
  return {
    async stop() {
      await worker.close()
      end()
    },
  }
}

const deliveryOf = ({ data, id, attemptsStarted }: Bull): Delivery => ({
  job: data,
  id: id as string,
  receive: attemptsStarted,
})

async function open({ where, namespace, queue: name }: Place, options: RedisOptions) {
  const { connection, end } = connect(where, options)
  const queue = new Queue<Job, void, string>(name, { connection, prefix: `{${namespace}}` })
  queue.on('error', () => {})
  await queue.waitUntilReady()
  return {
    queue,
    async close() {
      await queue.close()
      end()
    },
  }
}

/** A connection that the system duplicates where it wants one of its own. */
function connect(where: Where, options: RedisOptions): { connection: ConnectionOptions; end(): void } {
  const own = { maxRetriesPerRequest: null, ...options }
  const client =
    typeof where === 'string'
      ? new Redis(where, own)
      : 'nodes' in where
        ? new Cluster((where as { nodes: Array<{ host: string; port: number }> }).nodes, { redisOptions: own })
        : new Redis({ ...(where as RedisOptions), ...own })
  client.on('error', () => {})
  return { connection: client, end: () => client.disconnect() }
}
