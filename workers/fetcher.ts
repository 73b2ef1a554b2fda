// Fetches from one partition: completions travel with the next receive, so the steady state is one round trip.
//
// hungry ──call──> calling ──messages──> hungry
//                     └── nothing ──> asleep ──woken, or something is due──> hungry

import { fitting } from '../lib/batcher.ts'
import { Closed } from '../lib/errors.ts'
import { type Lane, loadOf } from '../lib/lane.ts'
import { BATCH, IDLE_WAIT } from '../lib/limits.ts'
import type { Batch, FollowUp } from '../lib/redis/deliveries.ts'
import type { Watch } from '../lib/redis/watch.ts'
import type { Appetite, Feeding } from './feeding.ts'
import { InHand } from './in-hand.ts'
import type { Job } from './job.ts'

/** A full half batch is sent before the other jobs go on, so that Redis and this process work at the same time. */
const HALF = 128
const PAUSE = 250
const MOST_CONFIRMING = 1_000

const NONE: Appetite = { max: 0, returning: 0, each: undefined }

export class Fetcher {
  /** All messages of this partition that the worker has in hand. */
  readonly inHand = new InHand()
  /** Messages whose deadline had passed were not asked for, though there may be some. */
  skipped = false
  /** Messages of this partition carry groups: tenants that are to be served fairly. */
  tenants = false
  #state: 'hungry' | 'calling' | 'asleep' | 'stopped' = 'hungry'
  #scheduled = false
  #done: Job[] = []
  #watch: Watch | undefined
  /** Woken while a call was on its way, which may have come too early to see why. */
  #woken = false
  #ended: (() => void) | undefined
  #closed = false
  #timer: NodeJS.Timeout | undefined
  /** Some completions have messages that follow them. */
  #follows = false
  #retired = false
  /** Completions on their way to a level of durability. */
  #confirming = 0

  constructor(
    readonly lane: Lane,
    private readonly feeding: Feeding,
  ) {}

  /** So many completions are not confirmed yet that nothing more is to be handed out. */
  get full(): boolean {
    return this.#confirming >= MOST_CONFIRMING
  }

  /** When Redis last answered, by performance.now(). */
  answeredAt(): number {
    return this.feeding.answeredAt()
  }

  /** A job is done: its completion travels with the next call. */
  done(job: Job, key?: string, result?: Buffer, followUps?: FollowUp[]): void {
    const { delivered } = job.message
    delivered.key = key
    delivered.result = result
    delivered.followUps = followUps
    if (job.level) return void this.#confirm(job)
    if (followUps) this.#follows = true
    this.#done.push(job)
    if (this.#done.length >= HALF && this.#state !== 'calling') void this.#work()
    else this.kick()
  }

  /** Complete a job at a level: beside the calls of this partition, which hand out messages meanwhile. */
  async #confirm(job: Job): Promise<void> {
    const { delivered, origin } = job.message
    const { bytes, weight } = loadOf(delivered)
    job.settling = true
    this.#confirming++
    try {
      const { completions } = this.lane.at(job.level)
      this.feeding.settled(job, await completions.add(delivered, bytes, origin.timeout, undefined, weight))
    } catch (error) {
      if (!(error instanceof Closed)) this.feeding.unsettled(job, error as Error)
    }
    this.#confirming--
    this.#perhapsEnded()
    this.feed()
  }

  /** Look soon whether there is something to do. */
  kick(): void {
    if (this.#scheduled || this.#state === 'calling') return
    this.#scheduled = true
    process.nextTick(() => {
      this.#scheduled = false
      void this.#work()
    })
  }

  /** There may be something now that the last call could not see, or that one on its way cannot. */
  again(): void {
    this.#woken = true
    if (this.#state === 'asleep') this.#state = 'hungry'
    this.kick()
  }

  /** The same, in so many ms. */
  againIn(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      if (this.#state !== 'stopped') this.again()
    }, ms)
  }

  /** There is room again: ask, if this partition is not asleep. */
  feed(): void {
    if (this.#state === 'hungry') this.kick()
  }

  /** Ask for nothing more; what is done is still sent. */
  stop(): void {
    this.#wakeful()
    clearTimeout(this.#timer)
    if (this.#state !== 'calling') this.#state = 'stopped'
  }

  /** Nothing is left in the partition: ask no more, though the worker goes on. */
  retire(): void {
    this.#retired = true
    this.stop()
  }

  /** Settles when everything that is done has been sent and answered. */
  flushed(): Promise<void> {
    if (this.#ending) return Promise.resolve()
    return new Promise((resolve) => {
      this.#ended = resolve
      this.kick()
    })
  }

  /** Nothing is left to be sent or answered. */
  get #ending(): boolean {
    return this.#done.length === 0 && this.#state !== 'calling' && this.#confirming === 0
  }

  #perhapsEnded(): void {
    if (this.#ending) this.#ended?.()
  }

  /** How many completions one call takes: what follows them counts, too. */
  #fitting(): number {
    return this.#follows ? fitting(this.#done.map(({ message }) => loadOf(message.delivered))) : BATCH
  }

  async #work(): Promise<void> {
    if (this.#state === 'calling' || this.#closed) return
    const { max, returning, each } = this.#retired ? NONE : this.feeding.appetite()
    const sending = this.#done.splice(0, this.#fitting())
    if (sending.length === 0 && max === 0) return
    const asleep = this.#state === 'asleep' && max === 0
    this.#state = 'calling'
    this.#woken = false
    this.skipped = returning === 0
    if (max > 0) this.#watch ??= this.feeding.watch()
    const leaseFrom = performance.now()
    try {
      const { outcomes, batch } = await this.feeding.call(
        sending.map(({ message }) => message.delivered),
        {
          max,
          returning,
          visibility: this.feeding.visibility,
          wait: max > 0 ? IDLE_WAIT : 0,
          each,
        },
      )
      for (const [i, job] of sending.entries()) this.feeding.settled(job, outcomes[i] ?? 'd')
      this.#state = asleep && !this.#woken ? 'asleep' : 'hungry'
      if (max > 0) this.#heed(batch, leaseFrom)
    } catch (error) {
      if (error instanceof Closed) return this.#close()
      this.#done.unshift(...sending.filter((job) => job.leaseUntil > performance.now()))
      this.feeding.failed(error as Error)
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
      this.#state = 'hungry'
    }
    this.#perhapsEnded()
    if (this.#done.length > 0 || this.#state === 'hungry') this.kick()
  }

  /** The client is closed: nothing more can be asked or said. */
  #close(): void {
    this.#closed = true
    this.#done = []
    this.stop()
    this.#state = 'stopped'
    this.#ended?.()
  }

  #heed({ messages, due }: Batch, leaseFrom: number): void {
    if (messages.length > 0 || due <= 0) this.#wakeful()
    if (messages.length > 0) this.feeding.received(messages, leaseFrom)
    if (messages.length > 0 || due <= 0 || this.#woken) return
    this.#state = 'asleep'
    this.feeding.idle()
    const watch = this.#watch
    watch?.wait(due).then((woken) => watch === this.#watch && this.#awake(woken))
  }

  #awake(woken: boolean): void {
    this.again()
    // Woken for a message that this worker has no room for: it is another's.
    if (woken && this.feeding.appetite().max === 0) {
      this.lane.partition.nudge(performance.now() + PAUSE).catch(() => {})
    }
  }

  /** Nothing is waited for any more; a wake-up that came meanwhile is passed on. */
  #wakeful(): void {
    this.#watch?.end()
    this.#watch = undefined
  }
}
