// Sending: each message gets its id and its place, then travels with those it meets.
import type { Backend, Opened } from './backend.ts'
import type { Content } from './content.ts'
import { type Duration, milliseconds } from './duration.ts'
import { IdempotencyMismatch, InvalidName } from './errors.ts'
import { lengthen, newId, partitionOf, shorten } from './id.ts'
import { keyDigest, partitionOfKey, payloadDigest } from './key.ts'
import type { Lane } from './lane.ts'
import { MAX_DELAY, MAX_TIMEOUT } from './limits.ts'
import { known, signalOf } from './options.ts'
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

/** Bytes that a message takes beside its payload while it waits. */
const OVERHEAD = 64

export class Sender {
  constructor(
    private readonly backend: Backend,
    private readonly content: Content,
  ) {}

  send(body: unknown, options?: SendOptions): Promise<Sent> {
    const { opened } = this.backend
    if (!opened || this.content.schema) return this.#openAndSend(body, options)
    try {
      return options === undefined ? this.#plain(opened, body) : this.#travel(opened, body, options)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** The first send of a handle, and those whose bodies are checked: all is validated before the queue is made. */
  async #openAndSend(body: unknown, options?: SendOptions): Promise<Sent> {
    known(options, SEND_OPTIONS, 'send')
    const { opened } = this.backend
    if (opened) {
      await this.content.checked(body)
      return this.#travel(opened, body, options)
    }
    const timeout = this.#timeout(options)
    const signal = signalOf(options?.signal)
    const { payload } = this.#read(body, Number.POSITIVE_INFINITY, options)
    if (options?.id !== undefined) shorten(options.id)
    await this.content.checked(body)
    return this.#travel(await this.backend.opening(payload.length, timeout, signal), body, options)
  }

  /** What most sends are: no options, so nothing to look at but the body. */
  #plain(opened: Opened, body: unknown): Promise<Sent> {
    const payload = this.content.encode(body, opened.attributes.maxMessageSize)
    const bytes = payload.length + OVERHEAD
    this.backend.admit(bytes)
    const lane = this.backend.turnLane(opened.lanes)
    const { short, uuid } = newId(lane.partition.index)
    const message = { short, uuid, payload, delay: undefined, key: undefined, print: undefined, repeated: false }
    return lane.sends.add(message, bytes, this.backend.shared.timeout)
  }

  #travel(opened: Opened, body: unknown, options?: SendOptions): Promise<Sent> {
    known(options, SEND_OPTIONS, 'send')
    const { lane, message } = this.prepare(opened, body, options)
    const bytes = message.payload.length + OVERHEAD
    this.backend.admit(bytes)
    const batcher = message.key !== undefined || message.repeated ? lane.checkedSends : lane.sends
    return batcher.add(message, bytes, this.#timeout(options), signalOf(options?.signal))
  }

  #timeout(options: SendOptions | undefined): number {
    if (options?.timeout === undefined) return this.backend.shared.timeout
    return milliseconds(options.timeout, 'timeout', 1, MAX_TIMEOUT)
  }

  /** Everything about a message that is decided here, or a named error. */
  prepare(opened: Opened, body: unknown, options: SendOptions = {}): { message: Outgoing; lane: Lane } {
    const { payload, delay, key, print } = this.#read(body, opened.attributes.maxMessageSize, options)
    const lane = this.#laneFor(opened, key, options.id)
    const { short, uuid } =
      options.id === undefined ? newId(lane.partition.index) : { short: shorten(options.id), uuid: options.id }
    return { lane, message: { short, uuid, payload, delay, key, print, repeated: options.id !== undefined } }
  }

  #read(body: unknown, maxSize: number, options: SendOptions = {}) {
    let payload = this.content.encode(body, maxSize)
    const delay = options.delay === undefined ? undefined : milliseconds(options.delay, 'delay', 0, MAX_DELAY)
    const key = options.idempotencyKey === undefined ? undefined : keyDigest(options.idempotencyKey)
    const print = key && payloadDigest(payload)
    if (key) payload = this.content.keyed(payload, key)
    return { payload, delay, key, print }
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
