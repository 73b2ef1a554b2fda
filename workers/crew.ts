// What a running worker is made of: a fetcher for each partition, one executor for all, a heartbeat for each queue.
import type { EventEmitter } from 'node:events'
import type { Backend, Opened } from '../lib/backend.ts'
import { Closed, InvalidOption } from '../lib/errors.ts'
import type { Lane } from '../lib/lane.ts'
import { BATCH } from '../lib/limits.ts'
import { Message } from '../lib/message.ts'
import type { Queue } from '../lib/queue.ts'
import type { Delivered } from '../lib/redis/deliveries.ts'
import { Claims } from './claims.ts'
import { Executor } from './executor.ts'
import type { Appetite } from './feeding.ts'
import { Fetcher } from './fetcher.ts'
import { Heartbeat } from './heartbeat.ts'
import { Job } from './job.ts'
import { checkLevel, levelFor } from './levels.ts'
import { type OutcomeOptions, Outcomes } from './outcomes.ts'
import type { Handler, WorkerEvents, WorkerOptions } from './types.ts'
import { within } from './within.ts'

export interface CrewOptions extends OutcomeOptions {
  concurrency: number
  visibility: number | undefined
  idempotencyKey: WorkerOptions['idempotencyKey']
  ahead: boolean
  durability: WorkerOptions['durability']
}

/** ms: with less, heartbeats would come too late. */
const LEAST_VISIBILITY = 100
/** How long handlers have to end after their signals were aborted. */
const LAST_GRACE = 5_000

export class Crew {
  readonly #claims: Claims
  readonly #outcomes: Outcomes
  readonly #executor: Executor
  #fetchers: Fetcher[] = []
  #heartbeats: Heartbeat[] = []
  /** Messages asked for in calls that are on their way, and those whose keys are being claimed. */
  #asked = 0
  /** Jobs that came back by expiry: whatever killed their worker is run one at a time. */
  #suspects = new Set<Job>()
  #stopping = false
  /** Claims and releases that are on their way. */
  readonly #underway = new Set<Promise<void>>()
  /** Undo what tells this worker of new partitions. */
  readonly #unheed: (() => void)[] = []

  constructor(
    private readonly events: EventEmitter<WorkerEvents>,
    handler: Handler,
    private readonly options: CrewOptions,
  ) {
    this.#claims = new Claims(options.idempotencyKey)
    this.#outcomes = new Outcomes(events, handler, options, this.#claims, (job) => this.#over(job))
    this.#executor = new Executor(options.concurrency, options.ahead, {
      start: (job) => this.#outcomes.start(job),
      ended: (job, result) => this.#outcomes.ended(job, result),
      threw: (job, error) => this.#outcomes.threw(job, error),
      keeps: (job) => this.#outcomes.keeps(job),
      freed: () => this.#feed(),
      failed: (error) => this.#report(error),
    })
  }

  async start(queues: Queue[]): Promise<void> {
    for (const queue of queues) await queue.backend.open()
    for (const queue of queues) await queue.backend.shared.inbox.open()
    for (const queue of queues) await checkLevel(queue, this.options.durability)
    if (this.#stopping) return
    for (const queue of queues) {
      const visibility = this.#visibility(queue)
      if (visibility < LEAST_VISIBILITY) {
        throw new InvalidOption(
          `queue ${queue.name} hides messages for ${visibility} ms; a worker needs ${LEAST_VISIBILITY} ms or more`,
        )
      }
    }
    for (const queue of queues) {
      const visibility = this.#visibility(queue)
      const fetchers: Fetcher[] = []
      const renew = () => this.#renew(queue, fetchers, visibility)
      renew()
      queue.backend.repartitioned.add(renew)
      this.#unheed.push(() => queue.backend.repartitioned.delete(renew))
      this.#heartbeats.push(
        new Heartbeat(queue.backend, fetchers, visibility, this.#claims, {
          release: (jobs) => this.#giveBack(this.#executor.withdraw((job) => jobs.includes(job))),
          lost: (job) => this.#outcomes.lost(job),
          failed: (error) => this.#report(error),
        }),
      )
    }
    for (const heartbeat of this.#heartbeats) heartbeat.start()
    this.#feed()
  }

  async stop(grace: number): Promise<void> {
    this.#stopping = true
    for (const unheed of this.#unheed) unheed()
    for (const fetcher of this.#fetchers) fetcher.stop()
    this.#giveBack(this.#executor.withdraw())
    if (!(await this.#executor.idle(grace))) {
      for (const job of this.#executor.running()) job.abort(new Closed('the worker is stopping'))
      await this.#executor.idle(LAST_GRACE)
    }
    await within(LAST_GRACE, Promise.all(this.#fetchers.map((fetcher) => fetcher.flushed())))
    await within(LAST_GRACE, this.#settled())
    for (const heartbeat of this.#heartbeats) heartbeat.stop()
    for (const job of this.#executor.running()) job.over = true
  }

  health() {
    const ages = this.#fetchers.map((fetcher) => performance.now() - fetcher.answeredAt())
    return {
      lastAnswerAge: Math.round(Math.max(0, ...ages)),
      inFlight: this.#executor.running().length,
      ahead: this.#executor.ahead,
    }
  }

  /** A fetcher for each partition that the queue has now: `fetchers` are those of the queue. */
  #renew(queue: Queue, fetchers: Fetcher[], visibility: number): void {
    const { lanes } = queue.backend.opened as Opened
    const gone = fetchers.filter(({ lane }) => !lanes.includes(lane))
    const fetched = new Set(fetchers.map(({ lane }) => lane))
    const fresh = lanes.filter((lane) => !fetched.has(lane)).map((lane) => this.#fetcher(queue, lane, visibility))
    for (const fetcher of gone) fetcher.retire()
    fetchers.splice(0, fetchers.length, ...fetchers.filter((fetcher) => !gone.includes(fetcher)), ...fresh)
    this.#fetchers = [...this.#fetchers.filter((fetcher) => !gone.includes(fetcher)), ...fresh]
    for (const fetcher of fresh) fetcher.feed()
  }

  #visibility({ backend }: Queue): number {
    return this.options.visibility ?? (backend.opened as Opened).attributes.visibility
  }

  #fetcher(queue: Queue, lane: Lane, visibility: number): Fetcher {
    const { connection, inbox } = queue.backend.shared
    const fetcher: Fetcher = new Fetcher(lane, {
      visibility,
      appetite: () => this.#appetite(visibility, fetcher, queue.backend.ordered !== undefined),
      call: async (done, request) => {
        this.#asked += request.max
        try {
          return await lane.partition.work(done, request, queue.backend.deadline())
        } finally {
          this.#asked -= request.max
          if (this.#fetchers.length > 1) this.#feed()
        }
      },
      watch: () => inbox.watch(lane.partition.topic),
      answeredAt: () => connection.answeredAt,
      received: (messages, leaseFrom) => this.#received(queue, fetcher, messages, leaseFrom),
      settled: (job, outcome) => this.#outcomes.settled(job, outcome),
      unsettled: (job, error) => this.#outcomes.unsettled(job, error),
      idle: () => this.events.listenerCount('idle') > 0 && this.events.emit('idle'),
      failed: (error) => this.#report(error),
    })
    return fetcher
  }

  #appetite(visibility: number, fetcher: Fetcher, ordered: boolean): Appetite {
    const each = ordered ? 1 : this.#pace(fetcher)
    if (this.#stopping || fetcher.full) return { max: 0, returning: 0, each }
    // What is fetched ahead of one tenant would stand before what another sends meanwhile.
    const room = this.#executor.room(fetcher.tenants ? 0 : visibility) - this.#asked
    return { max: Math.max(Math.min(room, BATCH), 0), returning: this.#suspects.size === 0 ? 1 : 0, each }
  }

  /** How many messages of noisy tenants may come; where none may, it asks again when one may. */
  #pace(fetcher: Fetcher): number | undefined {
    if (!fetcher.tenants || this.#stopping) return undefined
    const room = this.#executor.pace.room()
    if (room === 0) fetcher.againIn(this.#executor.pace.wait)
    return room
  }

  #received(queue: Queue, fetcher: Fetcher, messages: Delivered[], leaseFrom: number): void {
    const level = levelFor(queue, this.options.durability)
    const origin = { lane: fetcher.lane, content: queue.content, timeout: queue.backend.shared.timeout, level }
    const jobs: Job[] = []
    const suspects: Job[] = []
    for (const delivered of messages) {
      const job = new Job(new Message(delivered, origin), fetcher, leaseFrom, leaseFrom + delivered.visibility)
      fetcher.inHand.add(job)
      if (delivered.returned) this.#suspects.add(job)
      if (delivered.group !== undefined && delivered.sequence === undefined) fetcher.tenants = true
      ;(delivered.returned ? suspects : jobs).push(job)
    }
    if (fetcher.tenants) this.#executor.pace.started(messages.length)
    if (this.#claims.used) this.#track(this.#claim(queue.backend, [...suspects, ...jobs]))
    else if (this.#stopping) this.#giveBack([...suspects, ...jobs])
    else this.#executor.add(jobs, suspects)
  }

  /** Give jobs back that no handler has begun; `stop` awaits it. */
  #giveBack(jobs: Job[], delay = 0): void {
    if (jobs.length === 0) return
    this.#track(this.#outcomes.release(jobs, delay))
  }

  #track(task: Promise<void>): void {
    const tracked = task.finally(() => this.#underway.delete(tracked))
    this.#underway.add(tracked)
  }

  /** A claim may end in releases, so this looks again. */
  async #settled(): Promise<void> {
    while (this.#underway.size > 0) await Promise.all(this.#underway)
  }

  /** Only jobs whose keys are granted run; the others are dropped, or given back to be looked at again. */
  async #claim(backend: Backend, jobs: Job[]): Promise<void> {
    const lease = (jobs[0] as Job).message.delivered.visibility
    this.#asked += jobs.length
    try {
      const { granted, duplicates, held, failed } = await this.#claims.take(backend, jobs, lease)
      this.#executor.add(granted)
      for (const job of duplicates) this.#outcomes.duplicate(job)
      for (const { job, wait } of held) {
        job.claim = undefined
        this.#giveBack([job], wait)
      }
      for (const { job, error } of failed) void this.#outcomes.threw(job, error)
    } catch (error) {
      this.#report(error as Error)
      this.#giveBack(jobs)
    } finally {
      this.#asked -= jobs.length
      this.#feed()
    }
    if (this.#stopping) this.#giveBack(this.#executor.withdraw())
  }

  #over(job: Job): void {
    if (!job.over) job.fetcher.inHand.drop(job)
    if (!this.#suspects.delete(job)) return
    for (const fetcher of this.#fetchers) if (fetcher.skipped) fetcher.again()
  }

  #feed(): void {
    for (const fetcher of this.#fetchers) fetcher.feed()
  }

  #report(error: Error): void {
    if (this.events.listenerCount('error') > 0) this.events.emit('error', error)
  }
}
