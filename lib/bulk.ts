// sendMany: any number of messages, an outcome for each, in batches of bounded size.
import type { Backend, Opened } from './backend.ts'
import { bounded } from './bounded.ts'
import type { Content } from './content.ts'
import { InvalidOption } from './errors.ts'
import type { Lane } from './lane.ts'
import { isLate, lateSend } from './lane.ts'
import { BATCH, BATCH_BYTES } from './limits.ts'
import { known } from './options.ts'
import type { OrderedSends } from './ordered-sends.ts'
import type { Outgoing } from './redis/deliveries.ts'
import { MESSAGE_OPTIONS, type Sender, type SendOptions, type Sent } from './sender.ts'

/** One message of `sendMany`: its body and the options of a send (but timeout and signal). */
export type Entry<Body = unknown> = { body: Body } & Omit<SendOptions, 'timeout' | 'signal'>
/** What became of it. */
export type Outcome<Result = unknown> = Sent<Result> | { error: Error }

const ENTRY_OPTIONS = ['body', 'id', 'durability', ...MESSAGE_OPTIONS]

interface Planned {
  at: number
  message: Outgoing
}

export class Bulk<Result> {
  readonly outcomes: Outcome<Result>[] = []
  /** A batch was not answered in time: those that follow are not sent any more. */
  #late = false
  /** ms of the first batch's time that opening the queue has taken. */
  #spent = 0
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
    if (this.backend.ordered) return this.#inOrder(this.backend.ordered, entries)
    const begun = performance.now()
    const { timeout } = this.backend.shared
    const opened = this.backend.opened ?? (await bounded(this.backend.open(), timeout))
    this.#spent = Math.min(performance.now() - begun, timeout - 1)
    await this.#prepare(opened, entries, (planned, lane) => {
      const full = this.#plan(lane, planned)
      return full === undefined ? undefined : this.#flush(full)
    })
    await Promise.all([...this.#planned.keys()].map((place) => this.#flush(place)))
    return this.outcomes
  }

  /** Prepare one entry after another, and hand on what may be sent; what may not has its outcome. Awaits only what it must. */
  async #prepare(
    opened: Opened,
    entries: Iterable<Entry>,
    take: (planned: Planned, lane: Lane) => Promise<void> | undefined,
  ): Promise<void> {
    let at = 0
    for (const entry of entries) {
      const place = at++
      try {
        if (entry === undefined) throw new InvalidOption('an entry of sendMany must be an object with a `body`')
        known(entry, ENTRY_OPTIONS, 'an entry of sendMany')
        if (this.content.schema) await this.content.checked(entry.body)
        const prepared = this.sender.prepared(opened, entry.body, entry)
        const { message, lane } = prepared instanceof Promise ? await prepared : prepared
        const taken = take({ at: place, message }, lane)
        if (taken) await taken
      } catch (error) {
        this.outcomes[place] = { error: error as Error }
      }
    }
  }

  /** On a FIFO queue all messages of the call take one turn among all that are sent. */
  async #inOrder(ordered: OrderedSends, entries: Iterable<Entry>): Promise<Outcome<Result>[]> {
    const prepared: Planned[] = []
    const prepare = async () =>
      this.#prepare(await this.backend.open(), entries, (planned) => {
        prepared.push(planned)
        return undefined
      })
    const join = () => Promise.all(prepared.map((planned) => this.#join(ordered, planned)))
    await ordered.inTurn(prepare(), join, this.backend.shared.timeout)
    return this.outcomes
  }

  async #join(ordered: OrderedSends, { at, message }: Planned): Promise<void> {
    try {
      const bytes = message.payload.length
      this.backend.admit(bytes)
      const { timeout } = this.backend.shared
      this.outcomes[at] = (await ordered.through(this.backend).add(message, bytes, timeout)) as Sent<Result>
    } catch (error) {
      this.outcomes[at] = { error: error as Error }
    }
  }

  /** Put a message beside those that take the same way; answers which batch is full now. */
  #plan(lane: Lane, planned: Planned): string | undefined {
    const { key, repeated, group, level } = planned.message
    const kind = group !== undefined ? ' grouped' : key !== undefined || repeated ? ' checked' : ''
    const place = `${lane.partition.index}${kind}${level ? ` ${level.text}` : ''}`
    let batch = this.#planned.get(place)
    if (!batch) {
      batch = { lane: lane.at(level), list: [], bytes: 0 }
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
      this.#late ||= isLate(error)
      for (const { at, message } of list) {
        this.outcomes[at] = { error: isLate(error) ? lateSend(message, true) : (error as Error) }
      }
    }
  }

  async #send(lane: Lane, list: Planned[], bytes: number): Promise<Outcome<Result>[]> {
    this.backend.bulkBytes += bytes
    try {
      const batch = list.map(({ message }) => message)
      const deadline = this.backend.deadline() - this.#spent
      this.#spent = 0
      const told = await lane.send(batch, deadline)
      this.#late ||= told.some(isLate)
      return told.map((one) => (one instanceof Error ? { error: one } : (one as Sent<Result>)))
    } finally {
      this.backend.bulkBytes -= bytes
    }
  }
}
