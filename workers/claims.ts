// Keys that a worker derives from messages sent without one: claimed before the handler starts, remembered with the
// completion. A key has a home partition; where that is the message's own, mark and delete are one script, else the mark
// comes first: a crash in between leaves a message that is dropped as a duplicate when it comes back.
import type { Backend } from '../lib/backend.ts'
import { InvalidName } from '../lib/errors.ts'
import { keyDigest, partitionOfKey } from '../lib/key.ts'
import type { Message } from '../lib/message.ts'
import type { Partition } from '../lib/redis/partition.ts'
import type { Job } from './job.ts'

/** A message whose key is held by another waits this long at the most before it is looked at again. */
const LONGEST_WAIT = 2_000

export interface Claimed {
  granted: Job[]
  /** Done before: to be dropped. */
  duplicates: Job[]
  /** Held by another message: to be given back for so many ms. */
  held: { job: Job; wait: number }[]
  /** Their keys could not be derived. */
  failed: { job: Job; error: unknown }[]
}

export class Claims {
  constructor(private readonly keyOf: ((message: Message) => string) | undefined) {}

  get used(): boolean {
    return this.keyOf !== undefined
  }

  /** Claim the keys of jobs just received, in one call for each home. */
  async take(backend: Backend, jobs: Job[], lease: number): Promise<Claimed> {
    const claimed: Claimed = { granted: [], duplicates: [], held: [], failed: [] }
    const derived = jobs.filter((job) => {
      if (job.message.key !== undefined) claimed.granted.push(job)
      return job.message.key === undefined && this.#derive(backend, job, claimed)
    })
    await this.#each(derived, async (home, list) => {
      const outcomes = await home.claim(list.map(claimOf), lease, backend.deadline())
      for (const [i, { outcome, wait }] of outcomes.entries()) {
        const job = list[i] as Job
        if (outcome === 'g') claimed.granted.push(job)
        else if (outcome === 'd') claimed.duplicates.push(job)
        else claimed.held.push({ job, wait: Math.min(Math.max(wait, 50), LONGEST_WAIT) })
      }
    })
    return claimed
  }

  /** Hold the claims of running jobs for another lease. */
  async prolong(backend: Backend, jobs: Job[], lease: number): Promise<void> {
    await this.#each(
      jobs.filter((job) => job.claim),
      async (home, list) => void (await home.claim(list.map(claimOf), lease, backend.deadline())),
    )
  }

  /** The work of a job with a claim is done. */
  async complete(job: Job, result: Buffer | undefined): Promise<void> {
    const { claim, message, fetcher } = job
    if (!claim) return
    const here = claim.home === fetcher.lane.partition
    if (!here) await claim.home.unclaim([{ ...claimOf(job), done: true }], performance.now() + message.origin.timeout)
    fetcher.done(job, here ? claim.key : undefined, result)
  }

  /** The work is not done: others may claim the key. */
  async drop(job: Job): Promise<void> {
    const { claim, message } = job
    if (claim) await claim.home.unclaim([{ ...claimOf(job), done: false }], performance.now() + message.origin.timeout)
    job.claim = undefined
  }

  #derive(backend: Backend, job: Job, claimed: Claimed): boolean {
    try {
      const name = (this.keyOf as (message: Message) => string)(job.message)
      if (typeof name !== 'string') throw new InvalidName(`\`idempotencyKey\` must answer a text, got ${typeof name}`)
      const lanes = (backend.opened as NonNullable<Backend['opened']>).lanes
      const key = keyDigest(name)
      job.claim = { key, name, home: (lanes[partitionOfKey(key, lanes.length)] as (typeof lanes)[number]).partition }
      return true
    } catch (error) {
      claimed.failed.push({ job, error })
      return false
    }
  }

  async #each(jobs: Job[], task: (home: Partition, jobs: Job[]) => Promise<void>): Promise<void> {
    const homes = new Map<Partition, Job[]>()
    for (const job of jobs) {
      const home = job.claim?.home as Partition
      homes.set(home, [...(homes.get(home) ?? []), job])
    }
    await Promise.all([...homes].map(([home, list]) => task(home, list)))
  }
}

const claimOf = ({ message, claim }: Job) => ({ short: message.delivered.short, key: claim?.key as string })
