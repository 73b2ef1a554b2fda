// Calls that meet, or come while a batch is on its way, travel together: each caller has a promise of its own.
import { Timeout } from './errors.ts'
import { BATCH, BATCH_BYTES } from './limits.ts'

/** What one call adds to a batch. */
export interface Load {
  bytes: number
  /** Messages, those that follow it included. */
  weight: number
}

interface Entry<In, Out> extends Load {
  item: In
  deadline: number
  resolve: (out: Out) => void
  reject: (error: unknown) => void
}

/** How a batch is run: outcomes (an error rejects) in the order of the items; the deadline is by performance.now(). */
type Run<In, Out> = (items: In[], deadline: number) => Promise<(Out | Error)[]>

/** How many of a list go in one call to Redis, at least one. */
export function fitting(list: Load[], most = BATCH): number {
  let [bytes, weight, count] = [0, 0, 0]
  for (const load of list) {
    bytes += load.bytes
    weight += load.weight
    if (count === most || (count > 0 && (bytes > BATCH_BYTES || weight > BATCH))) break
    count++
  }
  return count
}

/** A batch this large need not wait for the one before it. */
const LARGE = 32

export interface BatcherOptions {
  /** Told when a batch has gone. */
  onBatch?: () => void
  /** One batch on its way at a time, so that calls keep their order. */
  alone?: boolean
}

export class Batcher<In, Out> {
  /** Bytes of the calls that are not answered yet. */
  bytes = 0
  #waiting: Entry<In, Out>[] = []
  #scheduled = false
  // A list: the table of a Set is copied every few additions, and keeps for the collector what was in it by then.
  #flying: Entry<In, Out>[][] = []
  #timer: NodeJS.Timeout | undefined
  /** For when the timer is set. */
  #alarm = Number.POSITIVE_INFINITY

  /** `late` makes the error for a call without an answer: `sent` says whether it was on its way. */
  constructor(
    private readonly run: Run<In, Out>,
    private readonly late: (item: In, sent: boolean) => Error,
    private readonly options: BatcherOptions = {},
  ) {}

  add(item: In, bytes: number, timeout: number, signal?: AbortSignal, weight = 1): Promise<Out> {
    return new Promise((resolve, reject) => {
      const entry: Entry<In, Out> = { item, bytes, weight, deadline: performance.now() + timeout, resolve, reject }
      if (signal?.aborted) return reject(signal.reason)
      if (signal) this.#heed(signal, entry)
      this.#waiting.push(entry)
      this.bytes += bytes
      if (entry.deadline < this.#alarm) this.#wakeAt(entry.deadline)
      this.#schedule()
    })
  }

  /** Reject all that is not answered yet. */
  abandon(error: (item: In) => Error): void {
    for (const entry of this.#all()) entry.reject(error(entry.item))
    this.#waiting = []
    clearTimeout(this.#timer)
  }

  #all(): Entry<In, Out>[] {
    return [...this.#flying.flat(), ...this.#waiting]
  }

  #heed(signal: AbortSignal, entry: Entry<In, Out>): void {
    const abort = () => {
      const at = this.#waiting.indexOf(entry)
      if (at >= 0) this.bytes -= this.#waiting.splice(at, 1)[0]?.bytes ?? 0
      entry.reject(signal.reason)
    }
    signal.addEventListener('abort', abort, { once: true })
    const { resolve, reject } = entry
    const heedless =
      <T>(settle: (value: T) => void) =>
      (value: T) => {
        signal.removeEventListener('abort', abort)
        settle(value)
      }
    entry.resolve = heedless(resolve)
    entry.reject = heedless(reject)
  }

  // At the end of the tick, so that calls that meet go together; beside a batch on its way only a large one, so that
  // Redis and this process work at the same time.
  #schedule(): void {
    if (this.#scheduled || this.#waiting.length === 0) return
    if (this.#flying.length > 0) {
      if (this.options.alone || this.#flying.length > 1 || this.#waiting.length < LARGE) return
    }
    this.#scheduled = true
    process.nextTick(this.#flush)
  }

  #flush = (): void => {
    this.#scheduled = false
    const batch = this.#next()
    if (batch.length === 0) return
    this.#flying.push(batch)
    this.#schedule()
    this.options.onBatch?.()
    const deadline = batch.reduce((latest, entry) => Math.max(latest, entry.deadline), 0)
    this.run(
      batch.map((entry) => entry.item),
      deadline,
    )
      .then(
        (outs) => this.#settle(batch, outs),
        (error) => {
          for (const entry of batch) entry.reject(error instanceof Timeout ? this.late(entry.item, true) : error)
        },
      )
      .then(() => {
        this.#flying.splice(this.#flying.indexOf(batch), 1)
        for (const entry of batch) this.bytes -= entry.bytes
        this.#schedule()
      })
  }

  #settle(batch: Entry<In, Out>[], outs: (Out | Error)[]): void {
    for (let i = 0; i < batch.length; i++) {
      const [entry, out] = [batch[i] as Entry<In, Out>, outs[i]]
      if (out instanceof Error) entry.reject(out)
      else entry.resolve(out as Out)
    }
  }

  // Where enough wait for two batches, half of them go first: the other half follows while Redis has the first.
  #next(): Entry<In, Out>[] {
    const some = this.#waiting.length
    const halved = !this.options.alone && this.#flying.length === 0 && some >= 2 * LARGE
    const most = halved ? Math.min(Math.ceil(some / 2), BATCH) : BATCH
    const count = fitting(this.#waiting, most)
    if (count === this.#waiting.length) {
      const all = this.#waiting
      this.#waiting = []
      return all
    }
    return this.#waiting.splice(0, count)
  }

  // One timer serves all calls: it is set anew for the earliest deadline that is left.
  #expire = (): void => {
    const now = performance.now()
    const expired = this.#waiting.filter((entry) => entry.deadline <= now)
    if (expired.length > 0) {
      this.#waiting = this.#waiting.filter((entry) => entry.deadline > now)
      for (const entry of expired) {
        this.bytes -= entry.bytes
        entry.reject(this.late(entry.item, false))
      }
    }
    for (const batch of this.#flying) {
      for (const entry of batch) if (entry.deadline <= now) entry.reject(this.late(entry.item, true))
    }
    this.#alarm = Number.POSITIVE_INFINITY
    let next = Number.POSITIVE_INFINITY
    for (const { deadline } of this.#all()) if (deadline > now) next = Math.min(next, deadline)
    if (next < Number.POSITIVE_INFINITY) this.#wakeAt(next)
  }

  #wakeAt(time: number): void {
    clearTimeout(this.#timer)
    this.#alarm = time
    this.#timer = setTimeout(this.#expire, time - performance.now() + 1).unref()
  }
}
