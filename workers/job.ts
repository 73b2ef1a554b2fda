// A message in the hands of a worker: waiting for a slot, running, or over.
import type { Message } from '../lib/message.ts'
import type { Partition } from '../lib/redis/partition.ts'
import type { Fetcher } from './fetcher.ts'
import type { HandlerContext } from './types.ts'

/** A key that the worker derived, and the partition in which it is claimed. */
export interface Claim {
  key: string
  name: string
  home: Partition
}

export class Job implements HandlerContext {
  /** It is no longer ours: done, given back, or lost. */
  over = false
  startedAt = 0
  /** Its handler has run too long: it gets no heartbeats any more. */
  overdue = false
  /** It has waited for a slot since before the last heartbeat. */
  waited = false
  claim: Claim | undefined
  result: unknown
  #controller: AbortController | undefined
  #reason: Error | undefined

  constructor(
    readonly message: Message,
    readonly fetcher: Fetcher,
    /** Until when it is ours if no heartbeat succeeds, by performance.now(). */
    public leaseUntil: number,
  ) {}

  get fence(): number {
    return this.message.fence
  }

  // Most handlers never ask for it, and a controller costs more than all else that is made for a message.
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.#reason) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  /** Why its handler was told to end, if it was. */
  get reason(): Error | undefined {
    return this.#reason
  }

  abort(reason: Error): void {
    if (this.#reason) return
    this.#reason = reason
    this.#controller?.abort(reason)
  }
}
