/** One who waits for a topic. What comes before the wait begins is not lost. */
export class Watch {
  /** Told so already, or foretold when to look, by performance.now(). */
  #woken = false
  #foretold = Number.POSITIVE_INFINITY
  #settle: ((woken: boolean) => void) | undefined
  #timer: NodeJS.Timeout | undefined
  #until = 0

  /** `ended` is told whether a wake-up came that was not used. */
  constructor(private readonly ended: (unused: boolean) => void) {}

  /** Settles when woken (true), or after `ms` or when foretold (false). Once it has settled it can be called again. */
  wait(ms: number, signal?: AbortSignal): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#rest()
        reject(signal?.reason)
      }
      if (signal?.aborted) return reject(signal.reason)
      signal?.addEventListener('abort', abort, { once: true })
      this.#until = performance.now() + ms
      this.#settle = (woken) => {
        this.#rest()
        signal?.removeEventListener('abort', abort)
        resolve(woken)
      }
      if (this.#woken) this.#use()
      else this.#arm()
    })
  }

  /** Answers false when it is woken already. */
  wake(): boolean {
    if (this.#woken) return false
    this.#woken = true
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
    this.#woken = false
    this.#rest()
    this.ended(unused)
  }

  #use(): void {
    this.#woken = false
    this.#settle?.(true)
  }

  #arm(): void {
    clearTimeout(this.#timer)
    const ms = Math.min(this.#until, this.#foretold) - performance.now()
    this.#timer = setTimeout(() => this.#settle?.(false), Math.max(ms, 0))
  }

  #rest(): void {
    clearTimeout(this.#timer)
    this.#settle = undefined
    this.#foretold = Number.POSITIVE_INFINITY
  }
}
