/**
 * Who wakes: 'redis', one client for all, so that it is passed on until somebody looks; or somebody 'here', which concerns
 * nobody else, for Redis itself tells others where there is more.
 */
export type Wake = 'redis' | 'here'

/** One who waits for a topic. What comes before the wait begins is not lost. */
export class Watch {
  /** Told so already, or foretold when to look, by performance.now(). */
  #woken: Wake | undefined
  #foretold = Number.POSITIVE_INFINITY
  #settle: ((woken: boolean) => void) | undefined
  #timer: NodeJS.Timeout | undefined
  #until = 0

  /** `ended` is told of a wake-up that came and was not used. */
  constructor(private readonly ended: (unused: Wake | undefined) => void) {}

  /** Settles when woken (true), or after `ms` or when foretold (false). Once it has settled it can be called again. */
  wait(ms: number, signal?: AbortSignal): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#stop()
        reject(signal?.reason)
      }
      if (signal?.aborted) return reject(signal.reason)
      signal?.addEventListener('abort', abort, { once: true })
      this.#until = performance.now() + ms
      const settle = (woken: boolean) => {
        this.#rest()
        signal?.removeEventListener('abort', abort)
        resolve(woken)
      }
      this.#settle = settle
      if (this.#woken) this.#use()
      else this.#arm()
    })
  }

  /** Answers false when it is woken already, by as much. */
  wake(by: Wake = 'redis'): boolean {
    if (this.#woken && (this.#woken === by || by === 'here')) return false
    this.#woken = by
    if (this.#settle) this.#use()
    return true
  }

  /** There will be something to look at then. */
  foretell(at: number): void {
    this.#foretold = Math.min(this.#foretold, at)
    if (this.#settle) this.#arm()
  }

  end(): void {
    const unused = this.#woken
    this.#woken = undefined
    this.#rest()
    this.ended(unused)
  }

  #use(): void {
    this.#woken = undefined
    this.#settle?.(true)
  }

  #arm(): void {
    clearTimeout(this.#timer)
    const ms = Math.min(this.#until, this.#foretold) - performance.now()
    this.#timer = setTimeout(() => this.#settle?.(false), Math.max(ms, 0))
  }

  #rest(): void {
    this.#stop()
    this.#foretold = Number.POSITIVE_INFINITY
  }

  // What was foretold to a wait that was given up for another's sake holds for the next one.
  #stop(): void {
    clearTimeout(this.#timer)
    this.#settle = undefined
  }
}
