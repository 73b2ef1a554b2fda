import { markOf, timeOf } from '../id.ts'
import type { Reply, Runner } from './connection.ts'
import type { Batch, Done, FollowUp, GivenBack, Letter, Receipt, Redriving, Request, Routing } from './deliveries.ts'
import type { Inbox } from './inbox.ts'
import { persist } from './persist.ts'
import { Grouped } from './refusals.ts'
import type { Knowing } from './script-calls.ts'
import { scripts } from './scripts.generated.ts'
import { SendCalls, stayOf } from './send-calls.ts'
import {
  batchOf,
  followUpArguments,
  joined,
  lettersOf,
  receipts,
  requestArguments,
  settleArguments,
  standing,
  text,
} from './wire.ts'

/** What a partition needs of its queue. */
export interface Owner extends Knowing {
  /** Messages wait in a partition to be forwarded to other queues. */
  forward(partition: Partition): void
}

const NOTHING: Batch = { messages: [], due: -1, over: false, outbox: false }
let attempts = 0

export class Partition extends SendCalls {
  /** Names of receives that are free to be used again, and how many there are. */
  readonly #names: string[] = []
  #named = 0
  /** Whether messages here carry groups: on a FIFO queue always, on others once one did. */
  #grouped: boolean

  constructor(
    tag: string,
    readonly index: number,
    private readonly owner: Owner,
    connection: Runner,
    private readonly inbox: Inbox,
    private readonly client: string,
    fifo: boolean,
  ) {
    super(tag, owner, connection)
    this.#grouped = fifo
  }

  /** Whether what is in it may be of groups. */
  get grouped(): boolean {
    return this.#grouped
  }

  async receive(request: Request, deadline: number): Promise<Batch> {
    return (await this.work([], request, deadline)).batch
  }

  /** Settle what is done and receive. `outcomes` is '' when all are done, else 'd', 'l' (lost) or 'x' (expired) for each. */
  async work(done: Done[], request: Request, deadline: number): Promise<{ outcomes: string; batch: Batch }> {
    return this.#attempt(async ([client, number]) => {
      // A receive that the caller has named goes by that name, and always asks for the batch that it had.
      const named = request.attempt !== undefined
      const attempt = named ? [`!${request.attempt}`, '1'] : [client, number]
      const reply = await persist(this.connection, deadline, (again) =>
        this.#work(
          done,
          request,
          [this.inbox.name, ...attempt, request.noted ? '2' : named || again ? '1' : ''],
          deadline,
        ),
      )
      if (done.some(({ followUps }) => followUps)) this.owner.forward(this)
      // The shorter script costs an idle worker less, and so the message that wakes it; it answers no outcomes.
      if (!this.#grouped && done.length === 0) return { outcomes: '', batch: this.#heed(batchOf(reply, 1)) }
      return { outcomes: text(reply[1]), batch: request.max > 0 ? this.#heed(batchOf(reply, 2)) : NOTHING }
    })
  }

  #heed(batch: Batch): Batch {
    if (batch.outbox) this.owner.forward(this)
    return batch
  }

  async #work(done: Done[], request: Request, attempt: string[], deadline: number): Promise<Reply[]> {
    const wanted = [...requestArguments(request), ...attempt]
    if (this.#grouped) {
      const each = String(request.each ?? request.max)
      const settled = [...settleArguments(done), standing(done)]
      const args = [...settled, ...wanted, each, ...followUpArguments(done)]
      return this.run(scripts.work_grouped, args, { checkedBy: request.by, deadline })
    }
    try {
      if (done.length === 0) return await this.run(scripts.receive, wanted, { deadline })
      const args = [...settleArguments(done), ...wanted, ...followUpArguments(done)]
      return await this.run(scripts.work, args, { deadline })
    } catch (error) {
      if (!(error instanceof Grouped)) throw error
      this.#grouped = true
      return this.#work(done, request, attempt, deadline)
    }
  }

  /**
   * Set the visibility anew: 'e' extended, 'l' lost, 'n' not in flight, 't' hidden for too long in all. A heartbeat that is
   * `late` saves what nobody has received meanwhile.
   */
  async extend(batch: (Receipt & { visibility: number })[], deadline: number, late = false): Promise<string> {
    const args = [
      ...receipts(batch),
      batch.map(({ visibility }) => visibility).join(' '),
      standing(batch),
      late ? '1' : '',
    ]
    return text((await persist(this.connection, deadline, () => this.run(scripts.extend, args)))[1])
  }

  /** Give messages back: 'b' back in the queue, 'd' dead letter, 'l' lost, 'x' expired for each. */
  async release(batch: GivenBack[], deadline: number): Promise<string> {
    const reasons = batch.map(({ reason }) => Buffer.from(reason))
    const args = [
      ...receipts(batch),
      batch.map(({ how }) => how[0]).join(''),
      batch.map(({ delay }) => delay).join(' '),
      reasons.map(({ length }) => length).join(' '),
      joined(reasons),
      standing(batch),
    ]
    const reply = await this.call(scripts.release, args, deadline)
    if (reply[2] === 1) this.owner.forward(this)
    return text(reply[1])
  }

  /** Claim derived keys for the messages: 'g' granted, 'd' done, 'h' held, and for how many ms at most; 'v' moved. */
  async claim(
    batch: { short: string; key: string }[],
    lease: number,
    deadline: number,
    routing: Routing,
  ): Promise<{ outcome: string; wait: number }[]> {
    const ids = batch.map(({ short }) => short).join('')
    const args = [ids, batch.map(({ key }) => key).join(''), String(lease), stayOf(routing)]
    const reply = await persist(this.connection, deadline, () => this.run(scripts.claim, args, { routing }))
    const waits = text(reply[2]).split(' ').map(Number)
    return [...text(reply[1])].map((outcome, i) => ({ outcome, wait: waits[i] as number }))
  }

  async unclaim(
    batch: { short: string; key: string; done: boolean; followUps?: FollowUp[] | undefined }[],
    deadline: number,
  ): Promise<string> {
    const args = [
      batch.map(({ short }) => short).join(''),
      batch.map(({ key }) => key).join(''),
      batch.map(({ done }) => (done ? 'y' : 'n')).join(''),
      ...followUpArguments(batch),
    ]
    let repeated = false
    const reply = await persist(this.connection, deadline, (again) => {
      repeated = again
      return this.run(scripts.unclaim, args, { deadline })
    })
    if (batch.some(({ followUps }) => followUps)) this.owner.forward(this)
    // Done already: where an earlier try may have run, by that.
    return text(reply[1]).replaceAll('m', repeated ? 'e' : 'l')
  }

  /** The outcome of a message: 'done', 'marked', 'dead', 'pending' or 'unknown'. */
  async result(of: { short?: string; key?: string }, wait: number, deadline: number, routing?: Routing) {
    const { short = '', key = '' } = of
    const args = [short, short && markOf(short), key, String(wait), this.inbox.name]
    const reply = await persist(this.connection, deadline, () => this.run(scripts.result, args, { routing }))
    return { state: text(reply[1]), value: reply[2] as Buffer, short: text(reply[3]) }
  }

  /**
   * How many letters are back, are duplicates, or have their home elsewhere now; with `apart` those that have a key or a group
   * are answered, and stay. Sequence numbers rise above `above`; `last` is the last that was given here.
   */
  async redrive(
    { ids, limit = 0, skip = 0, apart = false, above = 0 }: Redriving,
    deadline: number,
    routing: Routing,
  ): Promise<{ redriven: number; duplicates: number; moved: number; last: number; homed: Letter[] }> {
    const args = [ids, String(limit), String(skip), apart ? '1' : '', stayOf(routing), String(above)]
    const reply = await persist(this.connection, deadline, () => this.run(scripts.redrive, args, { routing }))
    const [redriven, duplicates, moved] = [reply[1], reply[2], reply[4]] as [number, number, number]
    return { redriven, duplicates, moved, last: Number(text(reply[5])), homed: lettersOf(reply[3] as Buffer[]) }
  }

  async peek(state: string, score: string, skip: number, limit: number, deadline: number) {
    const args = [state, score, String(skip), String(limit)]
    const reply = await persist(this.connection, deadline, () => this.run(scripts.peek, args))
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
    const reply = await persist(this.connection, deadline, () => this.run(scripts.stats, []))
    const [ready, delayed, inFlight, dead] = reply.slice(1, 5) as [number, number, number, number]
    const oldest = text(reply[5])
    const oldestAge = oldest === '' ? 0 : Math.max(Number(text(reply[6])) - timeOf(oldest), 0)
    return { ready, delayed, inFlight, dead, moving: reply[9] as number, oldestAge, processed: reply[7] as number }
  }

  /** How many were concerned, as the scripts answer it. */
  /** 1 when it is drained and nothing is left in it; and the last sequence number that it gave. */
  vacant = (deadline: number) => this.count(scripts.vacant, [], deadline)
  discard = (ids: string, limit: number, deadline: number) =>
    this.count(scripts.discard, [ids, String(limit)], deadline)

  /** Receives on their way at the same time go by different names, so that a repeat finds its own batch. */
  async #attempt<T>(receive: (attempt: [client: string, number: string]) => Promise<T>): Promise<T> {
    const name = this.#names.pop() ?? `${this.client}.${this.#named++}`
    try {
      return await receive([name, String(++attempts)])
    } finally {
      this.#names.push(name)
    }
  }
}
