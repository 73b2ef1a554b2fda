// What stands behind a queue: its attributes and its partitions, found at first use.
import { keptFields, type Stored, storedOf } from './attribute-fields.ts'
import { isFifo } from './attributes.ts'
import { bounded } from './bounded.ts'
import { type Decision, declare, making, missing, using, type Wanted } from './declaring.ts'
import { Dispatcher } from './dispatcher.ts'
import { Closed, QueueDoesNotExist } from './errors.ts'
import { type CompleteOptions, planFollowUps } from './follow-ups.ts'
import { abandonSends, type Lane, type LaneOwner } from './lane.ts'
import { Lanes } from './lanes.ts'
import { BATCH } from './limits.ts'
import { Looks } from './looks.ts'
import { PartitionMap } from './map.ts'
import { OrderedSends } from './ordered-sends.ts'
import type { Outgoing, Stored as StoredMessage } from './redis/deliveries.ts'
import { type Declared, Home } from './redis/home.ts'
import type { Level } from './redis/level.ts'
import type { Owner, Partition } from './redis/partition.ts'
import { Outdated } from './redis/refusals.ts'
import { repartitioning, settling, unsettled } from './repartition.ts'
import type { Sent } from './sender.ts'
import { admit, type Shared } from './shared.ts'
import { spread, type Told } from './spread.ts'

export interface Opened {
  attributes: Stored
  /** Of the attributes and the map. */
  version: number
  /** Of all partitions, the active ones first; another list when the map has changed. */
  lanes: Lane[]
  map: PartitionMap
}

export class Backend implements Owner, LaneOwner {
  /** Set once the queue is open: then calls need not wait for it. */
  opened: Opened | undefined
  readonly home: Home
  /** Sends to a FIFO queue. */
  readonly ordered: OrderedSends | undefined
  /** Bytes of sendMany, and of sends before the queue was open, that are not answered yet. */
  bulkBytes = 0
  /** Of the attributes and the map of partitions, as this process knows them. */
  version = ''
  /** Told when the map of partitions has changed. */
  readonly repartitioned = new Set<() => void>()
  readonly dispatcher: Dispatcher
  readonly #lanes: Lanes
  #opening: Promise<Opened> | undefined
  #mending: Promise<void> | undefined
  readonly #looks = new Looks(() => this.look())
  #known: Declared | undefined
  #turn = Math.floor(Math.random() * BATCH)

  constructor(
    readonly shared: Shared,
    readonly name: string,
    /** What the sender of a message is told. */
    answer: (message: Outgoing, stored: StoredMessage) => Sent | Error,
    private readonly wanted: Wanted,
  ) {
    this.home = new Home(shared.connection, shared.namespace, name)
    this.dispatcher = new Dispatcher(this, answer)
    this.#lanes = new Lanes(shared, name, this)
    if (isFifo(name) && wanted.sends !== false) {
      this.ordered = shared.ordered.get(name) ?? new OrderedSends(this)
      shared.ordered.set(name, this.ordered)
    }
  }

  /** Of sends and completions that do not say theirs; undefined for memory. */
  get level(): Level | undefined {
    return this.wanted.level
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
    const { home, wanted } = this
    const make = wanted.make ? making(home, wanted, this.shared.deleteWindow, deadline) : undefined
    const declared = await declare(home, deadline, using(home, wanted, deadline), make)
    if (!(await home.add(declared.version, deadline))) throw missing(this.name)
    const told = await spread(home, declared, deadline)
    const opened = this.#adopt(declared)
    await this.shared.errands.see(this.name, opened.attributes)
    // Not what the caller asked for: whoever opens the queue next can do it too.
    if (unsettled(declared)) await this.#settle(declared, told, deadline).catch(() => {})
    return opened
  }

  /** Change the queue for all processes: at the home first, then in each partition. Answers what both say then. */
  async change(decision: (home: Home, deadline: number) => Decision): Promise<{ declared: Declared; told: Told[] }> {
    await this.open()
    const deadline = this.deadline()
    const declared = await declare(this.home, deadline, decision(this.home, deadline))
    this.#adopt(declared)
    return { declared, told: await spread(this.home, declared, deadline) }
  }

  /** Change the number of active partitions; answers the map as it is then. */
  async repartition(count: number): Promise<Declared> {
    const { declared, told } = await this.change((home) => repartitioning(home, count))
    return unsettled(declared) ? this.#settle(declared, told, this.deadline()) : declared
  }

  /** Do what is left of changes of the map: drained partitions that stay cost each receiver a look. */
  async #settle(seen: Declared, told: Told[], deadline: number): Promise<Declared> {
    const { map } = this.opened as Opened
    const declared = await declare(this.home, deadline, await settling(seen, map, told, deadline))
    if (declared.version === seen.version) return seen
    this.#adopt(declared)
    await spread(this.home, declared, deadline)
    return declared
  }

  /** What the home says now: by that this process goes, too. */
  async look(): Promise<Declared> {
    await this.open()
    const declared = await declare(this.home, this.deadline(), () => undefined)
    try {
      this.#adopt(declared)
    } catch {} // made anew: the next call opens it
    return declared
  }

  /** Learn what has changed, unless this process has looked within a second; answers whether something has. */
  async renew(): Promise<boolean> {
    const { version } = this
    if (this.shared.connection.ready) await this.#looks.recent()
    return this.version !== version
  }

  /** Look at the home: what it says holds for this process, and for each partition that has not heard of it. */
  mend(error: Error): Promise<void> {
    this.#mending ??= this.#mend(error).finally(() => (this.#mending = undefined))
    return this.#mending
  }

  async #mend(error: Error): Promise<void> {
    const deadline = this.deadline()
    const found = await this.#find(deadline)
    // A home that has lost its last change says again what it says, above what the partition has heard.
    const lost = error instanceof Outdated && error.version > found.version
    const declared = lost ? ((await this.home.change(found.version, '', deadline)) ?? found) : found
    this.#adopt(declared)
    if (lost || !(error instanceof Outdated)) await spread(this.home, declared, deadline)
  }

  /** Go by what the home says, unless it was said before what this process goes by already. */
  #adopt(declared: Declared): Opened {
    const { opened } = this
    const anew = declared.created !== this.#known?.created
    if (opened && !anew && declared.version <= Number(this.version)) return opened
    if (opened && anew && declared.places.join() !== this.#known?.places.join()) {
      this.opened = undefined
      this.#opening = undefined
      throw new QueueDoesNotExist(`queue ${this.name} was removed and made anew with other partitions; call again`)
    }
    const attributes = storedOf(declared.fields)
    const before = opened?.lanes ?? []
    const lanes = this.#lanes.of(declared)
    this.#lanes.keep(lanes)
    const same = before.length === lanes.length && lanes.every((lane, i) => lane === before[i])
    this.version = String(declared.version)
    this.#known = declared
    const map = new PartitionMap(lanes, declared, attributes)
    const now = { attributes, version: declared.version, map, lanes: same ? before : lanes }
    this.opened = Object.assign(opened ?? {}, now)
    if (!same && before.length > 0) this.#tell(before)
    if (opened) this.shared.errands.see(this.name, attributes).catch(() => {})
    return this.opened
  }

  /** Those in this process who wait for messages look again, in the partitions that there are now. */
  #tell(before: Lane[]): void {
    for (const told of this.repartitioned) told()
    for (const { partition } of before) this.shared.inbox.lookAgain(partition.topic)
  }

  /** The queue's home; where Redis has come back empty, made anew as this handle knew it. A removed queue stays removed. */
  async #find(deadline: number): Promise<Declared> {
    const { home } = this
    const seen = await home.look(deadline)
    if (seen && !seen.removing) return seen
    if (seen || !this.#known || (await home.removed(deadline)).at !== undefined) throw missing(this.name)
    const { version, fields, places } = this.#known
    const made = await home.make(version, keptFields(fields), places.join(), deadline)
    const declared = made ?? (await home.look(deadline))
    if (!declared || !(await home.add(declared.version, deadline))) throw missing(this.name)
    return declared
  }

  /** Messages of a partition are to go to other queues. */
  forward(partition: Partition): void {
    void this.shared.outbox.forward(partition)
  }

  /** The lane for the next plain messages: it changes with every batch. */
  turnLane(): Lane {
    const { active } = (this.opened as Opened).map
    return active[this.#turn % active.length] as Lane
  }

  /** A batch has gone, or a receive begins: the next one goes to the next partition first. */
  turn(): number {
    return this.#turn++
  }

  /** Refuse a send while Redis is away and as much is waiting as may be. */
  admit(bytes: number): void {
    admit(this.shared, bytes, () => this.#lanes.bytes + this.bulkBytes + (this.ordered?.bytes ?? 0))
  }

  abandon(): void {
    this.#lanes.abandon()
    if (this.ordered) abandonSends(this.ordered.through(this))
  }

  /** Messages that are to follow a completion, as they are stored. */
  plan(options: CompleteOptions) {
    return planFollowUps(this.shared, this.name, options)
  }
}
