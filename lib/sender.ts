// Sending: each message gets its id and its place, then travels with those it meets.
import { isFifo } from './attributes.ts'
import type { Backend, Opened } from './backend.ts'
import type { Batcher } from './batcher.ts'
import { bounded } from './bounded.ts'
import type { Content } from './content.ts'
import { type Durability, levelOf } from './durability.ts'
import { type Duration, milliseconds } from './duration.ts'
import { InvalidName } from './errors.ts'
import { newId, partitionOf, shorten } from './id.ts'
import { groupHash, hashOfKey } from './key.ts'
import type { Lane } from './lane.ts'
import { MAX_TIMEOUT } from './limits.ts'
import type { AttributeValue } from './message-attributes.ts'
import { known, label, signalOf } from './options.ts'
import { isBodyAndSender, isByAttributes, type Written, write } from './outgoing.ts'
import type { Outgoing } from './redis/deliveries.ts'
import type { Level } from './redis/level.ts'

export interface SendOptions {
  /** On a FIFO queue (which needs one): its messages stay in order. On others: a tenant, served fairly beside the others. */
  group?: string
  /** FIFO queues: another send under the same id within 5 minutes stores nothing. 1 to 128 characters. */
  deduplicationId?: string
  /** Up to 10 values beside the body: text, numbers, bytes, or { type, value }. */
  attributes?: Record<string, AttributeValue>
  /** What must take effect once: while it is pending or remembered, another send answers `duplicate`. 1 to 512 characters. */
  idempotencyKey?: string
  /** How long the message waits before it can be received. 0 to 365 d; the queue's own delay unless given. */
  delay?: Duration
  /** The id of an earlier send whose outcome is not known: it is not stored twice. */
  id?: string
  /** When the send is answered: 'memory', 'fsync', or { fsync, replicas }; the queue's own unless given. */
  durability?: Durability
  /** A trace header that travels with the message. */
  trace?: string
  /** Who sends, as the receiver is told. */
  sender?: string
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
  /** FIFO queues: 20 digits, rising within the group. */
  sequenceNumber?: string
  /** What the first message's handler returned, while its record lives. */
  result?: Result
}

/** What a message is sent with, however it is sent. */
export const MESSAGE_OPTIONS = [
  'group',
  'deduplicationId',
  'attributes',
  'idempotencyKey',
  'delay',
  'trace',
  'sender',
] as const
const SEND_OPTIONS = [...MESSAGE_OPTIONS, 'id', 'durability', 'timeout', 'signal']

/** Bytes that a message takes beside its payload while it waits. */
const OVERHEAD = 64

interface Prepared {
  message: Outgoing
  lane: Lane
}

export class Sender {
  constructor(
    private readonly backend: Backend,
    private readonly content: Content,
  ) {}

  send(body: unknown, options?: SendOptions): Promise<Sent> {
    const { opened, ordered } = this.backend
    if (!opened || this.content.schema || ordered?.free === false) return this.#prepareAndSend(body, options)
    try {
      return options === undefined ? this.#plain(opened, body) : this.#travel(opened, body, options)
    } catch (error) {
      return isByAttributes(error)
        ? this.#sendAfter(this.#renewed(error, options), body, options)
        : Promise.reject(error)
    }
  }

  /** The first send of a handle, and those whose bodies are checked: all is validated before the queue is made. */
  #prepareAndSend(body: unknown, options?: SendOptions): Promise<Sent> {
    return this.#sendAfter(this.#ready(body, options), body, options)
  }

  #sendAfter(ready: Promise<void>, body: unknown, options?: SendOptions): Promise<Sent> {
    const begun = performance.now()
    const join = () => this.#travel(this.backend.opened as Opened, body, options, performance.now() - begun)
    if (!this.backend.ordered) return ready.then(join)
    return this.backend.ordered.inTurn(ready, join, this.#patience(options), options?.signal)
  }

  async #ready(body: unknown, options: SendOptions = {}): Promise<void> {
    known(options, SEND_OPTIONS, 'send')
    const timeout = this.#timeout(options)
    const signal = signalOf(options.signal)
    const write = () => this.#write(this.backend.opened, body, options)
    const { payload } = await this.#perhapsAnew(write, options)
    if (options.id !== undefined) shorten(options.id)
    this.#level(options)
    await this.content.checked(body)
    if (!this.backend.opened) await this.backend.opening(payload.length, timeout, signal)
  }

  /** What most sends are: no options, so nothing to look at but the body. */
  #plain(opened: Opened, body: unknown): Promise<Sent> {
    if (this.backend.ordered) return this.#travel(opened, body)
    const payload = this.content.encode(body, opened.attributes.maxMessageSize)
    const bytes = payload.length + OVERHEAD
    this.backend.admit(bytes)
    const lane = this.backend.turnLane()
    const { short, uuid } = newId(lane.partition.index)
    const { level, shared } = this.backend
    return lane.at(level).sends.add(bare(short, uuid, payload, opened.version, level), bytes, shared.timeout)
  }

  /** `spent`: ms of its timeout for what came before. */
  #travel(opened: Opened, body: unknown, options?: SendOptions, spent = 0): Promise<Sent> {
    known(options, SEND_OPTIONS, 'send')
    const { lane, message } = this.prepare(opened, body, options)
    const bytes = message.payload.length + OVERHEAD
    this.backend.admit(bytes)
    return this.#batcher(lane.at(message.level), message).add(
      message,
      bytes,
      Math.max(this.#timeout(options) - spent, 1),
      signalOf(options?.signal),
    )
  }

  #batcher(lane: Lane, message: Outgoing): Batcher<Outgoing, Sent> {
    if (this.backend.ordered) return this.backend.ordered.through(this.backend)
    if (message.group !== undefined) return lane.groupedSends
    return message.key !== undefined || message.repeated ? lane.checkedSends : lane.sends
  }

  /** How long a send waits for its turn; what is wrong with the options is said by the send itself. */
  #patience(options: SendOptions | undefined): number {
    try {
      return this.#timeout(options)
    } catch {
      return this.backend.shared.timeout
    }
  }

  #timeout(options: SendOptions | undefined): number {
    if (options?.timeout === undefined) return this.backend.shared.timeout
    return milliseconds(options.timeout, 'timeout', 1, MAX_TIMEOUT)
  }

  /** Refuse what attributes refuse, unless there are others that this process had not heard of. */
  async #renewed(refusal: unknown, options?: SendOptions): Promise<void> {
    if (!isByAttributes(refusal)) throw refusal
    const newer = await bounded(this.backend.renew(), this.#patience(options)).catch(() => false)
    if (!newer) throw refusal
    await this.backend.open()
  }

  async #perhapsAnew<T>(task: () => T, options?: SendOptions): Promise<T> {
    try {
      return task()
    } catch (error) {
      await this.#renewed(error, options)
      return task()
    }
  }

  /** As `prepare`; a promise where the attributes as this process knows them refuse it. */
  prepared(opened: Opened, body: unknown, options: SendOptions): Prepared | Promise<Prepared> {
    try {
      return this.prepare(opened, body, options)
    } catch (error) {
      return this.#renewed(error).then(() => this.prepare(this.backend.opened as Opened, body, options))
    }
  }

  /** Everything about a message that is decided here, or a named error. */
  prepare(opened: Opened, body: unknown, options: SendOptions = {}): Prepared {
    if (!isFifo(this.backend.name) && options.id === undefined && isBodyAndSender(options)) {
      const encoded = this.content.encode(body, opened.attributes.maxMessageSize)
      const payload =
        options.sender === undefined ? encoded : this.content.from(label(options.sender, 'sender'), encoded)
      const lane = this.backend.turnLane()
      const { short, uuid } = newId(lane.partition.index)
      return { lane, message: bare(short, uuid, payload, opened.version, this.#level(options)) }
    }
    const written = this.#write(opened, body, options)
    const lane = this.#laneFor(opened, written, options.id)
    const { short, uuid } =
      options.id === undefined ? newId(lane.partition.index) : { short: shorten(options.id), uuid: options.id }
    const [level, { version }] = [this.#level(options), opened]
    return { lane, message: { short, uuid, ...written, repeated: options.id !== undefined, level, version } }
  }

  #level({ durability }: SendOptions): Level | undefined {
    return levelOf(durability, this.backend.level)
  }

  #write(opened: Opened | undefined, body: unknown, options: SendOptions): Written {
    return write(this.content, this.backend.name, opened?.attributes, body, options)
  }

  #laneFor({ map }: Opened, { key, group }: Written, id: string | undefined): Lane {
    if (group !== undefined) return map.home(groupHash(group))
    if (key !== undefined) return map.home(hashOfKey(key))
    if (id === undefined) return this.backend.turnLane()
    const number = partitionOf(shorten(id))
    if (!map.changed && !map.at(number))
      throw new InvalidName(`message id ${id} does not belong to queue ${this.backend.name}`)
    return map.home(number)
  }
}

/** A message without delay, key or group. */
function bare(short: string, uuid: string, payload: Buffer, version: number, level: Level | undefined): Outgoing {
  return {
    short,
    uuid,
    payload,
    delay: undefined,
    key: undefined,
    print: undefined,
    group: undefined,
    dedup: undefined,
    repeated: false,
    level,
    version,
  }
}
