// The specification as sentences about clients, the same for every store.
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { type Client, type ConnectOptions, connect, type Queue, type QueueOptions } from '../../lib/index.ts'
import { namespace, stores } from '../harness/stores.ts'
import { faults } from '../lua/sound.ts'

export interface World {
  store: (typeof stores)[number]['store']
  /** The client of the file. */
  client: Client
  /** Another client of the same namespace, as another process would have it; closed after the test. */
  another(options?: ConnectOptions): Promise<Client>
  /** A queue of its own for each test. */
  queue<Body = unknown, Result = unknown>(options?: QueueOptions<Body>): Queue<Body, Result>
  /** A handle on a queue of the test by another client. */
  same<Body, Result>(client: Client, queue: Queue<Body, Result>): Queue<Body, Result>
}

/** Runs the sentences over each store. After each test every message of its queues is in exactly one state. */
export function over(
  sentences: (world: World) => void,
  which: readonly World['store'][] = ['redis', 'cluster', 'memory'],
): void {
  describe.each(stores.filter(({ store }) => which.includes(store)))('on $store', ({ store, where }) => {
    const own = namespace()
    const place = () => (store === 'memory' ? `memory:${own}` : where())
    const queues: Queue[] = []
    const clients: Client[] = []
    let count = 0
    const world: World = {
      store,
      client: undefined as unknown as Client,
      another: async (options = {}) => {
        const client = await connect(place(), { namespace: own, ...options })
        clients.push(client)
        return client
      },
      queue: (options) => {
        const queue = world.client.queue<never, never>(`queue${++count}`, options as QueueOptions<never>)
        queues.push(queue as unknown as Queue)
        return queue as never
      },
      same: (client, queue) => client.queue(queue.name) as never,
    }
    beforeAll(async () => {
      world.client = await connect(place(), { namespace: own })
    })
    afterEach(async () => {
      for (const client of clients.splice(0)) await client.close()
      for (const queue of queues.splice(0)) expect(await faultsOf(queue)).toEqual([])
    })
    afterAll(() => world.client.close())
    sentences(world)
  })
}

export async function faultsOf(queue: Queue<never, never> | Queue): Promise<string[]> {
  const { redis } = queue.backend.shared.connection
  const lanes = queue.backend.opened?.lanes ?? []
  const found = await Promise.all(lanes.map(({ partition }) => faults(redis, partition.tag)))
  return found.flat()
}

/** The error of a call that must fail, with its code. */
export async function refusal(call: Promise<unknown> | (() => unknown)): Promise<{ code: string; message: string }> {
  try {
    await (typeof call === 'function' ? call() : call)
  } catch (error) {
    return error as { code: string; message: string }
  }
  throw new Error('it was not refused')
}
