// Runs jobs at a concurrency. It only says how many more it can take; where they come from is the fetchers' concern.
import type { Job } from './job.ts'
import { Pace } from './pace.ts'

/** Handlers that take longer than this get nothing fetched ahead. */
const SHORT = 100
/** What is fetched ahead should start within this part of the visibility timeout. */
const PART = 0.02
const MOST_AHEAD = 1000

/** What an executor needs of its worker. */
export interface Running {
  /** Runs its handler: what that returns, or a promise of it. */
  start(job: Job): unknown
  /** It has returned; answers a promise where there is more to do for it. */
  ended(job: Job, result: unknown): Promise<void> | undefined
  threw(job: Job, error: unknown): Promise<void>
  /** It was not begun while it was surely ours: is it still, or does another have it, or has done it? */
  keeps(job: Job): Promise<boolean>
  /** There is room for another job. */
  freed(): void
  failed(error: Error): void
}

export class Executor {
  #waiting: Job[] = []
  #head = 0
  /** What runs in each slot. */
  readonly #slots: (Job | undefined)[]
  readonly #free: number[]
  #idle: (() => void) | undefined
  #average: number | undefined
  /** At which messages of noisy tenants start. */
  readonly pace: Pace

  constructor(
    private readonly concurrency: number,
    private readonly aheadAllowed: boolean,
    private readonly worker: Running,
  ) {
    this.pace = new Pace(concurrency)
    this.#slots = new Array(concurrency).fill(undefined)
    this.#free = Array.from({ length: concurrency }, (_, slot) => slot)
  }

  /** Jobs whose handlers run now. */
  running(): Job[] {
    return this.#slots.filter((job) => job !== undefined)
  }

  /** Jobs that wait for a slot. */
  get ahead(): number {
    return this.#waiting.length - this.#head
  }

  /** How many jobs more to fetch, with `visibility` ms for each. */
  room(visibility: number): number {
    return this.#free.length + this.#mayWait(visibility) - this.ahead
  }

  add(jobs: Job[], first: Job[] = []): void {
    if (first.length > 0) {
      this.#waiting = [...first, ...this.#waiting.slice(this.#head)]
      this.#head = 0
    }
    for (const job of jobs) this.#waiting.push(job)
    for (let free = Math.min(this.#free.length, this.ahead); free > 0; free--) {
      void this.#work(this.#free.pop() as number)
    }
  }

  /** Take back the jobs that still wait for a slot, or those of them that `which` names. */
  withdraw(which: (job: Job) => boolean = () => true): Job[] {
    const waiting = this.#waiting.slice(this.#head)
    this.#waiting = waiting.filter((job) => !which(job))
    this.#head = 0
    return waiting.filter(which)
  }

  /** Settles when nothing runs any more (true), or after `ms` (false). */
  idle(ms: number): Promise<boolean> {
    if (this.#free.length === this.concurrency) return Promise.resolve(true)
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), ms)
      this.#idle = () => {
        clearTimeout(timer)
        resolve(true)
      }
    })
  }

  /** A slot runs one job after another until none waits. */
  async #work(slot: number): Promise<void> {
    await undefined // whoever fetched the jobs goes on first
    let now = performance.now()
    for (let job = this.#next(); job; job = this.#next()) {
      if (job.over) continue
      // A process that stood still, or whose answer was long on its way, has no heartbeat that could have said so.
      if (job.leaseUntil <= now && !(await this.worker.keeps(job))) continue
      this.#slots[slot] = job
      job.startedAt = now
      // Here, and not in a function of its own: a promise less for each message.
      try {
        const more = this.worker.ended(job, await this.worker.start(job))
        if (more) await more
      } catch (error) {
        await this.worker.threw(job, error).catch((fault) => this.worker.failed(fault))
      }
      now = performance.now()
      const took = now - job.startedAt
      this.#average = this.#average === undefined ? took : this.#average + (took - this.#average) / 16
      this.pace.ended(took)
      if (this.ahead > 0) this.worker.freed()
    }
    this.#slots[slot] = undefined
    this.#free.push(slot)
    if (this.#free.length === this.concurrency) this.#idle?.()
    this.worker.freed()
  }

  #next(): Job | undefined {
    if (this.#head === this.#waiting.length) {
      this.#waiting = []
      this.#head = 0
      return undefined
    }
    return this.#waiting[this.#head++]
  }

  #mayWait(visibility: number): number {
    const average = this.#average
    if (!this.aheadAllowed || average === undefined || average > SHORT || this.#stuck()) return 0
    return Math.floor(Math.min((this.concurrency * visibility * PART) / Math.max(average, 0.001), MOST_AHEAD))
  }

  #stuck(): boolean {
    const early = performance.now() - SHORT
    return this.#slots.some((job) => job !== undefined && job.startedAt < early)
  }
}
