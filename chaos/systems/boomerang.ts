// Boomerang under the harness.
import { createRequire } from 'node:module'
import {
  BoomerangError,
  CannotConnect,
  type Client,
  connect,
  type Durability,
  type Entry,
  type Handler,
  type Message,
  type Queue,
  type SendOptions,
  type Sent,
  Worker,
  type WorkerOptions,
} from '../../lib/index.ts'
import type { Delivery, Job, Send } from '../job.ts'
import type { Answer, Hooks, Place, Producer, ProducerOptions, WorkerHandle, WorkerSettings } from '../system.ts'

import { deliveryOf } from './boomerang-delivery.ts'

export { watch } from './boomerang-watch.ts'

export const version: string = createRequire(import.meta.url)('../../package.json').version

/** After these nobody knows whether the message exists; after all others it does not. */
const UNKNOWN = ['Timeout', 'NotDurable', 'Closed', 'RedisFailure']

/** 'memory', 'fsync', 'replicas(n)', or 'fsync+replicas(n)'. */
export function durability(level: string): Durability {
  const replicas = Number(/replicas\((\d+)\)/.exec(level)?.[1] ?? 0)
  if (replicas > 0) return { replicas, fsync: level.startsWith('fsync') }
  return level as 'memory' | 'fsync'
}

export async function open({ where, namespace }: Place, timeout: number): Promise<Client> {
  const client = await connected(() => connect(where, { namespace, timeout }))
  client.on('error', () => {})
  return client
}

/** The timeout of its calls is short for connecting on a busy machine, which is not what is tried. */
async function connected(attempt: () => Promise<Client>): Promise<Client> {
  for (let left = 10; ; left--) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof CannotConnect) || left === 0) throw error
    }
  }
}

export async function produce(place: Place, { level, timeout }: ProducerOptions): Promise<Producer> {
  const client = await open(place, timeout)
  const queue = client.queue<Job>(place.queue, { durability: durability(level) })
  return {
    send: (send) => answered(send.bulk ? inBulk(queue, send) : queue.send(send.job, optionsOf(send))),
    close: () => client.close(),
  }
}

async function inBulk(queue: Queue<Job>, send: Send): Promise<Sent> {
  const entry: Entry<Job> = { body: send.job, ...optionsOf(send) }
  const [outcome] = await queue.sendMany([entry])
  if (outcome && 'error' in outcome) throw outcome.error
  return outcome as Sent
}

const optionsOf = ({ key, group, id, delay }: Send): SendOptions => ({
  ...(key !== undefined && { idempotencyKey: key }),
  ...(group !== undefined && { group }),
  ...(id !== undefined && { id }),
  ...(delay !== undefined && { delay }),
})

async function answered(call: Promise<Sent>): Promise<Answer> {
  try {
    const { id, duplicate } = await call
    return { outcome: duplicate ? 'duplicate' : 'ok', id }
  } catch (error) {
    if (!(error instanceof BoomerangError)) throw error
    const unknown = UNKNOWN.includes(error.code)
    return { outcome: unknown ? 'unknown' : 'refused', id: (error as { id?: string }).id, error: error.code }
  }
}

export async function work(place: Place, settings: WorkerSettings, hooks: Hooks): Promise<WorkerHandle> {
  const client = await open(place, 10_000)
  const queue = client.queue<Job, undefined>(place.queue)
  const deliveries = new WeakMap<Message, Delivery>()
  const options: WorkerOptions<Job> = {
    concurrency: settings.concurrency,
    visibility: settings.visibility,
    durability: durability(settings.level),
    backoff: () => 100,
    ...(settings.derived && { idempotencyKey: ({ body }) => body.effect }),
    ...(settings.maxRuntime !== undefined && { maxRuntime: settings.maxRuntime }),
    ...(settings.isolate !== undefined && { isolate: true }),
  }
  const handler: Handler<Job, undefined> = async (message, { signal }) => {
    const delivery = { ...deliveryOf(message), signal }
    deliveries.set(message, delivery)
    signal.addEventListener('abort', () => hooks.told('aborted', delivery))
    await hooks.handle(delivery)
    return undefined
  }
  const worker = new Worker<Job, undefined>(queue, (settings.isolate ?? handler) as typeof handler, options)
  const told = (event: 'completed' | 'lost' | 'failed' | 'dropped') => (of: { message: Message<Job> }) =>
    hooks.told(event, deliveries.get(of.message) ?? deliveryOf(of.message))
  worker.on('completed', told('completed'))
  worker.on('lost', told('lost'))
  worker.on('failed', told('failed'))
  worker.on('duplicate', told('dropped'))
  worker.on('error', hooks.trouble)
  await worker.start()
  return {
    async stop() {
      await worker.stop({ grace: '5s' })
      await client.close()
    },
  }
}
