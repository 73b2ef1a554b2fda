import type { Content } from './content.ts'
import { type Duration, milliseconds } from './duration.ts'
import { InvalidOption, LostMessage } from './errors.ts'
import { lengthen, timeOf } from './id.ts'
import type { Lane } from './lane.ts'
import { MAX_DELAY, MAX_REASON, MAX_VISIBILITY } from './limits.ts'
import { known } from './options.ts'
import type { Delivered, GivenBack } from './redis/deliveries.ts'

/** What a message needs of its queue. @internal */
export interface Origin {
  lane: Lane
  content: Content
  timeout: number
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

  /** Names this delivery: id, number of the delivery, when it was received (ms), digest of the key. */
  get receipt(): string {
    const { short, deliveries, receivedAt } = this.delivered
    return Buffer.from([short, deliveries, receivedAt, this.key ?? ''].join(' ')).toString('base64url')
  }

  /** Digest of the idempotency key under which it was sent. @internal */
  get key(): string | undefined {
    return this.origin.content.key(this.delivered.record)
  }

  /** Done: the message is deleted, its id and key are remembered, and the result is kept for `resultTtl`. */
  async complete(result?: Result): Promise<void> {
    const { content, lane, timeout } = this.origin
    const encoded = content.encodeResult(result)
    const done = { ...this.delivered, key: this.key, result: encoded }
    this.#heed(await lane.completions.add(done, 100 + (encoded?.length ?? 0), timeout))
  }

  /** The same as `complete()` without a result. */
  delete(): Promise<void> {
    return this.complete()
  }

  /** Hide the message for this long from now on, at most 12 h. */
  async extend(visibility: Duration): Promise<void> {
    const ms = milliseconds(visibility, 'visibility', 0, MAX_VISIBILITY)
    const { lane, timeout } = this.origin
    this.#heed(await lane.extensions.add({ ...this.delivered, visibility: ms }, 60, timeout))
  }

  /** Give it back: visible again at once, or after `delay` (0 to 365 d). The attempt counts. */
  async release(options: { delay?: Duration } = {}): Promise<void> {
    known(options, ['delay'], 'message.release')
    await this.giveBack('counted', milliseconds(options.delay ?? 0, 'delay', 0, MAX_DELAY), '')
  }

  /** To the dead letters at once, with this reason. */
  async reject(reason: string): Promise<void> {
    if (typeof reason !== 'string') throw new InvalidOption('the reason of a rejection must be a text')
    await this.giveBack('rejected', 0, reason)
  }

  /** Answers whether it is back in the queue (true) or a dead letter. @internal */
  async giveBack(how: GivenBack['how'], delay: number, reason: string): Promise<boolean> {
    const { lane, timeout } = this.origin
    const released = { ...this.delivered, how, delay, reason: shortened(reason) }
    return this.#heed(await lane.releases.add(released, 60 + reason.length, timeout)) === 'b'
  }

  /** Check the body against the schema; from then on `body` is what it made of it. @internal */
  async check(): Promise<void> {
    if (this.origin.content.schema) this.#body = await this.origin.content.checked(this.body)
  }

  #heed(outcome: string): string {
    if (outcome !== 'l') return outcome
    throw new LostMessage(
      `message ${this.id} is no longer in this delivery (number ${this.deliveries}): its receipt changes nothing`,
    )
  }
}

/** A reason that is too long says how much of it is missing. */
function shortened(reason: string): string {
  if (reason.length <= MAX_REASON) return reason
  return `${reason.slice(0, MAX_REASON)}… (${reason.length - MAX_REASON} characters more)`
}
