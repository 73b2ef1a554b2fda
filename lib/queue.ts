import { randomUUID } from 'node:crypto'
import { answer } from './answer.ts'
import { attributeFilter } from './attribute-filter.ts'
import type { Attributes } from './attributes.ts'
import { Backend } from './backend.ts'
import { Bulk, type Entry, type Outcome } from './bulk.ts'
import { configuring } from './configuring.ts'
import { Content } from './content.ts'
import { DeadLetters } from './dead-letters.ts'
import { pausing, purging } from './declaring.ts'
import { Delivery } from './delivery.ts'
import { type Description, describe } from './description.ts'
import { type Duration, milliseconds } from './duration.ts'
import { InvalidOption, SchemaMismatch, WrongQueueType } from './errors.ts'
import { lengthen, timeOf } from './id.ts'
import { BATCH, MAX_PARTITIONS, MAX_TIMEOUT, MAX_VISIBILITY } from './limits.ts'
import { Message } from './message.ts'
import { attemptId, known, signalOf, whole } from './options.ts'
import { page } from './page.ts'
import { type QueueOptions, wantedOf } from './queue-options.ts'
import { receive } from './receiver.ts'
import { awaitResult, type ResultOf, type ResultOptions } from './results.ts'
import { inAll } from './route.ts'
import { Sender, type SendOptions, type Sent } from './sender.ts'
import type { Shared } from './shared.ts'

export interface ReceiveOptions {
  /** How many messages at the most: 1 to 500, 1 unless given. */
  max?: number
  /** How long to wait when there is none. 0 to 1 h, 0 unless given. */
  wait?: Duration
  /** How long the messages stay hidden; the queue's own unless given. */
  visibility?: Duration
  /** Which message attributes to show: names, 'prefix.*', or 'All'; all unless given. */
  attributes?: string[]
  /** FIFO queues: names this receive; its repeat within 5 minutes answers the same messages, hidden anew. */
  attemptId?: string
  timeout?: Duration
  /** Ends the wait. */
  signal?: AbortSignal
}

/** What a queue holds, counted in all partitions. */
export interface Stats {
  /** Receivable now. */
  ready: number
  /** Waiting for their delay. */
  delayed: number
  inFlight: number
  dead: number
  /** On their way to other queues: dead letters, follow-ups, what a task moves. */
  moving: number
  /** ms since the oldest receivable message was sent; 0 when there is none. */
  oldestAge: number
  /** Completed keys that are remembered. */
  processed: number
}

/** A message that was looked at, not received. */
export interface PeekedMessage<Body = unknown> {
  id: string
  body: Body
  sentAt: Date
  /** 0 before the first receive. */
  deliveries: number
  /** When it falls due: receivable from then on, or hidden until then. */
  dueAt: Date
}

const RECEIVE_OPTIONS = ['max', 'wait', 'visibility', 'attributes', 'attemptId', 'timeout', 'signal']

/** A handle on a queue: cheap to make, of any number, in any process. Nothing is sent to Redis before its first use. */
export class Queue<Body = unknown, Result = unknown> {
  readonly name: string
  /** Messages that were put aside: count, list, redrive, remove. */
  readonly deadLetters: DeadLetters<Body>
  /** @internal */
  readonly backend: Backend
  /** @internal */
  readonly content: Content<Body>
  readonly #sender: Sender

  /** @internal */
  constructor(shared: Shared, name: string, options: QueueOptions<Body> = {}, make = true) {
    const wanted = wantedOf(shared, name, options as QueueOptions, make)
    this.name = name
    this.content = new Content(shared.connection, options.schema, options.body === 'json')
    this.backend = new Backend(shared, name, (message, stored) => answer(this.content, message, stored), wanted)
    this.#sender = new Sender(this.backend, this.content)
    this.deadLetters = new DeadLetters(this.backend, this.content)
  }

  /** Put a message in. Calls that meet travel together; each has its own answer. */
  send(body: Body, options?: SendOptions): Promise<Sent<Result>> {
    return this.#sender.send(body, options) as Promise<Sent<Result>>
  }

  /** Put any number of messages in; answers an outcome for each, in order. */
  sendMany(entries: Iterable<Entry<Body>>): Promise<Outcome<Result>[]> {
    return new Bulk<Result>(this.backend, this.content, this.#sender).send(entries)
  }

  /** Take up to `max` messages, all of one partition, oldest first; waits up to `wait` for the first. */
  async receive(options: ReceiveOptions = {}): Promise<Message<Body, Result>[]> {
    known(options, RECEIVE_OPTIONS, 'receive')
    const { visibility, attributes } = options
    const asked = attributes === undefined ? undefined : attributeFilter(attributes)
    const { timeout: usual } = this.backend.shared
    const timeout = options.timeout === undefined ? usual : milliseconds(options.timeout, 'timeout', 1, MAX_TIMEOUT)
    const found = await receive(this.backend, {
      max: whole(options.max ?? 1, 'max', 1, BATCH),
      wait: options.wait === undefined ? undefined : milliseconds(options.wait, 'wait', 0, '1h'),
      visibility: visibility === undefined ? undefined : milliseconds(visibility, 'visibility', 0, MAX_VISIBILITY),
      attempt: options.attemptId === undefined ? undefined : this.#attempt(options.attemptId),
      timeout,
      signal: signalOf(options.signal),
    })
    if (!found) return []
    const origin = { lane: found.lane, content: this.content, timeout: usual, level: this.backend.level, asked }
    const messages = found.messages.map((delivered) => new Message<Body, Result>(delivered, origin))
    return this.content.schema ? this.#fitting(messages) : messages
  }

  #attempt(id: string): string {
    if (this.backend.ordered) return attemptId(id)
    throw Object.assign(new WrongQueueType('only FIFO queues have an `attemptId` of a receive'), {
      option: 'attemptId',
      value: id,
    })
  }

  /** Those whose bodies fit the schema; the others go to the dead letters. */
  async #fitting(messages: Message<Body, Result>[]): Promise<Message<Body, Result>[]> {
    const fitting: Message<Body, Result>[] = []
    for (const message of messages) {
      try {
        await message.check()
        fitting.push(message)
      } catch (error) {
        if (!(error instanceof SchemaMismatch)) throw error
        await message.reject(error.message)
      }
    }
    return fitting
  }

  /** The delivery that a receipt names, to end it where the message itself is not at hand. */
  delivery(receipt: string): Delivery<Result> {
    return new Delivery<Result>(this.backend, this.content, receipt)
  }

  /** Await what the handler of a message returned. Rejects with ResultTimeout, or DeadLettered. */
  result(of: ResultOf, options: ResultOptions = {}): Promise<Result> {
    return awaitResult(this.backend, this.content, of, options) as Promise<Result>
  }

  async stats(): Promise<Stats> {
    const counts = await inAll(this.backend, ({ partition }) => partition.stats(this.backend.deadline()))
    return counts.reduce((sum, one) => ({
      ready: sum.ready + one.ready,
      delayed: sum.delayed + one.delayed,
      inFlight: sum.inFlight + one.inFlight,
      dead: sum.dead + one.dead,
      moving: sum.moving + one.moving,
      oldestAge: Math.max(sum.oldestAge, one.oldestAge),
      processed: sum.processed + one.processed,
    }))
  }

  /** Look at messages without receiving them, in the order in which they fall due; `cursor` goes on where a page ended. */
  async peek(
    options: { state?: 'ready' | 'inFlight'; limit?: number; cursor?: string } = {},
  ): Promise<{ messages: PeekedMessage<Body>[]; cursor?: string }> {
    known(options, ['state', 'limit', 'cursor'], 'peek')
    const state = options.state ?? 'ready'
    if (state !== 'ready' && state !== 'inFlight')
      throw new InvalidOption(`\`state\` must be 'ready' or 'inFlight', got '${state}'`)
    const { found, cursor } = await page(this.backend, state, options, 'peek')
    const messages = found.map(({ short, score, history, record }) => ({
      id: lengthen(short),
      body: this.content.shown(record) as Body,
      sentAt: new Date(timeOf(short)),
      deliveries: Number(history.split(' ')[0]) || (state === 'inFlight' ? 1 : 0),
      dueAt: new Date(state === 'inFlight' ? Number(score) / 1000 : Number(score)),
    }))
    return cursor === undefined ? { messages } : { messages, cursor }
  }

  /**
   * Remove all messages: ready, delayed and in flight, and the deduplication of sends. Dead letters and what is known to be
   * done stay. Answers how many there were.
   */
  async purge(): Promise<number> {
    const { purgeWindow } = this.backend.shared
    const { told } = await this.backend.change((home) => purging(home, purgeWindow, randomUUID()))
    return told.reduce((sum, { removed }) => sum + removed, 0)
  }

  /** Hand out no messages any more, in any process, until `resume`. Sends and completions go on. */
  async pause(): Promise<void> {
    await this.backend.change(() => pausing(true))
  }

  async resume(): Promise<void> {
    await this.backend.change(() => pausing(false))
  }

  /**
   * Change the number of partitions while the queue runs: 1 to 4096. Partitions beyond it are drained: they get nothing new,
   * and workers go on receiving from them. Called again, it goes on with what an earlier call could not finish, and drops
   * drained partitions in which nothing is left. Answers how many are active, and how many are still drained.
   */
  async repartition(partitions: number): Promise<{ partitions: number; draining: number }> {
    whole(partitions, 'partitions', 1, MAX_PARTITIONS)
    const { places, drained } = await this.backend.repartition(partitions)
    return { partitions: places.length, draining: drained.length }
  }

  /** Change attributes for all processes. A function is told what they are now, and asked again if they change meanwhile. */
  async configure(attributes: Attributes | ((now: Description) => Attributes) = {}): Promise<void> {
    await this.backend.change(configuring(this.backend, attributes))
  }

  /** The attributes as they are stored: milliseconds, counts and bytes; and what there is to know of the queue beside them. */
  async attributes(): Promise<Description> {
    return describe(await this.backend.look(), this.backend)
  }
}
