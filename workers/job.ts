// A message in the hands of a worker: waiting for a slot, running, or over.
import { Timeout } from '../lib/errors.ts'
import type { Lane } from '../lib/lane.ts'
import type { Message } from '../lib/message.ts'
import type { Level } from '../lib/redis/level.ts'
import type { Fetcher } from './fetcher.ts'
import type { HandlerContext } from './types.ts'

/** A key that the worker derived, and the partition in which it is claimed. */
export interface Claim {
  key: string
  name: string
  /** Once it is granted. */
  home: Lane | undefined
}

export class Job implements HandlerContext {
  /** It is no longer ours: done, given back, or lost. */
  over = false
  startedAt = 0
  /** Its completion is on its way to a level of durability: the message may be gone already. */
  settling = false
  /** Its handler has run too long: it gets no heartbeats any more. */
  overdue = false
  /** It has waited for a slot since before the last heartbeat. */
  waited = false
  /** Ends it when it runs too long. */
  timer: NodeJS.Timeout | undefined
  claim: Claim | undefined
  result: unknown
  /** At which it is completed; undefined for memory. */
  level: Level | undefined
  #controller: AbortController | undefined
  #reason: Error | undefined

  constructor(
    readonly message: Message,
    readonly fetcher: Fetcher,
    /** When it was received at the earliest, by performance.now(). */
    readonly leaseFrom: number,
    /** Until when it is ours if no heartbeat succeeds, by performance.now(). */
    public leaseUntil: number,
  ) {
    this.level = message.origin.level
  }

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

  /** From now on its handler has `maxRuntime` ms. */
  limit(maxRuntime: number): void {
    this.timer = setTimeout(() => {
      this.overdue = true
      const { id } = this.message
      this.abort(new Timeout(`the handler of message ${id} ran longer than ${maxRuntime} ms (\`maxRuntime\`)`))
    }, maxRuntime)
  }

  abort(reason: Error): void {
    if (this.#reason) return
    this.#reason = reason
    this.#controller?.abort(reason)
  }
}
