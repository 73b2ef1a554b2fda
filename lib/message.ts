import type { AttributeFilter } from './attribute-filter.ts'
import type { Content } from './content.ts'
import { type Durability, levelOf } from './durability.ts'
import { type Duration, milliseconds } from './duration.ts'
import { InvalidOption } from './errors.ts'
import type { CompleteOptions } from './follow-ups.ts'
import { lengthen, timeOf } from './id.ts'
import { type Lane, loadOf } from './lane.ts'
import { MAX_DELAY, MAX_REASON, MAX_VISIBILITY } from './limits.ts'
import type { MessageAttributes } from './message-attributes.ts'
import { flag, known } from './options.ts'
import { writeReceipt } from './receipt.ts'
import { type Envelope, isEnveloped, keyOf, type Parts } from './record.ts'
import type { Delivered, GivenBack } from './redis/deliveries.ts'
import type { Level } from './redis/level.ts'
import { refusal } from './refusal.ts'

/** What a message needs of its queue. @internal */
export interface Origin {
  lane: Lane
  content: Content
  timeout: number
  /** At which it is completed and rejected, unless it is said; undefined for memory. */
  level?: Level | undefined
  /** Which attributes the receive asked for; all where it is undefined. */
  asked?: AttributeFilter | undefined
}

export interface ReleaseOptions {
  /** How long it stays hidden: 0 to 365 d, 0 unless given. */
  delay?: Duration
  /** Whether the attempt counts towards `maxReceives`. It does unless `false`: for who could not begin with the message. */
  counted?: boolean
}

/** Of a delete or a rejection. */
export interface EndOptions {
  /** When it is answered: 'memory', 'fsync', or { fsync, replicas }; the queue's own unless given. */
  durability?: Durability
}

/** Where a message was before it became a dead letter. */
export interface DeadLetterOrigin {
  /** The queue. */
  source: string
  diedAt: Date
  /** 'maxReceives' or 'rejected'. */
  reason: string
  /** What the handler's last error or rejection said. */
  error: string
}

const NONE = Symbol()

/**
 * One delivery of one message. It is hidden from others until its visibility deadline; complete it before then, or
 * extend it. Every change compares the receipt: once another has received the message, this one changes nothing.
 */
export class Message<Body = unknown, Result = unknown> {
  /** @internal */
  readonly delivered: Delivered
  /** @internal */
  readonly origin: Origin
  #body: unknown = NONE
  #parts: Parts | undefined

  /** @internal */
  constructor(delivered: Delivered, origin: Origin) {
    this.delivered = delivered
    this.origin = origin
  }

  /** UUIDv7, as `send` answered it. */
  get id(): string {
    return lengthen(this.delivered.short)
  }

  /** As it was sent: text, bytes (Buffer) or any other value. With a schema: what the schema made of it. */
  get body(): Body {
    if (this.#body === NONE) this.#body = this.origin.content.body(this.delivered.record)
    return this.#body as Body
  }

  /** When it was sent, on Redis's clock as the sender knew it. */
  get sentAt(): Date {
    return new Date(timeOf(this.delivered.short))
  }

  /** How often it was received, this time included. Never reused. */
  get deliveries(): number {
    return this.delivered.deliveries
  }

  /** How many deliveries count towards `maxReceives`, this one included; a release by a stopping worker gives one back. */
  get attempts(): number {
    return this.delivered.attempts
  }

  /** When it was received for the first time, on Redis's clock. */
  get firstReceivedAt(): Date {
    return new Date(this.delivered.firstReceivedAt || this.delivered.receivedAt)
  }

  /** A number that rises with every delivery in the partition: give it to stores that should refuse a late writer. */
  get fence(): number {
    return this.delivered.fence
  }

  /** The group with which it was sent. */
  get group(): string | undefined {
    return this.#envelope.group
  }

  /** FIFO queues: 20 digits, rising within the group. */
  get sequenceNumber(): string | undefined {
    return this.delivered.sequence?.padStart(20, '0')
  }

  /** FIFO queues: what repeats of its send were told by. */
  get deduplicationId(): string | undefined {
    return this.delivered.sequence && this.deadLetter ? this.id : this.#envelope.deduplicationId
  }

  /** What was sent beside the body, as far as the receive asked for it. */
  get attributes(): MessageAttributes {
    const { attributes } = this.#envelope
    if (!attributes) return {}
    const all = Object.entries(attributes)
    const { asked } = this.origin
    return Object.fromEntries(asked ? all.filter(([name]) => asked(name)) : all)
  }

  /** The trace header with which it was sent. */
  get trace(): string | undefined {
    return this.#envelope.trace
  }

  /** Who sent it, as the sender said. */
  get sender(): string | undefined {
    return this.#envelope.sender
  }

  get #envelope(): Envelope {
    return this.#read.envelope
  }

  get #read(): Parts {
    return (this.#parts ??= this.origin.content.parts(this.delivered.record))
  }

  /** Names this delivery, for `queue.delivery(receipt)`, in any process. */
  get receipt(): string {
    const { short, deliveries, receivedAt, group, sequence } = this.delivered
    const { partition, digest: queue } = this.origin.lane
    const [place, key] = [partition.index, this.key]
    return writeReceipt({ place, queue, short, deliveries, receivedAt, key, group, sequence })
  }

  /** In a dead-letter queue: where it died, when, and why. */
  get deadLetter(): DeadLetterOrigin | undefined {
    const origin = isEnveloped(this.delivered.record) ? this.#read.origin : undefined
    return origin && { ...origin, diedAt: new Date(origin.diedAt) }
  }

  /** In a dead-letter queue: the queue where it died. */
  get deadLetterSource(): string | undefined {
    return this.deadLetter?.source
  }

  /** Digest of the idempotency key under which it was sent; a dead letter holds none. @internal */
  get key(): string | undefined {
    return this.delivered.key ?? (this.deadLetter ? undefined : keyOf(this.delivered.record))
  }

  /**
   * Done: the message is deleted, its id and key are remembered, and the result is kept for `resultTtl`. `send`: messages to
   * other queues, sent if the completion is accepted, in the same step.
   */
  async complete(result?: Result, options?: CompleteOptions): Promise<void> {
    known(options, ['send', 'durability'], 'message.complete')
    return this.#complete(result, options)
  }

  async #complete(result?: Result, options?: CompleteOptions): Promise<void> {
    const { content, timeout } = this.origin
    const lane = this.#lane(options)
    const encoded = content.encodeResult(result)
    const followUps = options && (await lane.plan(options))
    const { short, deliveries, receivedAt, group, sequence } = this.delivered
    const done = { short, deliveries, receivedAt, group, sequence, key: this.key, result: encoded, followUps }
    const { bytes, weight } = loadOf(done)
    this.#heed(await lane.completions.add(done, bytes, timeout, undefined, weight))
  }

  /** The same as `complete()` without a result. */
  async delete(options?: EndOptions): Promise<void> {
    known(options, ['durability'], 'message.delete')
    return this.#complete(undefined, options)
  }

  /** Hide the message for this long from now on, at most 12 h. */
  async extend(visibility: Duration): Promise<void> {
    const ms = milliseconds(visibility, 'visibility', 0, MAX_VISIBILITY)
    const { lane, timeout } = this.origin
    this.#heed(await lane.extensions.add({ ...this.delivered, visibility: ms }, 60, timeout))
  }

  /** Give it back: visible again at once, or after a delay. */
  async release(options: ReleaseOptions = {}): Promise<void> {
    known(options, ['delay', 'counted'], 'message.release')
    const how = flag(options.counted ?? true, 'counted') ? 'counted' : 'uncounted'
    await this.giveBack(how, milliseconds(options.delay ?? 0, 'delay', 0, MAX_DELAY), '')
  }

  /** To the dead letters at once, with this reason. */
  async reject(reason: string, options?: EndOptions): Promise<void> {
    if (typeof reason !== 'string') throw new InvalidOption('the reason of a rejection must be a text')
    known(options, ['durability'], 'message.reject')
    await this.giveBack('rejected', 0, reason, options)
  }

  /** Answers whether it is back in the queue (true) or a dead letter. @internal */
  async giveBack(how: GivenBack['how'], delay: number, reason: string, options?: EndOptions): Promise<boolean> {
    const { timeout } = this.origin
    const lane = how === 'rejected' ? this.#lane(options) : this.origin.lane
    const released = { ...this.delivered, how, delay, reason: shortened(reason) }
    return this.#heed(await lane.releases.add(released, 60 + reason.length, timeout)) === 'b'
  }

  #lane(options: EndOptions = {}): Lane {
    return this.origin.lane.at(levelOf(options.durability, this.origin.level))
  }

  /** Check the body against the schema; from then on `body` is what it made of it. @internal */
  async check(): Promise<void> {
    if (this.origin.content.schema) this.#body = await this.origin.content.checked(this.body)
  }

  #heed(outcome: string): string {
    const refused = refusal(outcome, this)
    if (refused) throw refused
    return outcome
  }
}

/** A reason that is too long says how much of it is missing. */
function shortened(reason: string): string {
  if (reason.length <= MAX_REASON) return reason
  return `${reason.slice(0, MAX_REASON)}… (${reason.length - MAX_REASON} characters more)`
}
