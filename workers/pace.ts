// How fast messages of noisy tenants start. Where handlers take about the same time, places that were all taken at once are
// all free again at once, and whoever sends in between finds none. So free places are filled one after another, evenly over
// the time that a handler takes: then one is free soon whenever a quiet tenant sends.

/** ms: whom shorter handlers keep waiting does not notice. */
const SHORT = 5
/** Handlers whose times differ by more than this part of their mean come apart by themselves. */
const ALIKE = 0.25
/** A timer is that late, in ms: what may start meanwhile starts with it. */
const TICK = 2
/** A little faster than places become free, so that none stays empty for long. */
const FASTER = 0.98
/** Jobs over which means are taken. */
const MEMORY = 64

export class Pace {
  /** ms that handlers take, and how far they are from it, on average. */
  #mean: number | undefined
  #spread = 0
  /** When the next may start. */
  #next = 0

  constructor(
    private readonly concurrency: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  ended(took: number): void {
    this.#mean ??= took
    this.#spread += (Math.abs(took - this.#mean) - this.#spread) / MEMORY
    this.#mean += (took - this.#mean) / MEMORY
  }

  /** How many may start now; undefined is any number. */
  room(): number | undefined {
    if (this.#mean === undefined || this.#mean < SHORT || this.#spread > this.#mean * ALIKE) return undefined
    return Math.max(0, Math.floor((this.now() - this.#earliest()) / this.#interval() + 1))
  }

  /** So many start now, whoever sent them: quiet tenants are never kept, the noisy ones make up for it. */
  started(count: number): void {
    if (this.#mean !== undefined) this.#next = this.#earliest() + count * this.#interval()
  }

  /** ms until the next may start. */
  get wait(): number {
    return Math.max(0, this.#earliest() - this.now())
  }

  #interval(): number {
    return ((this.#mean as number) * FASTER) / this.concurrency
  }

  /** What was not used for long is lost: else all would start at once after all. */
  #earliest(): number {
    return Math.max(this.#next, this.now() - Math.max(TICK, this.#interval()))
  }
}
