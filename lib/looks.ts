// Looks at a queue's home, at most one a second: so old at most is what this process goes by where that matters.
const RECENT = 1_000

export class Looks {
  #at = Number.NEGATIVE_INFINITY
  #looking: Promise<unknown> | undefined

  constructor(private readonly look: () => Promise<unknown>) {}

  /** Settles when what this process knows is recent; also where the home could not be asked: then what it knows holds on. */
  async recent(): Promise<void> {
    if (!this.#looking) {
      if (performance.now() - this.#at < RECENT) return
      this.#at = performance.now()
      this.#looking = this.look()
        .catch(() => {})
        .finally(() => (this.#looking = undefined))
    }
    await this.#looking
  }
}
