// Keeps the messages of one queue hidden while their handlers run: one call for each partition, three in a visibility.
import type { Backend } from '../lib/backend.ts'
import { BATCH } from '../lib/limits.ts'
import type { Claims } from './claims.ts'
import type { Fetcher } from './fetcher.ts'
import type { Job } from './job.ts'

/** A message can be hidden for 12 h in all, less what the way to Redis may take; then its handler has lost it. */
const LONGEST = 12 * 3_600_000 - 1_000

export interface Beating {
  /** Jobs that have waited for a slot for too long are given back. */
  release(jobs: Job[]): void
  lost(job: Job): void
  failed(error: Error): void
}

export class Heartbeat {
  #timer: NodeJS.Timeout | undefined

  constructor(
    private readonly backend: Backend,
    private readonly fetchers: Fetcher[],
    private readonly visibility: number,
    private readonly claims: Claims,
    private readonly beating: Beating,
  ) {}

  start(): void {
    this.#timer = setInterval(() => void this.beat(), Math.max(this.visibility / 3, 20))
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async beat(): Promise<void> {
    await Promise.all(
      this.fetchers.map((fetcher) => this.#beatOne(fetcher).catch((error) => this.beating.failed(error))),
    )
  }

  async #beatOne(fetcher: Fetcher): Promise<void> {
    const now = performance.now()
    const stale: Job[] = []
    const due: Job[] = []
    for (const job of fetcher.inHand.list()) {
      if (job.leaseUntil < now) this.#lost(job)
      else if (job.startedAt === 0 && job.waited) stale.push(job)
      else if (!job.overdue && job.leaseUntil - now < this.visibility * 0.75) due.push(job)
      job.waited = true
    }
    if (stale.length > 0) this.beating.release(stale)
    for (let i = 0; i < due.length; i += BATCH) await this.#prolong(fetcher, due.slice(i, i + BATCH))
  }

  async #prolong(fetcher: Fetcher, jobs: Job[]): Promise<void> {
    const { visibility } = this
    const now = performance.now()
    const batch = jobs.map(({ message: { delivered }, leaseFrom }) => ({
      short: delivered.short,
      deliveries: delivered.deliveries,
      receivedAt: delivered.receivedAt,
      group: delivered.group,
      sequence: delivered.sequence,
      visibility: Math.min(visibility, Math.max(Math.floor(leaseFrom + LONGEST - now), 0)),
    }))
    const outcomes = await fetcher.lane.partition.extend(
      batch,
      now + Math.min(this.backend.shared.timeout, visibility / 2),
      true,
    )
    for (const [i, job] of jobs.entries()) {
      if (outcomes[i] !== 'e') this.#lost(job)
      else job.leaseUntil = now + (batch[i]?.visibility ?? 0)
    }
    if (this.claims.used) await this.claims.prolong(this.backend, jobs, visibility)
  }

  /** One that is being completed is gone when that has been done. */
  #lost(job: Job): void {
    if (!job.settling) this.beating.lost(job)
  }
}
