// What a partition with groups should hold, in a few lines of TypeScript. Of FIFO groups it says what comes; of tenants, whose
// order is a matter of fairness, whether what came may come.
export const VISIBILITY = 3_000
export const MAX_RECEIVES = 3
export const RETENTION = 900_000
const WINDOW = 300_000

export interface Held {
  name: string
  group: string
  state: 'waiting' | 'inflight' | 'dead'
  /** ms; µs of a deadline when it is in flight. */
  at: number
  /** Its place in line, of a FIFO group. */
  number: number
  deliveries: number
  attempts: number
  /** ms since which its age counts. */
  since: number
}

interface Batch {
  names: string[]
  deadline: number
  /** µs at which it was received first. */
  from: number
}

export class GroupModel {
  now = 0
  /** ms for which the next receive hides. */
  visibility = VISIBILITY
  sequence = 0
  #fence = 0
  readonly messages = new Map<string, Held>()
  readonly #sent = new Map<string, { at: number; by: string; number: number }>()
  readonly #attempts = new Map<string, Batch>()

  constructor(
    readonly fifo: boolean,
    readonly maxInFlight: number,
  ) {}

  get(name: string): Held | undefined {
    return this.messages.get(name)
  }

  of(state: Held['state']): Held[] {
    return [...this.messages.values()].filter((one) => one.state === state)
  }

  /** The outcome, the message that was first, and the sequence number. */
  send(name: string, group: string, delay: number, dedup?: string): [outcome: string, first: string, number: number] {
    const known = dedup === undefined ? undefined : this.#sent.get(dedup)
    if (known && known.at + WINDOW > this.now) return [known.by === name ? 's' : 'e', known.by, known.number]
    if (this.messages.has(name)) return ['s', name, 0]
    const number = this.fifo && group !== '' ? ++this.sequence : 0
    this.messages.set(name, {
      name,
      group,
      state: 'waiting',
      at: this.now + delay,
      number,
      deliveries: 0,
      attempts: 0,
      since: this.now,
    })
    if (dedup !== undefined) this.#sent.set(dedup, { at: this.now, by: name, number })
    return ['n', '', number]
  }

  /** The line of a FIFO group. */
  line(group: string): Held[] {
    const here = [...this.messages.values()].filter((one) => one.group === group && one.state !== 'dead')
    return here.sort((a, b) => a.number - b.number)
  }

  visible(one: Held): boolean {
    return one.state === 'waiting' ? one.at <= this.now : one.state === 'inflight' && one.at <= this.now * 1000
  }

  /** What a FIFO queue gives. */
  receive(max: number, returning: number, each: number): string[] {
    const heads = [...new Set([...this.messages.values()].map(({ group }) => group))].flatMap(
      (group) => this.line(group)[0] ?? [],
    )
    const since = (one: Held) => (one.state === 'waiting' ? one.at : one.at / 1000)
    const order = heads
      .filter((one) => this.visible(one))
      .sort(
        (a, b) => since(a) - since(b) || Number(a.state === 'waiting') - Number(b.state === 'waiting') || byName(a, b),
      )
    let [room, back, left] = [max, returning, Math.max(this.maxInFlight - this.of('inflight').length, 0)]
    const taken: Held[] = []
    const [backs, fronts] = [Math.min(back, room), Math.min(left, room)]
    const seen = { inflight: backs, waiting: fronts }
    for (const head of order) {
      if (seen[head.state as 'waiting']-- <= 0) continue
      let count = Math.min(room, each)
      for (const one of this.line(head.group)) {
        if (count === 0 || !this.visible(one)) break
        if (one.state === 'inflight' ? back-- <= 0 : left-- <= 0) break
        count--
        room--
        taken.push(one)
      }
      ;[back, left] = [Math.max(back, 0), Math.max(left, 0)]
    }
    return this.take(taken)
  }

  /** Number and hide what is received; answers what is handed out. */
  take(list: Held[]): string[] {
    const out: Held[] = []
    for (const one of list) {
      if (one.since + RETENTION <= this.now) this.messages.delete(one.name)
      else if (one.attempts >= MAX_RECEIVES) Object.assign(one, { state: 'dead', at: this.now })
      else {
        one.deliveries++
        one.attempts++
        out.push(one)
      }
    }
    this.#hide(out)
    return out.map(({ name }) => name)
  }

  #hide(list: Held[]): void {
    if (list.length === 0) return
    this.#fence = Math.max(this.#fence + 1, this.now * 1000)
    for (const one of list) Object.assign(one, { state: 'inflight', at: this.#fence + this.visibility * 1000 })
    this.#fence += list.length - 1
  }

  note(attempt: string, names: string[]): void {
    const first = this.get(names[0] ?? '')
    if (first) this.#attempts.set(attempt, { names, deadline: first.at, from: first.at - this.visibility * 1000 })
  }

  /** What an attempt of this name had, hidden anew; nothing where it is too long ago, or something of it has changed. */
  again(attempt: string): string[] | undefined {
    const batch = this.#attempts.get(attempt)
    if (!batch || batch.deadline <= this.now * 1000 || batch.from + WINDOW * 1000 <= this.now * 1000) return undefined
    const held = batch.names.map((name) => this.get(name))
    if (held.some((one) => one?.state !== 'inflight' || one.at !== batch.deadline)) return undefined
    this.#hide(held as Held[])
    batch.deadline = (held[0] as Held).at
    return batch.names
  }

  complete(name: string, delivery: number): string {
    const one = this.get(name)
    if (!one) return 'd'
    if (one.state !== 'inflight' || one.deliveries !== delivery) return 'l'
    if (this.fifo && one.at <= this.now * 1000) return 'x'
    this.messages.delete(name)
    return ''
  }

  /** `late`: a heartbeat. */
  extend(name: string, delivery: number, visibility: number, late: boolean): boolean {
    const one = this.get(name)
    if (one?.state !== 'inflight' || one.deliveries !== delivery) return false
    if (!late && one.at <= this.now * 1000) return false
    one.at = this.now * 1000 + visibility * 1000 + 0.5
    return true
  }

  release(name: string, delivery: number, how: string, delay: number): string {
    const one = this.get(name)
    if (one?.deliveries !== delivery) return 'l'
    if (one.state !== 'inflight') return one.state === 'waiting' ? 'b' : 'd' // as if the same release came again
    if (this.fifo && one.at <= this.now * 1000) return 'x'
    if (how === 'rejected' || (how === 'failed' && one.attempts >= MAX_RECEIVES)) {
      Object.assign(one, { state: 'dead', at: this.now })
      return 'd'
    }
    if (how === 'uncounted') one.attempts--
    Object.assign(one, { state: 'waiting', at: this.now + delay })
    return 'b'
  }

  redrive(): number {
    const dead = this.of('dead').sort((a, b) => a.at - b.at || byId(a, b))
    for (const one of dead) {
      Object.assign(one, { state: 'waiting', at: this.now, attempts: 0, since: this.now })
      if (this.fifo) one.number = ++this.sequence
    }
    return dead.length
  }

  /** How many messages there were. */
  purge(): number {
    const gone = [...this.messages.values()].filter(({ state }) => state !== 'dead')
    for (const { name } of gone) this.messages.delete(name)
    this.#sent.clear()
    return gone.length
  }

  /** Messages with a group that could have been received for longer than the retention: calls that receive drop them. */
  sweep(): void {
    for (const one of this.of('waiting')) {
      if (one.group !== '' && one.at + RETENTION <= this.now) this.messages.delete(one.name)
    }
  }

  /** When something can be received next (ms), whoever asks. */
  next(): number {
    const full = this.of('inflight').length >= this.maxInFlight
    const heads = this.fifo
      ? [...new Set(this.groups())].flatMap((group) => this.line(group)[0] ?? [])
      : [...this.messages.values()]
    const times = heads.map(({ state, at }) =>
      state === 'inflight' ? Math.floor(at / 1000) + 1 : state === 'waiting' && !full ? at : Number.POSITIVE_INFINITY,
    )
    return Math.min(...times)
  }

  groups(): string[] {
    return [...this.messages.values()].map(({ group }) => group)
  }
}

const byName = (a: Held, b: Held) => (a.group < b.group ? -1 : 1)
export const byId = (a: Held, b: Held) => (a.name < b.name ? -1 : 1)
