// Sending: each message gets its id and its place, then travels with those it meets.
import type { Backend, Opened } from './backend.ts'
import type { Content } from './content.ts'
import { type Duration, milliseconds } from './duration.ts'
import { IdempotencyMismatch, InvalidName } from './errors.ts'
import { lengthen, newId, partitionOf, shorten } from './id.ts'
import { keyDigest, partitionOfKey, payloadDigest } from './key.ts'
import type { Lane } from './lane.ts'
import { MAX_DELAY } from './limits.ts'
import { known } from './options.ts'
import type { Outgoing, Stored } from './redis/deliveries.ts'

export interface SendOptions {
  /** What must take effect once: while it is pending or remembered, another send answers `duplicate`. 1 to 512 characters. */
  idempotencyKey?: string
  /** How long the message waits before it can be received. 0 to 365 d; the queue's own delay unless given. */
  delay?: Duration
  /** The id of an earlier send whose outcome is not known: it is not stored twice. */
  id?: string
  /** How long to wait for the answer; the client's timeout unless given. */
  timeout?: Duration
  /** Ends the wait; a message that is on its way may be stored all the same. */
  signal?: AbortSignal
}

/** What a send answers. */
export interface Sent<Result = unknown> {
  /** The message; under a key that is known already, the first one (unless only its mark is left). */
  id?: string
  duplicate?: true
  /** What the first message's handler returned, while its record lives. */
  result?: Result
}

const SEND_OPTIONS = ['idempotencyKey', 'delay', 'id', 'timeout', 'signal']

export class Sender {
  constructor(
    private readonly backend: Backend,
    private readonly content: Content,
  ) {}

  send(body: unknown, options?: SendOptions): Promise<Sent> {
    const { opened } = this.backend
    if (!opened || this.content.schema) return this.#openAndSend(body, options)
    try {
      return this.#travel(opened, body, options)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  async #openAndSend(body: unknown, options?: SendOptions): Promise<Sent> {
    const opened = this.backend.opened ?? (await this.backend.open())
    await this.content.checked(body)
    return this.#travel(opened, body, options)
  }

  #travel(opened: Opened, body: unknown, options?: SendOptions): Promise<Sent> {
    known(options, SEND_OPTIONS, 'send')
    const { lane, message } = this.prepare(opened, body, options)
    const bytes = message.payload.length + 64
    this.backend.admit(bytes)
    const timeout =
      options?.timeout === undefined ? this.backend.shared.timeout : milliseconds(options.timeout, 'timeout', 1)
    const batcher = message.key !== undefined || message.repeated ? lane.checkedSends : lane.sends
    return batcher.add(message, bytes, timeout, options?.signal)
  }

  /** Everything about a message that is decided here, or a named error. */
  prepare(opened: Opened, body: unknown, options: SendOptions = {}): { message: Outgoing; lane: Lane } {
    let payload = this.content.encode(body, opened.attributes.maxMessageSize)
    const delay = options.delay === undefined ? undefined : milliseconds(options.delay, 'delay', 0, MAX_DELAY)
    const key = options.idempotencyKey === undefined ? undefined : keyDigest(options.idempotencyKey)
    const print = key && payloadDigest(payload)
    if (key) payload = this.content.keyed(payload, key)
    const lane = this.#laneFor(opened, key, options.id)
    const { short, uuid } =
      options.id === undefined ? newId(lane.partition.index) : { short: shorten(options.id), uuid: options.id }
    return { lane, message: { short, uuid, payload, delay, key, print, repeated: options.id !== undefined } }
  }

  #laneFor({ lanes }: Opened, key: string | undefined, id: string | undefined): Lane {
    if (key !== undefined) return lanes[partitionOfKey(key, lanes.length)] as Lane
    if (id === undefined) return this.backend.turnLane(lanes)
    const lane = lanes[partitionOf(shorten(id))]
    if (!lane) throw new InvalidName(`message id ${id} does not belong to queue ${this.backend.name}`)
    return lane
  }
}

/** The outcome of one message in its sender's words. */
export function answer(content: Content, { uuid }: Outgoing, { outcome, first, result }: Stored): Sent | Error {
  const id = first ? lengthen(first) : ''
  switch (outcome) {
    case 'p':
      return { id, duplicate: true }
    case 'r':
      return { id, duplicate: true, result: content.decodeResult(result as Buffer) }
    case 'm':
      return { duplicate: true }
    case 'x':
      return new IdempotencyMismatch(
        `the idempotency key of message ${uuid} was used for another payload, by message ${id}`,
      )
    default:
      return { id: uuid }
  }
}
