// Running one job: the steps, then one way out for each outcome.
import type { EventEmitter } from 'node:events'
import type { Duration } from '../lib/duration.ts'
import { milliseconds } from '../lib/duration.ts'
import { Closed, LostMessage, Reject, SchemaMismatch, Timeout } from '../lib/errors.ts'
import { MAX_DELAY } from '../lib/limits.ts'
import { exponential } from './backoff.ts'
import type { Claims } from './claims.ts'
import type { Job } from './job.ts'
import type { Handler, WorkerEvents } from './types.ts'

export interface OutcomeOptions {
  maxRuntime: number | undefined
  backoff: ((attempts: number, error: unknown) => Duration) | undefined
}

export class Outcomes {
  constructor(
    private readonly events: EventEmitter<WorkerEvents>,
    private readonly handler: Handler,
    private readonly options: OutcomeOptions,
    private readonly claims: Claims,
    /** Told when a job is over. */
    private readonly over: (job: Job) => void,
  ) {}

  async run(job: Job): Promise<void> {
    const { message } = job
    const timer =
      this.options.maxRuntime === undefined ? undefined : setTimeout(() => this.#overdue(job), this.options.maxRuntime)
    let encoded: Buffer | undefined
    try {
      if (message.origin.content.schema) await message.check()
      job.result = await this.handler(message, job)
      if (job.result !== undefined) encoded = message.origin.content.encodeResult(job.result)
    } catch (error) {
      return await this.threw(job, error)
    } finally {
      if (timer) clearTimeout(timer)
    }
    if (job.over) return
    if (job.claim) await this.claims.complete(job, encoded).catch((error) => this.#report(job, error))
    else job.fetcher.done(job, message.key, encoded)
  }

  /** What Redis said to the completion of a job. */
  settled(job: Job, outcome: string): void {
    if (job.over) return
    if (outcome === 'l') {
      this.lost(job)
      return
    }
    this.over(job)
    if (job.startedAt > 0 && this.#heard('completed'))
      this.events.emit('completed', { message: job.message, result: job.result })
  }

  /** The key of the message is done: it is dropped before it reaches the handler. */
  duplicate(job: Job): void {
    const key = job.claim?.name as string
    job.claim = undefined
    job.fetcher.done(job)
    if (this.#heard('duplicate')) this.events.emit('duplicate', { message: job.message, key })
  }

  lost(job: Job): void {
    if (job.over) return
    this.over(job)
    job.abort(new LostMessage(`message ${job.message.id} belongs to another delivery now`))
    if (this.#heard('lost')) this.events.emit('lost', { message: job.message })
  }

  /** Give jobs that no handler has finished back, uncounted. */
  async release(jobs: Job[], delay = 0): Promise<void> {
    await Promise.all(
      jobs.map((job) =>
        this.#giveBack(job, 'uncounted', delay, '').then((back) => {
          if (back !== undefined && this.#heard('released')) this.events.emit('released', { message: job.message })
        }),
      ),
    )
  }

  /** The handler threw, or its key could not be derived. */
  async threw(job: Job, error: unknown): Promise<void> {
    if (job.over) return
    if (job.reason instanceof Closed) return this.release([job])
    if (rejects(error)) return this.#rejected(job, error.message)
    const delay = this.#delay(job, error)
    const back = await this.#giveBack(job, 'failed', delay, error instanceof Error ? error.message : String(error))
    if (back !== undefined && this.#heard('failed'))
      this.events.emit('failed', { message: job.message, error, delay, dead: !back })
  }

  async #rejected(job: Job, reason: string): Promise<void> {
    const back = await this.#giveBack(job, 'rejected', 0, reason)
    if (back !== undefined && this.#heard('rejected')) this.events.emit('rejected', { message: job.message, reason })
  }

  /** Back in the queue (true), a dead letter (false), or not known: then it comes back at its deadline. */
  async #giveBack(
    job: Job,
    how: 'uncounted' | 'failed' | 'rejected',
    delay: number,
    reason: string,
  ): Promise<boolean | undefined> {
    try {
      if (job.claim) await this.claims.drop(job)
      const back = await job.message.giveBack(how, delay, reason)
      this.over(job)
      return back
    } catch (error) {
      if (error instanceof LostMessage) this.lost(job)
      else this.#report(job, error as Error)
      return undefined
    }
  }

  #overdue(job: Job): void {
    job.overdue = true
    job.abort(
      new Timeout(
        `the handler of message ${job.message.id} ran longer than ${this.options.maxRuntime} ms (\`maxRuntime\`)`,
      ),
    )
  }

  #delay(job: Job, error: unknown): number {
    const { attempts } = job.message
    if (!this.options.backoff) return exponential(attempts)
    try {
      return milliseconds(this.options.backoff(attempts, error), 'backoff', 0, MAX_DELAY)
    } catch (fault) {
      this.#report(job, fault as Error)
      return exponential(attempts)
    }
  }

  #report(job: Job, error: Error): void {
    this.over(job)
    if (this.#heard('error')) this.events.emit('error', error)
  }

  // An event costs nothing unless somebody listens.
  #heard(event: keyof WorkerEvents): boolean {
    return this.events.listenerCount(event) > 0
  }
}

// By its code too: a handler may have been loaded with another copy of this package.
function rejects(error: unknown): error is Error {
  return error instanceof Reject || error instanceof SchemaMismatch || (error as Reject | null)?.code === 'Reject'
}
