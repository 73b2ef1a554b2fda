// What stands behind a queue: its attributes and its partitions, found at first use.
import { randomUUID } from 'node:crypto'
import { DEFAULTS, type Stored, toFields } from './attributes.ts'
import { bounded } from './bounded.ts'
import { Closed, Overloaded, QueueDoesNotExist } from './errors.ts'
import { abandonLane, type Lane, makeLane } from './lane.ts'
import { BATCH } from './limits.ts'
import type { Connection } from './redis/connection.ts'
import type { Outgoing, Stored as StoredMessage } from './redis/deliveries.ts'
import { type Declared, Home } from './redis/home.ts'
import type { Inbox } from './redis/inbox.ts'
import { partitionTag } from './redis/keys.ts'
import { Partition } from './redis/partition.ts'
import type { Sent } from './sender.ts'

/** What all queues of one client share. */
export interface Shared {
  connection: Connection
  inbox: Inbox
  client: string
  namespace: string
  timeout: number
  maxPending: number
  closed: boolean
}

export interface Opened {
  attributes: Stored
  lanes: Lane[]
}

/** No answer for so many ms: Redis is away. */
const AWAY = 1_000

export class Backend {
  /** Set once the queue is open: then calls need not wait for it. */
  opened: Opened | undefined
  readonly home: Home
  /** Bytes of sendMany, and of sends before the queue was open, that are not answered yet. */
  bulkBytes = 0
  #opening: Promise<Opened> | undefined
  #places = ''
  #turn = Math.floor(Math.random() * BATCH)

  constructor(
    readonly shared: Shared,
    readonly name: string,
    /** What the sender of a message is told. */
    private readonly answer: (message: Outgoing, stored: StoredMessage) => Sent | Error,
    private readonly wanted: { stored: Partial<Stored>; partitions: number | undefined; update: boolean },
  ) {
    this.home = new Home(shared.connection, shared.namespace, name)
  }

  deadline(timeout = this.shared.timeout): number {
    if (this.shared.closed) throw new Closed('the client is closed')
    return performance.now() + timeout
  }

  /** Declare the queue and find its partitions, once. */
  open(): Promise<Opened> {
    this.#opening ??= this.#open().catch((error) => {
      this.#opening = undefined
      throw error
    })
    return this.#opening
  }

  /** The same for one call: until its own timeout, its bytes counted meanwhile. */
  async opening(bytes: number, timeout: number, signal?: AbortSignal): Promise<Opened> {
    this.admit(bytes)
    this.bulkBytes += bytes
    try {
      return await bounded(this.open(), timeout, signal)
    } finally {
      this.bulkBytes -= bytes
    }
  }

  async #open(): Promise<Opened> {
    const deadline = this.deadline()
    const { stored, partitions, update } = this.wanted
    const declared = await this.home.declare(update ? 'update' : 'open', toFields(stored), partitions, deadline)
    await this.home.register('add', deadline)
    const lanes = declared.places.map((place, i) => this.#lane(place, i))
    this.opened = { lanes, attributes: attributesOf(declared) }
    this.#places = declared.places.join()
    await this.#spread(declared, deadline)
    return this.opened
  }

  /** Change attributes for all processes: at the home first, then in each partition. */
  async configure(fields: string): Promise<void> {
    const opened = await this.open()
    const deadline = this.deadline()
    const declared = await this.home.declare('update', fields, undefined, deadline)
    opened.attributes = attributesOf(declared)
    await this.#spread(declared, deadline)
  }

  /** The stored attributes as they are now. */
  async look(): Promise<{ declared: Declared; attributes: Stored }> {
    await this.open()
    const declared = await this.home.declare('look', '', undefined, this.deadline())
    return { declared, attributes: attributesOf(declared) }
  }

  /** Remove the queue: its partitions, then its home, then its name. */
  async remove(): Promise<boolean> {
    const deadline = this.deadline()
    const { places } = await this.home.declare('look', '', undefined, deadline)
    await Promise.all(places.map((place, i) => this.#lane(place, i).partition.remove(deadline)))
    await this.home.remove(deadline)
    return this.home.register('remove', deadline)
  }

  /** Run what needs the partitions; where one is missing although the queue exists, make it and run again. */
  async withPartitions<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await task()
    } catch (error) {
      if (!(error instanceof QueueDoesNotExist)) throw error
      const deadline = this.deadline()
      const declared = await this.#find(deadline)
      if (declared.places.join() !== this.#places) {
        this.opened = undefined
        this.#opening = undefined
        throw new QueueDoesNotExist(`queue ${this.name} was removed and made anew with other partitions; call again`)
      }
      await this.#spread(declared, deadline)
      return task()
    }
  }

  /** The queue's home; where Redis has come back empty, made anew as this handle knew it. A removed queue stays removed. */
  async #find(deadline: number): Promise<Declared> {
    try {
      return await this.home.declare('look', '', undefined, deadline)
    } catch (error) {
      if (!(error instanceof QueueDoesNotExist) || (await this.home.register('removed', deadline))) throw error
    }
    const declared = await this.home.declare('open', toFields(this.wanted.stored), this.#places, deadline)
    await this.home.register('add', deadline)
    return declared
  }

  /** The lane for the next plain messages: it changes with every batch. */
  turnLane(lanes: Lane[]): Lane {
    return lanes[this.#turn % lanes.length] as Lane
  }

  /** A batch has gone: the next one goes to the next partition. */
  turn(): void {
    this.#turn++
  }

  /** Lanes in turn, so that no partition is always asked first. */
  fairly(lanes: Lane[]): Lane[] {
    const from = this.#turn++ % lanes.length
    return [...lanes.slice(from), ...lanes.slice(0, from)]
  }

  /** Refuse a send while Redis is away and as much is waiting as may be. */
  admit(bytes: number): void {
    const { shared } = this
    if (shared.closed) throw new Closed('the client is closed')
    if (shared.connection.ready && shared.connection.silence < AWAY) return
    const pending = this.#pending()
    if (pending + bytes <= shared.maxPending) return
    throw new Overloaded(
      `Redis is away and ${pending} bytes are waiting for it; \`maxPending\` is ${shared.maxPending}`,
    )
  }

  abandon(): void {
    for (const lane of this.opened?.lanes ?? []) abandonLane(lane)
  }

  #pending(): number {
    return (this.opened?.lanes ?? []).reduce(
      (sum, { sends, checkedSends }) => sum + sends.bytes + checkedSends.bytes,
      this.bulkBytes,
    )
  }

  async #spread(declared: Declared, deadline: number): Promise<void> {
    const attributes = { ...attributesOf(declared), paused: declared.paused ? '1' : '-' }
    const lanes = this.opened?.lanes ?? []
    await Promise.all(
      lanes.map(({ partition }) => partition.configure(declared.version, toFields(attributes), deadline)),
    )
  }

  #lane(place: string, index: number): Lane {
    const { connection, inbox, client, namespace } = this.shared
    const partition = new Partition(partitionTag(namespace, this.name, place), index, connection, inbox, client)
    return makeLane(partition, {
      run: (task) => this.withPartitions(task),
      answer: this.answer,
      sent: () => this.turn(),
    })
  }
}

function attributesOf({ fields }: Declared): Stored {
  const attributes = { ...DEFAULTS }
  for (const name of Object.keys(DEFAULTS) as (keyof Stored)[]) {
    if (fields[name] !== undefined) attributes[name] = Number(fields[name])
  }
  return attributes
}

export const newClientName = () => randomUUID().replaceAll('-', '').slice(0, 16)
