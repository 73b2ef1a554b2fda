import type { Backend, Opened } from './backend.ts'
import type { Content } from './content.ts'
import type { Duration } from './duration.ts'
import { LostMessage } from './errors.ts'
import { lengthen, timeOf } from './id.ts'
import { type EndOptions, Message, type ReleaseOptions } from './message.ts'
import { invalidReceipt, type ReceiptParts, readReceipt } from './receipt.ts'

const NONE = Buffer.alloc(0)

/**
 * One delivery of one message by the text of its receipt, for who has nothing else of it: another process than the one
 * that received it. It can do what the message can, and knows no body.
 */
export class Delivery<Result = unknown> {
  readonly receipt: string
  readonly #backend: Backend
  readonly #content: Content
  readonly #parts: ReceiptParts

  /** @internal */
  constructor(backend: Backend, content: Content, receipt: string) {
    this.#parts = readReceipt(receipt)
    this.receipt = receipt
    this.#backend = backend
    this.#content = content
  }

  /** The message: a UUIDv7, as `send` answered it. */
  get id(): string {
    return lengthen(this.#parts.short)
  }

  /** How often it had been received, this delivery included. */
  get deliveries(): number {
    return this.#parts.deliveries
  }

  /** When it was sent, on Redis's clock as the sender knew it. */
  get sentAt(): Date {
    return new Date(timeOf(this.#parts.short))
  }

  /** As `message.complete`. */
  complete(...given: Parameters<Message<unknown, Result>['complete']>): Promise<void> {
    return this.#with((message) => message.complete(...given))
  }

  /** The same as `complete()` without a result. */
  delete(options?: EndOptions): Promise<void> {
    return this.#with((message) => message.delete(options))
  }

  /** As `message.extend`. */
  extend(visibility: Duration): Promise<void> {
    return this.#with((message) => message.extend(visibility))
  }

  /** As `message.release`. */
  release(options?: ReleaseOptions): Promise<void> {
    return this.#with((message) => message.release(options))
  }

  /** As `message.reject`. */
  reject(reason: string, options?: EndOptions): Promise<void> {
    return this.#with((message) => message.reject(reason, options))
  }

  /** Do something with the message as far as its receipt tells. */
  async #with(work: (message: Message<unknown, Result>) => Promise<void>): Promise<void> {
    return work(this.#message(await this.#backend.open()))
  }

  #message({ lanes }: Opened): Message<unknown, Result> {
    const { place, queue, short, deliveries, receivedAt, key, group, sequence } = this.#parts
    const lane = lanes.find(({ partition }) => partition.index === place)
    if (!lane) {
      throw Object.assign(
        new LostMessage(`message ${this.id} is not in queue ${this.#backend.name}: it has no partition ${place}`),
        { receipt: this.receipt },
      )
    }
    if (queue !== lane.digest) throw invalidReceipt(this.receipt, `the receipt is not of queue ${this.#backend.name}`)
    const { level, shared } = this.#backend
    const delivered = {
      short,
      deliveries,
      receivedAt,
      key,
      group,
      sequence,
      // What a receipt does not tell, nothing that ends a delivery needs.
      attempts: 0,
      firstReceivedAt: 0,
      fence: 0,
      visibility: 0,
      returned: false,
      record: NONE,
      result: undefined,
    }
    return new Message(delivered, { lane, content: this.#content, timeout: shared.timeout, level })
  }
}
