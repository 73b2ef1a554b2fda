// bee-queue under the harness, as its documentation advises: no events between processes, no jobs kept in memory, stalled
// jobs looked for at the stall interval; done jobs are kept, so that the id of one that is done is known.
import { createRequire } from 'node:module'
import BeeQueue from 'bee-queue'
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

export const version: string = createRequire(import.meta.url)('bee-queue/package.json').version

/** ms a worker that is to end waits for its handlers. */
const GRACE = 5000
const MANY = 1_000_000

export async function watch(place: Place, _: QueueSettings): Promise<Watcher> {
  const queue = await open(place, { isWorker: false })
  return {
    async left() {
      const { waiting, active, delayed } = await queue.checkHealth()
      return waiting + active + delayed
    },
    dead: async () => (await queue.getJobs('failed', { size: MANY })).map(({ data }) => data.effect),
    // What its keys must look like only its authors know.
    unsound: async () => [],
    faults: async () => [],
    close: () => queue.close(GRACE),
  }
}

export async function produce(place: Place, { timeout }: ProducerOptions): Promise<Producer> {
  const queue = await open(place, { isWorker: false, activateDelayedJobs: true })
  return {
    send: (send) => within(timeout, answered(queue, named(send))),
    close: () => queue.close(GRACE),
  }
}

async function answered(queue: BeeQueue<Job>, send: Send & { id: string }): Promise<Answer> {
  const job = queue.createJob(send.job).setId(send.id).retries(100).backoff('fixed', 100)
  if (send.delay !== undefined) job.delayUntil(Date.now() + send.delay)
  try {
    const error = send.bulk ? (await queue.saveAll([job])).get(job) : void (await job.save())
    if (error) throw error
    // Where there was one of this id the new one gets none.
    return { outcome: job.id === null ? 'duplicate' : 'ok', id: send.id }
  } catch (error) {
    const { name, message } = error as Error
    return { outcome: name === 'ReplyError' ? 'refused' : 'unknown', id: send.id, error: `${name}: ${message}` }
  }
}

/** It has no timeout of its own for a call. */
async function within(ms: number, answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Answer>((resolve) => {
    timer = setTimeout(resolve, ms, { outcome: 'unknown', error: 'no answer in time' })
  })
  return await Promise.race([answer, late]).finally(() => clearTimeout(timer))
}

export async function work(place: Place, settings: WorkerSettings, hooks: Hooks): Promise<WorkerHandle> {
  const queue = await open(place, { stallInterval: settings.visibility, activateDelayedJobs: true })
  const deliveries = new WeakMap<BeeQueue.Job<Job>, Delivery>()
  queue.on('error', hooks.trouble)
  const told = (event: 'completed' | 'failed') => (job: BeeQueue.Job<Job>) =>
    hooks.told(event, deliveries.get(job) ?? deliveryOf(job))
  queue.on('succeeded', told('completed'))
  queue.on('failed', told('failed'))
  queue.checkStalledJobs(settings.visibility, (error) => error && hooks.trouble(error))
  queue.process(settings.concurrency, async (job: BeeQueue.Job<Job>) => {
    const delivery = deliveryOf(job)
    deliveries.set(job, delivery)
    await hooks.handle(delivery)
  })
  return { stop: () => queue.close(GRACE) }
}

// It does not count how often a job was handed out.
const deliveryOf = ({ data, id }: BeeQueue.Job<Job>): Delivery => ({ job: data, id, receive: 0 })

async function open({ where, namespace, queue: name }: Place, settings: BeeQueue.QueueSettings) {
  if (typeof where !== 'string') throw new Error('bee-queue connects to one server')
  const { hostname: host, port } = new URL(where)
  const own = { getEvents: false, sendEvents: false, storeJobs: false }
  const redis = { host, port: Number(port), retry_strategy: () => 500 }
  const queue = new BeeQueue<Job>(name, { ...own, ...settings, prefix: namespace, redis })
  queue.on('error', () => {})
  await queue.ready()
  return queue
}
