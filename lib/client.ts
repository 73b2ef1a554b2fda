import { EventEmitter } from 'node:events'
import { newClientName, type Shared } from './backend.ts'
import { type Duration, milliseconds } from './duration.ts'
import { flag, known, namespaceName, whole } from './options.ts'
import { Queue, type QueueOptions } from './queue.ts'
import { Queues } from './queues.ts'
import { open } from './redis/connect.ts'
import { Inbox } from './redis/inbox.ts'
import { makePair, type Pair, type Where } from './redis/where.ts'

export interface ConnectOptions {
  /** Keeps teams and deployments apart on one Redis: 1 to 80 letters, digits, '.', '-' and '_'. 'default' unless given. */
  namespace?: string
  /** How long a call waits for Redis. 100 ms to 10 min, 10 s unless given. */
  timeout?: Duration
  /** Bytes of sends that may wait while Redis is away; past it a send is refused. 64 MiB unless given. */
  maxPending?: number
  /** Accept a Redis that evicts keys when its memory is full, and with them messages. */
  allowEviction?: boolean
}

/** ms in which a wake-up that is another's must have been passed on. */
const PASSING = 1_000

interface Events {
  /** Trouble with a connection; it is being mended. */
  error: [Error]
  /** Connected again. */
  reconnect: []
}

/** Connect to Redis, Valkey, a cluster of either, or the embedded store. */
export async function connect(where: Where = 'redis://localhost:6379', options: ConnectOptions = {}): Promise<Client> {
  known(options, ['namespace', 'timeout', 'maxPending', 'allowEviction'], 'connect')
  const namespace = namespaceName(options.namespace ?? 'default')
  const timeout = milliseconds(options.timeout ?? '10s', 'timeout', 100, '10m')
  const maxPending = whole(options.maxPending ?? 64 * 1024 * 1024, 'maxPending', 1024, Number.MAX_SAFE_INTEGER)
  const pair = await makePair(where)
  try {
    await open(pair, timeout, flag(options.allowEviction ?? false, 'allowEviction'))
  } catch (error) {
    disconnect(pair)
    throw error
  }
  return new Client(pair, { namespace, timeout, maxPending })
}

/** One process's way to its queues, over two connections. */
export class Client extends EventEmitter<Events> {
  /** List and remove queues. */
  readonly queues: Queues
  /** @internal */
  readonly shared: Shared
  readonly #pair: Pair
  readonly #open = new Set<Queue>()
  #closing: Promise<void> | undefined

  /** @internal */
  constructor(pair: Pair, options: { namespace: string; timeout: number; maxPending: number }) {
    super()
    const client = newClientName()
    const inbox = new Inbox(client, pair.commands, pair.subscriber)
    this.#pair = pair
    this.shared = { ...options, connection: pair.commands, inbox, client, closed: false }
    this.queues = new Queues(this.shared)
    inbox.pass = (topic) => this.#pass(topic)
    const report = (error: Error) => this.listenerCount('error') > 0 && this.emit('error', error)
    pair.commands.redis.on('error', report)
    pair.subscriber.on('error', report)
    pair.commands.redis.on('ready', () => this.emit('reconnect'))
  }

  /** A handle on a queue. Attributes are written or compared at its first use. */
  queue<Body = unknown, Result = unknown>(name: string, options?: QueueOptions<Body>): Queue<Body, Result> {
    const queue = new Queue<Body, Result>(this.shared, name, options)
    this.#open.add(queue as Queue)
    return queue
  }

  /** End all waits and connections. Calls that are not answered yet are rejected with Closed. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    this.shared.closed = true
    for (const queue of this.#open) queue.backend.abandon()
    await this.shared.inbox.close()
    disconnect(this.#pair)
  }

  // A wake-up for which nobody waits here any more: somebody elsewhere may.
  #pass(topic: string): void {
    for (const { backend } of this.#open) {
      const lane = backend.opened?.lanes.find(({ partition }) => partition.topic === topic)
      if (lane) return void lane.partition.nudge(performance.now() + PASSING).catch(() => {})
    }
  }
}

function disconnect({ commands, subscriber }: Pair): void {
  commands.close()
  subscriber.disconnect()
}
