// Runs jobs at a concurrency. It only says how many more it can take; where they come from is the fetchers' concern.
import pLimit, { type LimitFunction } from 'p-limit'
import type { Job } from './job.ts'

/** Handlers that take longer than this get nothing fetched ahead. */
const SHORT = 100
/** What is fetched ahead should start within this part of the visibility timeout. */
const PART = 0.02
const MOST_AHEAD = 1000

export class Executor {
  readonly running = new Set<Job>()
  #waiting: Job[] = []
  #head = 0
  #slots = 0
  #idle: (() => void) | undefined
  #average: number | undefined
  readonly #limit: LimitFunction

  constructor(
    private readonly concurrency: number,
    private readonly aheadAllowed: boolean,
    /** Must not reject. */
    private readonly run: (job: Job) => Promise<void>,
    /** Told when there is room for another job. */
    private readonly freed: () => void,
  ) {
    this.#limit = pLimit(concurrency)
  }

  /** Jobs that wait for a slot. */
  get ahead(): number {
    return this.#waiting.length - this.#head
  }

  /** How many jobs more to fetch, with `visibility` ms for each. */
  room(visibility: number): number {
    return this.concurrency + this.#mayWait(visibility) - this.#slots - this.ahead
  }

  add(jobs: Job[], first: Job[] = []): void {
    if (first.length > 0) {
      this.#waiting = [...first, ...this.#waiting.slice(this.#head)]
      this.#head = 0
    }
    for (const job of jobs) this.#waiting.push(job)
    for (let free = Math.min(this.concurrency - this.#slots, this.ahead); free > 0; free--) {
      this.#slots++
      void this.#limit(this.#work)
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
    if (this.#slots === 0) return Promise.resolve(true)
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), ms)
      this.#idle = () => {
        clearTimeout(timer)
        resolve(true)
      }
    })
  }

  /** A slot: runs one job after another until none waits. */
  #work = async (): Promise<void> => {
    for (let job = this.#next(); job; job = this.#next()) {
      if (job.over) continue
      this.running.add(job)
      job.startedAt = performance.now()
      await this.run(job)
      this.running.delete(job)
      const took = performance.now() - job.startedAt
      this.#average = this.#average === undefined ? took : this.#average + (took - this.#average) / 16
      if (this.ahead > 0) this.freed()
    }
    if (--this.#slots === 0) this.#idle?.()
    this.freed()
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
    const [oldest] = this.running
    return oldest !== undefined && performance.now() - oldest.startedAt > SHORT
  }
}
