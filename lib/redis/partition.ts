// One partition of a queue: each method is one script, its arguments and its answer in the library's words.
import { clock, markOf, timeOf } from '../id.ts'
import { NO_KEY } from '../key.ts'
import type { Arg, Connection, Reply } from './connection.ts'
import type { Batch, Done, GivenBack, Outgoing, Receipt, Request, Stored } from './deliveries.ts'
import type { Inbox } from './inbox.ts'
import { keysOf } from './keys.ts'
import { persist } from './persist.ts'
import type { Script } from './script.ts'
import { scripts } from './scripts.generated.ts'
import {
  accepted,
  batchOf,
  delaysOf,
  joined,
  receipts,
  requestArguments,
  settleArguments,
  text,
  withPayloads,
} from './wire.ts'

const NOTHING: Batch = { messages: [], due: -1 }
let attempts = 0

export class Partition {
  readonly keys: string[]
  /** Names of receives that are free to be used again, and how many there are. */
  readonly #names: string[] = []
  #named = 0

  constructor(
    readonly tag: string,
    readonly index: number,
    private readonly connection: Connection,
    private readonly inbox: Inbox,
    private readonly client: string,
  ) {
    this.keys = keysOf(tag)
  }

  /** On what the inbox is woken for this partition. */
  get topic(): string {
    return this.keys[0] as string
  }

  async send(batch: Outgoing[], deadline: number): Promise<Stored[] | undefined> {
    const once = batch.some((message) => message.key !== undefined || message.repeated)
    const reply = await persist(this.connection, deadline, (again) =>
      once || again ? this.#sendOnce(batch, again) : this.#sendFresh(batch),
    )
    clock.set(Number(text(reply[1])))
    if (reply.length === 2) return undefined
    const known = reply[3] as Buffer[]
    let at = 0
    return [...text(reply[2])].map((outcome) => {
      if (outcome === 'n') return { outcome }
      const [first, result] = [text(known[at++]), known[at++] as Buffer]
      return { outcome, first, result }
    })
  }

  #sendFresh(batch: Outgoing[]): Promise<Reply[]> {
    return this.#run(scripts.send, withPayloads([delaysOf(batch)], batch))
  }

  #sendOnce(batch: Outgoing[], again: boolean): Promise<Reply[]> {
    const column = (of: (message: Outgoing) => string) => batch.map(of).join('')
    const head = [
      column(({ short }) => short),
      batch.every(({ key }) => key) ? '' : column(({ short }) => markOf(short)),
      column(({ key }) => key ?? NO_KEY),
      column(({ print }) => print ?? ' '.repeat(12)),
      delaysOf(batch),
      again || batch.some(({ repeated }) => repeated) ? '1' : '',
    ]
    return this.#run(scripts.send_once, withPayloads(head, batch))
  }

  async receive(request: Request, deadline: number): Promise<Batch> {
    return this.#attempt(async (attempt) => {
      const args = [...requestArguments(request), this.inbox.name, ...attempt]
      const reply = await persist(this.connection, deadline, (again) =>
        this.#run(scripts.receive, [...args, again ? '1' : '']),
      )
      return batchOf(reply, 1)
    })
  }

  /** Settle what is done and receive. `outcomes` is '' when all are done, else 'd' or 'l' (lost) for each. */
  async work(done: Done[], request: Request, deadline: number): Promise<{ outcomes: string; batch: Batch }> {
    // The shorter script costs an idle worker less, and so the message that wakes it.
    if (done.length === 0) return { outcomes: '', batch: await this.receive(request, deadline) }
    return this.#attempt(async (attempt) => {
      const args = [...settleArguments(done), ...requestArguments(request), this.inbox.name, ...attempt]
      const reply = await persist(this.connection, deadline, (again) =>
        this.#run(scripts.work, [...args, again ? '1' : '']),
      )
      return { outcomes: text(reply[1]), batch: request.max > 0 ? batchOf(reply, 2) : NOTHING }
    })
  }

  /** Set the visibility anew: 'e' extended, 'l' lost for each. */
  async extend(batch: (Receipt & { visibility: number })[], deadline: number): Promise<string> {
    const args = [...receipts(batch), batch.map(({ visibility }) => visibility).join(' ')]
    return text((await persist(this.connection, deadline, () => this.#run(scripts.extend, args)))[1])
  }

  /** Give messages back: 'b' back in the queue, 'd' dead letter, 'l' lost for each. */
  async release(batch: GivenBack[], deadline: number): Promise<string> {
    const reasons = batch.map(({ reason }) => Buffer.from(reason))
    const args = [
      ...receipts(batch),
      batch.map(({ how }) => how[0]).join(''),
      batch.map(({ delay }) => delay).join(' '),
      reasons.map(({ length }) => length).join(' '),
      joined(reasons),
    ]
    return text((await persist(this.connection, deadline, () => this.#run(scripts.release, args)))[1])
  }

  /** Claim derived keys for the messages: 'g' granted, 'd' done, 'h' held, and for how many ms at most. */
  async claim(
    batch: { short: string; key: string }[],
    lease: number,
    deadline: number,
  ): Promise<{ outcome: string; wait: number }[]> {
    const args = [batch.map(({ short }) => short).join(''), batch.map(({ key }) => key).join(''), String(lease)]
    const reply = await persist(this.connection, deadline, () => this.#run(scripts.claim, args))
    const waits = text(reply[2]).split(' ').map(Number)
    return [...text(reply[1])].map((outcome, i) => ({ outcome, wait: waits[i] as number }))
  }

  async unclaim(batch: { short: string; key: string; done: boolean }[], deadline: number): Promise<void> {
    const args = [
      batch.map(({ short }) => short).join(''),
      batch.map(({ key }) => key).join(''),
      batch.map(({ done }) => (done ? 'y' : 'n')).join(''),
    ]
    await persist(this.connection, deadline, () => this.#run(scripts.unclaim, args))
  }

  /** The outcome of a message: 'done', 'marked', 'dead', 'pending' or 'unknown'. */
  async result(of: { short?: string; key?: string }, wait: number, deadline: number) {
    const { short = '', key = '' } = of
    const args = [short, short && markOf(short), key, String(wait), this.inbox.name]
    const reply = await persist(this.connection, deadline, () => this.#run(scripts.result, args))
    return { state: text(reply[1]), value: reply[2] as Buffer, short: text(reply[3]) }
  }

  async peek(state: string, score: string, skip: number, limit: number, deadline: number) {
    const args = [state, score, String(skip), String(limit)]
    const reply = await persist(this.connection, deadline, () => this.#run(scripts.peek, args))
    const list = reply[1] as Buffer[]
    const found = []
    for (let i = 0; i < list.length; i += 4) {
      const [short, at, history, record] = list.slice(i, i + 4) as [Buffer, Buffer, Buffer, Buffer]
      found.push({ short: text(short), score: text(at), history: history.toString(), record })
    }
    return { found, now: Number(text(reply[2])) }
  }

  /** Counts, and ms since the oldest receivable message was sent. */
  async stats(deadline: number) {
    const reply = await persist(this.connection, deadline, () => this.#run(scripts.stats, []))
    const [ready, delayed, inFlight, dead] = reply.slice(1, 5) as [number, number, number, number]
    const oldest = text(reply[5])
    const oldestAge = oldest === '' ? 0 : Math.max(Number(text(reply[6])) - timeOf(oldest), 0)
    return { ready, delayed, inFlight, dead, oldestAge, processed: reply[7] as number }
  }

  /** How many were concerned, as the scripts answer it. */
  purge = (deadline: number) => this.#count(scripts.purge, [], deadline)
  remove = (deadline: number) => this.#count(scripts.remove, [], deadline)
  nudge = (deadline: number) => this.#count(scripts.nudge, [], deadline)
  redrive = (ids: string, limit: number, skip: number, deadline: number) =>
    this.#count(scripts.redrive, [ids, String(limit), String(skip)], deadline)
  discard = (ids: string, limit: number, deadline: number) =>
    this.#count(scripts.discard, [ids, String(limit)], deadline)
  configure = (version: number, fields: string, deadline: number) =>
    this.#count(scripts.configure, [String(version), fields], deadline)

  async #count(script: Script, args: Arg[], deadline: number): Promise<number[]> {
    const reply = await persist(this.connection, deadline, () => this.#run(script, args))
    return reply.slice(1).map((value) => Number(value instanceof Buffer ? text(value) : value))
  }

  /** Receives on their way at the same time go by different names, so that a repeat finds its own batch. */
  async #attempt<T>(receive: (attempt: [client: string, number: string]) => Promise<T>): Promise<T> {
    const name = this.#names.pop() ?? `${this.client}.${this.#named++}`
    try {
      return await receive([name, String(++attempts)])
    } finally {
      this.#names.push(name)
    }
  }

  async #run(script: Script, args: Arg[]): Promise<Reply[]> {
    const reply = await this.connection.run(script, this.keys, ['0', ...args])
    return accepted(reply)
  }
}
