import type { StandardSchemaV1 } from '@standard-schema/spec'
import { ATTRIBUTE_NAMES, type Attributes, type Stored, toFields, toStored } from './attributes.ts'
import { Backend, type Shared } from './backend.ts'
import { Bulk, type Entry, type Outcome } from './bulk.ts'
import { Content } from './content.ts'
import { DeadLetters } from './dead-letters.ts'
import { type Duration, milliseconds } from './duration.ts'
import { InvalidOption, SchemaMismatch } from './errors.ts'
import { lengthen, timeOf } from './id.ts'
import { BATCH, MAX_PARTITIONS, MAX_TIMEOUT, MAX_VISIBILITY } from './limits.ts'
import { Message } from './message.ts'
import { flag, known, queueName, signalOf, whole } from './options.ts'
import { page } from './page.ts'
import { receive } from './receiver.ts'
import { awaitResult, type ResultOf, type ResultOptions } from './results.ts'
import { answer, Sender, type SendOptions, type Sent } from './sender.ts'

/** Attributes, written where they are unset, and how this process reads the queue. */
export interface QueueOptions<Body = unknown> extends Attributes {
  /** Slices of the queue, each on one node of a cluster: 1 to 4096, fixed when the queue is made. 1 unless given; on a cluster, the number of masters. */
  partitions?: number
  /** 'json': text bodies are parsed, as other programs send them. */
  body?: 'json'
  /** A Standard Schema (zod, valibot, arktype ...) that checks bodies on send and on receive. */
  schema?: StandardSchemaV1<unknown, Body>
  /** This process owns the queue: attributes that differ are changed instead of refused. */
  update?: boolean
}

export interface ReceiveOptions {
  /** How many messages at the most: 1 to 500, 1 unless given. */
  max?: number
  /** How long to wait when there is none. 0 to 1 h, 0 unless given. */
  wait?: Duration
  /** How long the messages stay hidden; the queue's own unless given. */
  visibility?: Duration
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

const QUEUE_OPTIONS = [...ATTRIBUTE_NAMES, 'partitions', 'body', 'schema', 'update']
const RECEIVE_OPTIONS = ['max', 'wait', 'visibility', 'timeout', 'signal']

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
  constructor(shared: Shared, name: string, options: QueueOptions<Body> = {}) {
    known(options, QUEUE_OPTIONS, `queue ${queueName(name)}`)
    const { partitions, body, schema, update = false } = options
    if (partitions !== undefined) whole(partitions, 'partitions', 1, MAX_PARTITIONS)
    if (body !== undefined && body !== 'json')
      throw new InvalidOption(`\`body\` can only be 'json', got '${String(body)}'`)
    if (schema !== undefined && typeof schema?.['~standard']?.validate !== 'function') {
      throw new InvalidOption('`schema` must be a Standard Schema, such as one of zod 4 or valibot')
    }
    this.name = name
    this.content = new Content(shared.connection, schema, body === 'json')
    const wanted = { stored: toStored(options), partitions, update: flag(update, 'update') }
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
    const { visibility } = options
    const { timeout: usual } = this.backend.shared
    const timeout = options.timeout === undefined ? usual : milliseconds(options.timeout, 'timeout', 1, MAX_TIMEOUT)
    const found = await receive(this.backend, {
      max: whole(options.max ?? 1, 'max', 1, BATCH),
      wait: milliseconds(options.wait ?? 0, 'wait', 0, '1h'),
      visibility: visibility === undefined ? undefined : milliseconds(visibility, 'visibility', 0, MAX_VISIBILITY),
      timeout,
      signal: signalOf(options.signal),
    })
    if (!found) return []
    const origin = { lane: found.lane, content: this.content, timeout: this.backend.shared.timeout }
    const messages = found.messages.map((delivered) => new Message<Body, Result>(delivered, origin))
    return this.content.schema ? this.#fitting(messages) : messages
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

  /** Await what the handler of a message returned. Rejects with ResultTimeout, or DeadLettered. */
  result(of: ResultOf, options: ResultOptions = {}): Promise<Result> {
    return awaitResult(this.backend, this.content, of, options) as Promise<Result>
  }

  async stats(): Promise<Stats> {
    const { lanes } = await this.backend.open()
    const task = ({ partition }: (typeof lanes)[number]) => partition.stats(this.backend.deadline())
    const counts = await this.backend.withPartitions(() => Promise.all(lanes.map(task)))
    return counts.reduce((sum, one) => ({
      ready: sum.ready + one.ready,
      delayed: sum.delayed + one.delayed,
      inFlight: sum.inFlight + one.inFlight,
      dead: sum.dead + one.dead,
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

  /** Remove all messages: ready, delayed and in flight. Dead letters and what is known to be done stay. */
  async purge(): Promise<number> {
    const { lanes } = await this.backend.open()
    const removed = await Promise.all(lanes.map(({ partition }) => partition.purge(this.backend.deadline())))
    return removed.reduce((sum, [count]) => sum + (count as number), 0)
  }

  /** Hand out no messages any more, in any process, until `resume`. Sends and completions go on. */
  pause(): Promise<void> {
    return this.backend.configure('paused 1')
  }

  resume(): Promise<void> {
    return this.backend.configure('paused -')
  }

  /** Change attributes for all processes. */
  async configure(attributes: Attributes = {}): Promise<void> {
    known(attributes, ATTRIBUTE_NAMES, 'configure')
    await this.backend.configure(toFields(toStored(attributes)))
  }

  /** The attributes as they are stored: milliseconds, counts and bytes. */
  async attributes(): Promise<Stored & { partitions: number; paused: boolean }> {
    const { declared, attributes } = await this.backend.look()
    return { ...attributes, partitions: declared.places.length, paused: declared.paused }
  }
}
