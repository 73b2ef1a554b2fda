// Forwards what partitions have for other queues, step by step: each step can be the last of this process, another goes on
// from there (docs/moving.md).
import { candidatesOf, isAway, nextPlace } from './addresses.ts'
import { isFifo } from './attributes.ts'
import { Backend } from './backend.ts'
import { Closed, QueueDoesNotExist } from './errors.ts'
import type { Lane } from './lane.ts'
import type { PartitionMap } from './map.ts'
import { queueNames } from './redis/home.ts'
import type { Partition } from './redis/partition.ts'
import { Behind, Outdated } from './redis/refusals.ts'
import { arrive, arrived, type Charge, entriesFor, type Leaving, strand, takeCharge } from './redis/transit.ts'
import type { Shared } from './shared.ts'

/** A queue that others made. */
const WANTED = { stored: {}, partitions: undefined, update: false, make: false, sends: false } as const
/** How often in a row the map of a queue may have changed. */
const CHANGES = 5

export class Outbox {
  /** ms for which nobody else forwards from the same partition. */
  lease = 5_000
  /** Queues that others made, by their names. */
  readonly #queues = new Map<string, Backend>()
  /** Partitions from which this client forwards, and whether to look again. */
  readonly #busy = new Map<string, { again: boolean; done: Promise<void> }>()
  /** Told what went wrong; it is tried again. */
  failed: (error: Error) => void = () => {}
  readonly #retries = new Set<NodeJS.Timeout>()

  constructor(private readonly shared: Shared) {}

  /** Forward all that a partition has for other queues. Settles when it is empty, or when this client can do no more. */
  forward(partition: Partition): Promise<void> {
    const busy = this.#busy.get(partition.tag)
    if (busy) {
      busy.again = true
      return busy.done
    }
    const mine = { again: true, done: Promise.resolve() }
    this.#busy.set(partition.tag, mine)
    mine.done = this.#empty(partition, mine)
    return mine.done
  }

  /** A queue that there is, whoever made it; undefined when there is none. */
  async queue(name: string): Promise<Backend | undefined> {
    const backend = this.#queues.get(name) ?? new Backend(this.shared, name, () => ({}), WANTED)
    this.#queues.set(name, backend)
    try {
      await backend.open()
      return backend
    } catch (error) {
      this.#queues.delete(name)
      // A queue that is listed and has no home was lost by its Redis: who uses it makes it anew.
      if (!(error instanceof QueueDoesNotExist)) throw error
      const { connection, namespace } = this.shared
      if ((await queueNames(connection, namespace, this.#deadline())).includes(name)) throw error
      return undefined
    }
  }

  /** What this client knows of a queue was of one that is gone. */
  forget(name: string): void {
    this.#queues.delete(name)
  }

  close(): void {
    for (const timer of this.#retries) clearTimeout(timer)
  }

  get #charge(): Charge {
    return { client: this.shared.client, lease: this.lease }
  }

  #deadline(): number {
    if (this.shared.closed) throw new Closed('the client is closed')
    return performance.now() + this.shared.timeout
  }

  async #empty(partition: Partition, mine: { again: boolean }): Promise<void> {
    const failures = new Map<string, unknown>()
    try {
      while (mine.again) {
        mine.again = false
        if (await this.#round(partition, failures)) mine.again = true
      }
    } catch (error) {
      failures.set('', error)
    } finally {
      // In the same breath as the last look at `again`: who calls from now on begins anew.
      this.#busy.delete(partition.tag)
    }
    if (failures.size === 0) return
    if (!this.shared.closed) for (const error of failures.values()) this.failed(error as Error)
    this.#retry(partition)
  }

  /** Go through the queues once; one that takes nothing stops no other. Answers whether there was something for those that have not failed. */
  async #round(partition: Partition, failures: Map<string, unknown>): Promise<boolean> {
    let some = false
    for (let cursor = ''; ; ) {
      const page = await takeCharge(partition, this.#charge, cursor, this.#deadline())
      for (const queue of page.queues.filter((one) => !failures.has(one))) {
        some = true
        await this.#forwardTo(partition, queue).catch((error) => failures.set(queue, error))
        if (this.shared.closed) throw new Closed('the client is closed')
      }
      cursor = page.cursor
      if (cursor === '') return some
    }
  }

  /** What could not be forwarded is tried again when others may try it, too. */
  #retry(partition: Partition): void {
    if (this.shared.closed) return
    const timer = setTimeout(() => {
      this.#retries.delete(timer)
      void this.forward(partition)
    }, this.lease).unref()
    this.#retries.add(timer)
  }

  /** Settles when all has arrived, or another is in charge; rejects when a place takes nothing. */
  async #forwardTo(partition: Partition, queue: string): Promise<void> {
    const backend = await this.queue(queue)
    if (!backend) {
      while ((await strand(partition, this.#charge, queue, this.#deadline())) > 0);
      return
    }
    let [from, changes] = [0, 0]
    let failure: unknown
    let failedBy: PartitionMap | undefined
    for (let places: (string | number)[] = []; ; ) {
      const { map } = await backend.open()
      const entries = await entriesFor(partition, this.#charge, queue, from, places, this.#deadline())
      if (entries === 'lost') return
      const [first] = entries
      // While a place of a FIFO queue takes nothing, nothing gets one by another map: it might overtake its group.
      if (failure && (!first || (first.place === undefined && isFifo(queue) && map !== failedBy))) throw failure
      if (!first) return
      places = first.place === undefined ? entries.flatMap((entry) => [entry.number, nextPlace(map, entry)]) : []
      if (first.place === undefined) continue
      const batch = entries.filter(({ place }) => place === first.place)
      try {
        if (!(await this.#deliver(partition, queue, map, batch))) return
      } catch (error) {
        if (error instanceof Closed) throw error
        if (!isChange(error) || ++changes > CHANGES) [from, failure, failedBy] = [first.place + 1, error, map]
        else if (!(await this.#mended(backend, error))) return this.#forwardTo(partition, queue)
      }
    }
  }

  /** Bring a batch to its place, and have it removed from the outbox. Answers whether this client is still in charge. */
  async #deliver(partition: Partition, queue: string, map: PartitionMap, batch: Leaving[]): Promise<boolean> {
    const { place } = batch[0] as { place: number }
    const lane = map.at(place)
    const onward = (which: Leaving[]) => which.flatMap((entry) => [entry.number, nextPlace(map, entry)])
    if (!lane) return arrived(partition, this.#charge, queue, place, '0', onward(batch), this.#deadline())
    // One that is moved back claims its key again, by what it was sent with.
    const print = ({ key, print, record }: Leaving) =>
      key === undefined || print !== '-' ? print : this.shared.content.printOf(record)
    const messages = batch.map((entry) => ({ ...entry, print: print(entry), stay: isAway(map, entry) }))
    const above = isFifo(queue) ? await this.#lastSequence(partition, map, lane, batch) : 0
    const { number, outcomes } = await arrive(lane.partition, partition.tag, above, messages, this.#deadline())
    // Those that only wait keep their place: others of their groups may be there.
    const moved = batch.filter((_, i) => outcomes[i] === 'v')
    return arrived(partition, this.#charge, queue, place, number, onward(moved), this.#deadline())
  }

  /** FIFO: the last sequence number of former homes, above which those of the home go on. */
  async #lastSequence(partition: Partition, map: PartitionMap, lane: Lane, batch: Leaving[]): Promise<number> {
    const formers = new Set(batch.flatMap((entry) => candidatesOf(map, entry)).filter((one) => one !== lane))
    const last = [...formers].map((former) => arrive(former.partition, partition.tag, 0, [], this.#deadline()))
    return Math.max(0, ...(await Promise.all(last)).map(({ sequence }) => sequence))
  }

  /** Learn what has changed about a queue; false when it is gone, or another one. */
  async #mended(backend: Backend, error: Error): Promise<boolean> {
    try {
      await backend.mend(error)
      return true
    } catch (fault) {
      if (!(fault instanceof QueueDoesNotExist)) throw fault
      this.forget(backend.name)
      return false
    }
  }
}

function isChange(error: unknown): error is Error {
  return error instanceof Outdated || error instanceof Behind || error instanceof QueueDoesNotExist
}
