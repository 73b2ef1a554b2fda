// Keys that a worker derives from messages sent without one: claimed before the handler starts, remembered with the
// completion. A key has a home partition; where that is the message's own, mark and delete are one script, else the mark
// comes first: a crash in between leaves a message that is dropped as a duplicate when it comes back.
import type { Backend } from '../lib/backend.ts'
import { InvalidName, LostMessage } from '../lib/errors.ts'
import { hashOfKey, keyDigest } from '../lib/key.ts'
import type { Message } from '../lib/message.ts'
import type { FollowUp } from '../lib/redis/deliveries.ts'
import { MOVED, routed } from '../lib/route.ts'
import type { Claim, Job } from './job.ts'

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
      return job.message.key === undefined && this.#derive(job, claimed)
    })
    for (const [i, out] of (await this.#claim(backend, derived, lease)).entries()) {
      const job = derived[i] as Job
      if (out instanceof Error) throw out
      if (out.outcome === 'g') claimed.granted.push(job)
      else if (out.outcome === 'd') claimed.duplicates.push(job)
      else claimed.held.push({ job, wait: Math.min(Math.max(out.wait, 50), LONGEST_WAIT) })
    }
    return claimed
  }

  /** Hold the claims of running jobs for another lease. */
  async prolong(backend: Backend, jobs: Job[], lease: number): Promise<void> {
    const held = jobs.filter((job) => job.claim)
    const failed = (await this.#claim(backend, held, lease)).find((out) => out instanceof Error)
    if (failed) throw failed
  }

  /** The work of a job with a claim is done. */
  async complete(job: Job, result: Buffer | undefined, followUps?: FollowUp[]): Promise<void> {
    const { claim, message, fetcher } = job
    if (!claim) return
    const here = claim.home === fetcher.lane
    if (here) return fetcher.done(job, claim.key, result, followUps)
    // What follows goes with the mark, which comes first: where that is not sure, the message comes back and is looked at again.
    const deadline = performance.now() + message.origin.timeout
    const home = claim.home?.at(job.level).partition
    const outcome = await home?.unclaim([{ ...claimOf(job), done: true, followUps }], deadline)
    if (outcome !== 'e')
      throw new LostMessage(`the claim of message ${message.id} on key '${claim.name}' had ended before it was done`)
    fetcher.done(job, undefined, result)
  }

  /** The work is not done: others may claim the key. */
  async drop(job: Job): Promise<void> {
    const { claim, message } = job
    const deadline = performance.now() + message.origin.timeout
    if (claim) await claim.home?.partition.unclaim([{ ...claimOf(job), done: false }], deadline)
    job.claim = undefined
  }

  #derive(job: Job, claimed: Claimed): boolean {
    try {
      const name = (this.keyOf as (message: Message) => string)(job.message)
      if (typeof name !== 'string') throw new InvalidName(`\`idempotencyKey\` must answer a text, got ${typeof name}`)
      job.claim = { key: keyDigest(name), name, home: undefined }
      return true
    } catch (error) {
      claimed.failed.push({ job, error })
      return false
    }
  }

  /** In one call for each partition; a key whose home has changed is asked for at its former homes first. */
  #claim(backend: Backend, jobs: Job[], lease: number) {
    // As they are now: a job may give its claim up while it is being prolonged.
    const claims = jobs.map((job) => ({ claim: job.claim as Claim, ...claimOf(job) }))
    return routed<(typeof claims)[number], { outcome: string; wait: number }>(
      backend,
      claims,
      (map, { key }) => map.candidates(hashOfKey(key)),
      async (lane, list, how) => {
        const outs = await lane.partition.claim(list, lease, backend.deadline(), how)
        return outs.map((out, i) => {
          if (out.outcome === 'v') return MOVED
          if (out.outcome === 'g') (list[i] as (typeof claims)[number]).claim.home = lane
          return out
        })
      },
    )
  }
}

const claimOf = ({ message, claim }: Job) => ({ short: message.delivered.short, key: claim?.key as string })
