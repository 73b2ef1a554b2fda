import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { Content } from './content.ts'
import { type Durability, levelOf } from './durability.ts'
import { type Duration, milliseconds } from './duration.ts'
import { Errands } from './errands.ts'
import { Closed } from './errors.ts'
import { MAX_TIMEOUT } from './limits.ts'
import { Mover } from './mover.ts'
import { Moves } from './moves.ts'
import { flag, known, namespaceName, regionName, whole } from './options.ts'
import { Outbox } from './outbox.ts'
import { Queue } from './queue.ts'
import type { QueueOptions } from './queue-options.ts'
import { Queues } from './queues.ts'
import { open } from './redis/connect.ts'
import { Inbox } from './redis/inbox.ts'
import { part } from './redis/own.ts'
import { persist } from './redis/persist.ts'
import { makePair, type Pair, type Where } from './redis/where.ts'
import type { Shared } from './shared.ts'

export interface ConnectOptions {
  /** Keeps teams and deployments apart on one Redis: 1 to 80 letters, digits, '.', '-' and '_'. 'default' unless given. */
  namespace?: string
  /** How long a call waits for Redis. 100 ms to 10 min, 10 s unless given. */
  timeout?: Duration
  /** Bytes of sends that may wait while Redis is away; past it a send is refused. 64 MiB unless given. */
  maxPending?: number
  /** Accept a Redis that evicts keys when its memory is full, and with them messages. */
  allowEviction?: boolean
  /** When sends and completions are answered, unless the queue's handle or they themselves say it: 'memory', 'fsync', or { fsync, replicas }. 'memory' unless given. */
  durability?: Durability
  /** The server writes each command to disk before it answers, and lets nobody ask: what `fsync` needs before Redis 7.2. */
  fsyncAlways?: boolean
  /** A queue is purged once in this time, as in SQS. 0 to 1 h, 60 s unless given; 0 for no such rule. */
  purgeWindow?: Duration
  /** A queue's name is not given again for this long after its removal, as in SQS. 0 to 1 h, 60 s unless given; 0 for no such rule. */
  deleteWindow?: Duration
  /** The region in the ARNs of queues; nothing else goes by it. 'us-east-1' unless given. */
  region?: string
}

/** ms in which a wake-up that is another's must have been passed on. */
const PASSING = 1_000

const CONNECT_OPTIONS = [
  'namespace',
  'timeout',
  'maxPending',
  'allowEviction',
  'durability',
  'fsyncAlways',
  'purgeWindow',
  'deleteWindow',
  'region',
]

type Settings = Omit<
  Shared,
  'connection' | 'inbox' | 'client' | 'closed' | 'ordered' | 'content' | 'outbox' | 'errands'
>

interface Events {
  /** Trouble with a connection; it is being mended. */
  error: [Error]
  /** Connected again. */
  reconnect: []
}

/** Connect to Redis, Valkey, a cluster of either, or the embedded store. */
export async function connect(where: Where = 'redis://localhost:6379', options: ConnectOptions = {}): Promise<Client> {
  known(options, CONNECT_OPTIONS, 'connect')
  const namespace = namespaceName(options.namespace ?? 'default')
  const timeout = milliseconds(options.timeout ?? '10s', 'timeout', 100, '10m')
  const maxPending = whole(options.maxPending ?? 64 * 1024 * 1024, 'maxPending', 1024, Number.MAX_SAFE_INTEGER)
  const purgeWindow = milliseconds(options.purgeWindow ?? '60s', 'purgeWindow', 0, '1h')
  const deleteWindow = milliseconds(options.deleteWindow ?? '60s', 'deleteWindow', 0, '1h')
  const region = regionName(options.region ?? 'us-east-1')
  const level = levelOf(options.durability)
  const fsyncAlways = flag(options.fsyncAlways ?? false, 'fsyncAlways')
  const pair = await makePair(where)
  pair.commands.fsyncAlways = fsyncAlways
  try {
    await open(pair, timeout, flag(options.allowEviction ?? false, 'allowEviction'))
  } catch (error) {
    disconnect(pair)
    throw error
  }
  return new Client(pair, { namespace, region, timeout, maxPending, purgeWindow, deleteWindow, level })
}

/** One process's way to its queues, over two connections. */
export class Client extends EventEmitter<Events> {
  /** Make, find, list, tag and remove queues. */
  readonly queues: Queues
  /** Move messages out of dead-letter queues, back to where they came from. */
  readonly moves: Moves
  /** @internal */
  readonly shared: Shared
  readonly #pair: Pair
  readonly #open = new Set<Queue>()
  #closing: Promise<void> | undefined

  /** @internal */
  constructor(pair: Pair, settings: Settings) {
    super()
    const client = randomUUID().replaceAll('-', '').slice(0, 16)
    const inbox = new Inbox(client, pair.commands, pair.subscriber)
    this.#pair = pair
    const content = new Content(pair.commands, undefined, false)
    const shared = { ...settings, connection: pair.commands, inbox, client, content, closed: false, ordered: new Map() }
    this.shared = Object.assign(shared, { outbox: undefined, errands: undefined }) as unknown as Shared
    this.shared.outbox = new Outbox(this.shared)
    const mover = new Mover(this.shared)
    this.shared.errands = new Errands(this.shared, mover)
    this.queues = new Queues(this.shared, (name) => this.#find(name))
    this.moves = new Moves(this.shared, mover, this.queues)
    inbox.pass = (topic) => this.#pass(topic)
    const report = (error: Error) => this.listenerCount('error') > 0 && this.emit('error', error)
    this.shared.outbox.failed = report
    pair.commands.redis.on('error', report)
    pair.subscriber.on('error', report)
    pair.commands.redis.on('ready', () => this.emit('reconnect'))
  }

  /** A handle on a queue. Attributes are written or compared at its first use. */
  queue<Body = unknown, Result = unknown>(name: string, options?: QueueOptions<Body>): Queue<Body, Result> {
    return this.#keep(new Queue<Body, Result>(this.shared, name, options))
  }

  /** ms that Redis takes to answer; on a cluster, the slowest master. Rejects with Timeout or Closed. */
  async ping(options: { timeout?: Duration } = {}): Promise<number> {
    known(options, ['timeout'], 'ping')
    const { connection, timeout: usual, closed } = this.shared
    const timeout = options.timeout === undefined ? usual : milliseconds(options.timeout, 'timeout', 1, MAX_TIMEOUT)
    if (closed) throw new Closed('the client is closed')
    const begun = performance.now()
    await persist(connection, begun + timeout, () => connection.ping())
    return performance.now() - begun
  }

  /** Hold on to a handle no more: for programs that open queues without end. Calls on their way go on. */
  forget(queue: Queue<never, never> | Queue): void {
    this.#open.delete(queue as Queue)
    if (![...this.#open].some(({ name }) => name === queue.name)) this.shared.ordered.delete(queue.name)
  }

  /** End all waits and connections. Calls that are not answered yet are rejected with Closed. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #find(name: string): Promise<Queue> {
    const queue = new Queue(this.shared, name, {}, false)
    await queue.backend.open()
    return this.#keep(queue)
  }

  #keep<Body, Result>(queue: Queue<Body, Result>): Queue<Body, Result> {
    this.#open.add(queue as Queue)
    return queue
  }

  async #close(): Promise<void> {
    this.shared.closed = true
    this.shared.errands.close()
    this.shared.outbox.close()
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
  part(subscriber)
}
