// A queue in a namespace of its own, watched over a good connection whatever happens to the others.
import { Cluster } from 'ioredis'
import { expect, vi } from 'vitest'
import { partitionOf, shorten } from '../../lib/id.ts'
import {
  type Client,
  type ConnectOptions,
  connect,
  type Queue,
  type QueueOptions,
  type Where,
} from '../../lib/index.ts'
import { scripts } from '../../lib/redis/scripts.generated.ts'
import { faultsOf, keysBehind } from '../harness/inside.ts'
import { namespace } from '../harness/stores.ts'
import type { Task } from './ledger.ts'
import { until } from './until.ts'

// Servers and whole processes are started here, on whatever machine this is.
vi.setConfig({ testTimeout: 120_000 })

/** What may be left when all messages are gone: marks, attributes, and who waited when its process was killed. */
const LEFT = /:(?:meta|waiters|recent:[ab]|processed:[ab]|sent:[ab])$/
const EMPTY = { ready: 0, delayed: 0, inFlight: 0, dead: 0 }

export interface Scene extends AsyncDisposable {
  where: Where
  namespace: string
  client: Client
  queue: Queue<Task>
  /** Another client, as another process would have it; by default to the same place. */
  another(options?: ConnectOptions, where?: Where): Promise<{ client: Client; queue: Queue<Task> }>
  /** What is in flight comes back now, as it does when its deadline has passed: whoever had it is dead. */
  expire(): Promise<void>
  /** How many wait for messages. */
  waiting(): Promise<number>
  /** Waits until nothing is left; each message was in exactly one state, and no key stays but marks and attributes. */
  empty(): Promise<void>
}

export const fifoScene = (where: Where, options: QueueOptions<Task> = {}): Promise<Scene> =>
  scene(where, { partitions: 1, contentBasedDeduplication: true, ...options }, 'tasks.fifo')

export async function scene(where: Where, options: QueueOptions<Task> = {}, name = 'tasks'): Promise<Scene> {
  const own = namespace()
  const clients: Client[] = []
  const open = async (place: Where, connectOptions: ConnectOptions = {}) => {
    const client = await connect(place, { namespace: own, purgeWindow: 0, deleteWindow: 0, ...connectOptions })
    client.on('error', () => {})
    clients.push(client)
    return client
  }
  const client = await open(where)
  const queue = client.queue<Task>(name, options)
  await queue.stats()
  return {
    where,
    namespace: own,
    client,
    queue,
    async another(connectOptions, place = where) {
      const other = await open(place, connectOptions)
      return { client: other, queue: other.queue<Task>(name) }
    },
    async expire() {
      const { messages } = await queue.peek({ state: 'inFlight', limit: 500 })
      const { map } = await queue.backend.open()
      for (const { id, deliveries } of messages) {
        const short = shorten(id)
        const receipt = { short, deliveries, receivedAt: Date.now(), visibility: 0 }
        await map.at(partitionOf(short))?.partition.extend([receipt], queue.backend.deadline())
      }
    },
    async waiting() {
      const { redis } = client.shared.connection
      const keys = (queue.backend.opened?.lanes ?? []).map(({ partition }) => `boomerang:{${partition.tag}}:waiters`)
      const counts = await Promise.all(keys.map((key) => redis.zcard(key)))
      return counts.reduce((sum, count) => sum + count, 0)
    },
    async empty() {
      await until('the queue is empty', async () => {
        const { ready, delayed, inFlight } = await queue.stats()
        return ready + delayed + inFlight === 0
      })
      expect(await queue.stats()).toMatchObject(EMPTY)
      expect(await faultsOf(queue)).toEqual([])
      expect((await keysBehind(client)).filter((key) => !LEFT.test(key))).toEqual([])
    },
    async [Symbol.asyncDispose]() {
      for (const one of clients) await one.close()
    },
  }
}

export async function loadScripts(client: Client): Promise<void> {
  const { redis } = client.shared.connection
  const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis]
  for (const { text } of Object.values(scripts)) {
    await Promise.all(nodes.map((node) => node.script('LOAD', text)))
  }
}
