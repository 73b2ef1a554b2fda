// sendMany: any number of messages, an outcome for each, in batches of bounded size.
import type { Backend } from './backend.ts'
import type { Content } from './content.ts'
import { InvalidOption, Timeout } from './errors.ts'
import type { Lane } from './lane.ts'
import { lateSend } from './lane.ts'
import { BATCH, BATCH_BYTES } from './limits.ts'
import { known } from './options.ts'
import type { Outgoing, Stored } from './redis/deliveries.ts'
import { answer, type Sender, type SendOptions, type Sent } from './sender.ts'

/** One message of `sendMany`: its body and the options of a send (but timeout and signal). */
export type Entry<Body = unknown> = { body: Body } & Omit<SendOptions, 'timeout' | 'signal'>
/** What became of it. */
export type Outcome<Result = unknown> = Sent<Result> | { error: Error }

const ENTRY_OPTIONS = ['body', 'idempotencyKey', 'delay', 'id']

interface Planned {
  at: number
  message: Outgoing
}

export class Bulk<Result> {
  readonly outcomes: Outcome<Result>[] = []
  /** A batch was not answered in time: those that follow are not sent any more. */
  #late = false
  #planned = new Map<string, { lane: Lane; list: Planned[]; bytes: number }>()

  constructor(
    private readonly backend: Backend,
    private readonly content: Content,
    private readonly sender: Sender,
  ) {}

  async send(entries: Iterable<Entry>): Promise<Outcome<Result>[]> {
    if (typeof entries?.[Symbol.iterator] !== 'function') {
      throw new InvalidOption('sendMany takes a list of entries, each with a `body`')
    }
    const opened = await this.backend.open()
    let at = 0
    for (const entry of entries) {
      const place = at++
      try {
        if (entry === undefined) throw new InvalidOption('an entry of sendMany must be an object with a `body`')
        known(entry, ENTRY_OPTIONS, 'an entry of sendMany')
        if (this.content.schema) await this.content.checked(entry.body)
        const { message, lane } = this.sender.prepare(opened, entry.body, entry)
        const full = this.#plan(lane, { at: place, message })
        if (full) await this.#flush(full)
      } catch (error) {
        this.outcomes[place] = { error: error as Error }
      }
    }
    await Promise.all([...this.#planned.keys()].map((place) => this.#flush(place)))
    return this.outcomes
  }

  /** Put a message beside those that take the same way; answers which batch is full now. */
  #plan(lane: Lane, planned: Planned): string | undefined {
    const checked = planned.message.key !== undefined || planned.message.repeated
    const place = `${lane.partition.index}${checked ? ' checked' : ''}`
    let batch = this.#planned.get(place)
    if (!batch) {
      batch = { lane, list: [], bytes: 0 }
      this.#planned.set(place, batch)
    }
    batch.list.push(planned)
    batch.bytes += planned.message.payload.length
    return batch.list.length === BATCH || batch.bytes >= BATCH_BYTES ? place : undefined
  }

  async #flush(place: string): Promise<void> {
    const { lane, list, bytes } = this.#planned.get(place) as { lane: Lane; list: Planned[]; bytes: number }
    this.#planned.delete(place)
    this.backend.turn()
    try {
      if (this.#late) {
        for (const { at, message } of list) this.outcomes[at] = { error: lateSend(message, false) }
        return
      }
      this.backend.admit(bytes)
      const told = await this.#send(lane, list, bytes)
      for (const [i, { at }] of list.entries()) this.outcomes[at] = told[i] as Outcome<Result>
    } catch (error) {
      this.#late ||= error instanceof Timeout
      for (const { at, message } of list) {
        this.outcomes[at] = { error: error instanceof Timeout ? lateSend(message, true) : (error as Error) }
      }
    }
  }

  async #send(lane: Lane, list: Planned[], bytes: number): Promise<Outcome<Result>[]> {
    this.backend.bulkBytes += bytes
    try {
      const batch = list.map(({ message }) => message)
      const stored = await this.backend.withPartitions(() => lane.partition.send(batch, this.backend.deadline()))
      return batch.map((message, i) => {
        const told = stored ? answer(this.content, message, stored[i] as Stored) : { id: message.uuid }
        return told instanceof Error ? { error: told } : (told as Sent<Result>)
      })
    } finally {
      this.backend.bulkBytes -= bytes
    }
  }
}
