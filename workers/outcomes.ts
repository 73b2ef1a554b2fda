// Running one job: the steps, then one way out for each outcome.
import type { EventEmitter } from 'node:events'
import { levelOf } from '../lib/durability.ts'
import type { Duration } from '../lib/duration.ts'
import { milliseconds } from '../lib/duration.ts'
import { Closed, LostMessage, ReceiptExpired, Reject, SchemaMismatch } from '../lib/errors.ts'
import { Complete } from '../lib/follow-ups.ts'
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

  /** Run the handler: what it returns, or a promise of it. */
  start(job: Job): unknown {
    const { message } = job
    const { maxRuntime } = this.options
    if (maxRuntime !== undefined) job.limit(maxRuntime)
    if (message.origin.content.schema) return message.check().then(() => this.handler(message, job))
    return this.handler(message, job)
  }

  /** The handler has returned. Answers a promise where Redis has to be asked before the next job begins. */
  ended(job: Job, result: unknown): Promise<void> | undefined {
    if (result instanceof Complete || job.claim) return this.#finish(job, result)
    const encoded = this.#keep(job, result)
    if (!job.over) job.fetcher.done(job, job.message.key, encoded)
    return undefined
  }

  /** What is done under a key that the worker derived, or has messages that follow it. */
  async #finish(job: Job, result: unknown): Promise<void> {
    const complete = result instanceof Complete ? result : undefined
    const followUps = complete && (await job.message.origin.lane.plan(complete.options))
    job.level = levelOf(complete?.options.durability, job.level)
    const encoded = this.#keep(job, complete ? complete.result : result)
    if (job.over) return
    if (job.claim)
      await this.claims.complete(job, encoded, followUps).catch((error) => {
        if (error instanceof LostMessage) this.lost(job)
        else this.#report(job, error)
      })
    else job.fetcher.done(job, job.message.key, encoded, followUps)
  }

  /** The result of a job, as it is stored. */
  #keep(job: Job, result: unknown): Buffer | undefined {
    clearTimeout(job.timer)
    job.result = result
    return result === undefined ? undefined : job.message.origin.content.encodeResult(result)
  }

  /** What Redis said to the completion of a job. */
  settled(job: Job, outcome: string): void {
    if (job.over) return
    if (outcome !== 'd') {
      this.lost(job)
      return
    }
    this.over(job)
    if (job.startedAt > 0 && this.#heard('completed'))
      this.events.emit('completed', { message: job.message, result: job.result })
  }

  /** Its completion has not reached its level in time, or was not sent: then the message comes back at its deadline. */
  unsettled(job: Job, error: Error): void {
    if (!job.over) this.#report(job, error)
  }

  /** The key of the message is done: it is dropped before it reaches the handler. */
  duplicate(job: Job): void {
    const key = job.claim?.name as string
    job.claim = undefined
    job.fetcher.done(job)
    if (this.#heard('duplicate')) this.events.emit('duplicate', { message: job.message, key })
  }

  /** Its deadline may have passed before it was begun: Redis knows whether it is still ours, and then it is for as long again. */
  async keeps(job: Job): Promise<boolean> {
    const { delivered, origin } = job.message
    const now = performance.now()
    const batch = [{ ...delivered, group: delivered.group, sequence: delivered.sequence }]
    job.leaseUntil = Number.POSITIVE_INFINITY // so that no heartbeat gives it up while Redis is asked
    const answer = origin.lane.partition.extend(batch, now + origin.timeout, true)
    const [outcome] = await answer.catch(() => [])
    if (outcome !== 'e') this.lost(job)
    job.leaseUntil = now + delivered.visibility
    return !job.over
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
    clearTimeout(job.timer)
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
      if (error instanceof LostMessage || error instanceof ReceiptExpired) this.lost(job)
      else this.#report(job, error as Error)
      return undefined
    }
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
