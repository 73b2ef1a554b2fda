// The specification as sentences about clients, the same for every store.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Client, type ConnectOptions, connect, type Queue, type QueueOptions } from '../../lib/index.ts'
import { namespace, redisUrl, stores, valkeyUrl } from '../harness/stores.ts'
import { faults } from '../lua/sound.ts'
import type { NotEmbedded } from './embedded.ts'
import type { BeyondSqs } from './endpoint/beyond.ts'
import { wordInSqs } from './endpoint/words.ts'

type Store = (typeof stores)[number]['store']

export interface World {
  store: Store | 'endpoint'
  /** The client of the file. */
  client: Client
  /** Another client of the same namespace, as another process would have it; closed after the test. */
  another(options?: ConnectOptions): Promise<Client>
  /** A queue of its own for each test. */
  queue<Body = unknown, Result = unknown>(options?: QueueOptions<Body>): Queue<Body, Result>
  /** The same, a FIFO queue. */
  fifo<Body = unknown, Result = unknown>(options?: QueueOptions<Body>): Queue<Body, Result>
  /** A handle on a queue of the test by another client. */
  same<Body, Result>(client: Client, queue: Queue<Body, Result>): Queue<Body, Result>
  /** For a sentence that cannot be said in SQS's words: `needs('results').test(…)`. It is none where all is said in them. */
  needs(what: BeyondSqs | undefined): Pick<typeof import('vitest'), 'describe' | 'test'>
  /** What a refusal is called here: SQS has one code for several of the library's, and another, `inSqs`, for some. */
  code(code: string, inSqs?: string): string
  /** Waits until something is over that was given so many ms: where SQS counts, whole seconds. */
  past(ms: number): Promise<void>
}

/** What is purged or removed can be so again at once, unless a test says otherwise. */
const NO_WINDOWS = { purgeWindow: 0, deleteWindow: 0 }

const STORES = ['redis', 'valkey', 'cluster', 'memory'] as const
/** Over each store, and once more over Redis as programs see it that speak SQS: an AWS SDK, and a server. */
export const EVERYWHERE = [...STORES, 'endpoint'] as const
/** A sentence that is none. */
const NONE = { test: unsaid(), describe: unsaid() } as unknown as ReturnType<World['needs']>

/** Runs the sentences over each store, or over some: then `reason` says why not over the embedded one. After each test every message of its queues is in exactly one state. */
export function over(
  sentences: (world: World) => void,
  which: readonly World['store'][] = STORES,
  _reason?: NotEmbedded,
): void {
  const places = [...stores, { store: 'endpoint', where: redisUrl } as const]
  const here = places.filter(({ store }) => which.includes(store) && (store !== 'valkey' || valkeyUrl() !== ''))
  describe.each(here)('on $store', ({ store, where }) => {
    const own = namespace()
    const place = () => (store === 'memory' ? `memory:${own}` : where())
    const known = { ids: new Set<string>(), values: new Set<string>() }
    const open = async (options: ConnectOptions = {}): Promise<Client> => {
      const wanted = { namespace: own, ...NO_WINDOWS, ...options }
      if (store !== 'endpoint') return connect(place(), wanted)
      // An SDK takes its time to load, and most files do without.
      const { connectEndpoint } = await import('./endpoint/client.ts')
      return (await connectEndpoint(redisUrl(), wanted, known)) as unknown as Client
    }
    const queues: Queue[] = []
    const clients: Client[] = []
    let count = 0
    const world: World = {
      store,
      client: undefined as unknown as Client,
      another: async (options) => {
        const client = await open(options)
        clients.push(client)
        return client
      },
      queue: (options) => made(`queue${++count}`, options as QueueOptions<never>) as never,
      fifo: (options) => made(`queue${++count}.fifo`, options as QueueOptions<never>) as never,
      same: (client, queue) => client.queue(queue.name) as never,
      needs: (what) => (what && store === 'endpoint' ? NONE : { describe, test }),
      code: (code, inSqs = wordInSqs(code)) => (store === 'endpoint' ? inSqs : code),
      past: (ms) => sleep(store === 'endpoint' ? Math.ceil(ms / 1000) * 1000 + 50 : ms + 30),
    }
    const made = (name: string, options?: QueueOptions<never>) => {
      const queue = world.client.queue<never, never>(name, options)
      queues.push(queue as unknown as Queue)
      return queue
    }
    beforeAll(async () => {
      world.client = await open()
    })
    afterEach(async () => {
      for (const client of clients.splice(0)) await client.close()
      // What is on its way to another queue is read in two moments: a fault stays.
      for (const queue of queues.splice(0)) await expect.poll(() => faultsOf(queue)).toEqual([])
    })
    afterAll(() => world.client.close())
    sentences(world)
  })
}

function unsaid() {
  const none = () => none
  return Object.assign(none, { each: none, for: none })
}

/** Where the one server of a world is, for a proxy in front of it. A cluster's clients go to its nodes, past any proxy. */
export const serverOf = ({ store }: World): string => (store === 'valkey' ? valkeyUrl() : redisUrl())

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
