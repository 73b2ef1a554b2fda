// What a partition should hold, in a few lines of TypeScript: the scripts must agree with it after each step.
import { print } from '../lua/calls.ts'
import type { State } from '../lua/stage.ts'

export const VISIBILITY = 3_000
export const MAX_RECEIVES = 3

interface Held {
  state: 'ready' | 'inflight' | 'dead'
  /** ms; µs of a deadline when it is in flight. */
  at: number
  body: string
  key: string | undefined
  deliveries: number
  attempts: number
  first: number
  error: string
  /** Since when its age counts; 0: since it was sent. */
  enqueued: number
  /** Its numbers are written down. */
  noted: boolean
}

export class Model {
  now = 0
  #fence = 0
  readonly messages = new Map<string, Held>()
  /** Who holds a key: a message that was sent with it, or a claim until a time. */
  readonly pending = new Map<string, { by: string; body: string; until?: number }>()
  readonly doneKeys = new Map<string, { by: string; body: string | undefined } | 'mark'>()
  readonly doneIds = new Set<string>()

  send(name: string, body: string, delay: number, key?: string): string {
    this.messages.set(name, {
      state: 'ready',
      at: this.now + delay,
      body,
      key,
      deliveries: 0,
      attempts: 0,
      first: 0,
      error: '',
      enqueued: 0,
      noted: false,
    })
    if (key) this.pending.set(key, { by: name, body })
    return 'n'
  }

  /** The outcome of a send that may be here already, and the message that was first. */
  sendOnce(name: string, body: string, delay: number, key?: string): [outcome: string, first?: string] {
    if (this.messages.has(name) || (!key && this.doneIds.has(name))) return ['s', name]
    const holder = key && this.pending.get(key)
    if (holder && holder.until === undefined) return [holder.body === body ? 'p' : 'x', holder.by]
    if (holder && (holder.until as number) > this.now) return ['p', holder.by]
    const done = key && this.doneKeys.get(key)
    if (done === 'mark') return ['m', '']
    if (done && done.by === name) return ['s', name]
    if (done) return [done.body === undefined || done.body === body ? 'r' : 'x', done.by]
    return [this.send(name, body, delay, key)]
  }

  receive(max: number, returning: number): string[] {
    const due = (state: string, now: number) =>
      [...this.messages].filter(([, one]) => one.state === state && one.at <= now).sort(inOrder)
    const taken: string[] = []
    for (const [name, one] of due('inflight', this.now * 1000).slice(0, Math.min(max, returning)))
      this.#take(name, one, taken)
    for (const [name, one] of due('ready', this.now).slice(0, max - taken.length)) this.#take(name, one, taken)
    if (taken.length === 0) return []
    this.#fence = Math.max(this.#fence + 1, this.now * 1000)
    for (const name of taken) this.get(name).at = this.#fence + VISIBILITY * 1000
    this.#fence += taken.length - 1
    return taken
  }

  #take(name: string, one: Held, taken: string[]): void {
    if (one.attempts >= MAX_RECEIVES) {
      this.#bury(one)
      return
    }
    if (one.deliveries === 0) one.first = this.now
    else one.noted = true
    one.deliveries++
    one.attempts++
    one.state = 'inflight'
    taken.push(name)
  }

  complete(name: string, delivery: number, key?: string): string {
    const one = this.messages.get(name)
    if (!one) return 'd'
    if (!this.#holds(one, delivery)) return 'l'
    const holder = key && this.pending.get(key)
    if (key && !one.key && this.#superseded(key, name)) return 'l'
    if (key) {
      this.pending.delete(key)
      this.doneKeys.set(key, { by: name, body: holder && holder.until === undefined ? holder.body : undefined })
    }
    this.messages.delete(name)
    this.doneIds.add(name)
    return ''
  }

  extend(name: string, delivery: number, visibility: number): string {
    const one = this.messages.get(name)
    // One that is not written down counts as received once.
    if (one && one.state !== 'dead' && (one.noted ? one.deliveries : 1) !== delivery) {
      return one.noted || one.state === 'inflight' ? 'l' : 'n'
    }
    if (!one || !this.#holds(one, delivery) || one.at <= this.now * 1000) return 'n'
    Object.assign(one, { at: this.now * 1000 + visibility * 1000 + 0.5, noted: true })
    return 'e'
  }

  release(name: string, delivery: number, how: string, delay: number, reason: string): string {
    const one = this.messages.get(name)
    if (!one || !this.#holds(one, delivery)) return this.#released(one, delivery)
    if (how === 'rejected' || (how === 'failed' && one.attempts >= MAX_RECEIVES)) {
      this.#bury(one)
      return 'd'
    }
    if (how === 'uncounted') one.attempts--
    if (how === 'failed') one.error = reason
    Object.assign(one, { state: 'ready', at: this.now + delay, noted: true })
    return 'b'
  }

  claim(name: string, key: string, lease: number): string {
    if (this.doneKeys.has(key)) return 'd'
    const holder = this.pending.get(key)
    if (holder && holder.by !== name && (holder.until ?? Number.POSITIVE_INFINITY) > this.now) return 'h'
    if (!holder || holder.until !== undefined) this.pending.set(key, { by: name, body: '', until: this.now + lease })
    return 'g'
  }

  unclaim(name: string, key: string, done: boolean): string {
    const holder = this.pending.get(key)
    if (!holder && done && this.doneKeys.has(key)) return 'm'
    if (holder?.until === undefined || holder.by !== name) return 'l'
    this.pending.delete(key)
    if (done) this.doneKeys.set(key, 'mark')
    return 'e'
  }

  redrive(): [redriven: number, duplicates: number] {
    let [redriven, duplicates] = [0, 0]
    for (const [name, one] of [...this.messages].filter(([, { state }]) => state === 'dead').sort(inOrder)) {
      if (one.key && (this.pending.has(one.key) || this.doneKeys.has(one.key))) {
        duplicates++
        continue
      }
      redriven++
      Object.assign(one, { state: 'ready', at: this.now, attempts: 0, error: '', enqueued: this.now, noted: true })
      if (one.key) this.pending.set(one.key, { by: name, body: one.body })
    }
    return [redriven, duplicates]
  }

  /** Remove all in these states; answers how many. */
  drop(...states: string[]): number {
    const gone = [...this.messages].filter(([, { state }]) => states.includes(state))
    for (const [name] of gone) this.messages.delete(name)
    if (states.includes('ready')) this.pending.clear()
    return gone.length
  }

  get(name: string): Held {
    return this.messages.get(name) as Held
  }

  /** The state as the stage reads it; of letters only whose they are. */
  state(): Omit<State, 'letters'> {
    const state: Omit<State, 'letters'> = { ready: {}, inflight: {}, receives: {}, keys: {}, dead: {} }
    for (const [name, one] of this.messages) {
      state[one.state][name] = one.state === 'inflight' ? one.at / 1000 : one.at
      if (one.noted && one.state !== 'dead') {
        const since = one.enqueued ? `${one.first}@${one.enqueued}` : one.first
        state.receives[name] = `${one.deliveries} ${one.attempts} ${since} ${one.error}`
      }
    }
    for (const [key, { by, body, until }] of this.pending) {
      state.keys[`<${key}>`] =
        until === undefined ? `p${by}${print({ body })}` : `c${String(until).padStart(13, '0')}${by}`
    }
    return state
  }

  /** A derived key is another message's by now. */
  #superseded(key: string, name: string): boolean {
    const holder = this.pending.get(key)
    if (holder?.by === name) return false
    return (holder && (holder.until ?? Number.POSITIVE_INFINITY) > this.now) || this.doneKeys.has(key)
  }

  #holds(one: Held, delivery: number): boolean {
    return one.state === 'inflight' && one.deliveries === delivery
  }

  /** A release that came before answers the same again. */
  #released(one: Held | undefined, delivery: number): string {
    if (one?.deliveries !== delivery) return 'l'
    if (one.state === 'dead') return 'd'
    return one.state === 'ready' && one.noted ? 'b' : 'l'
  }

  #bury(one: Held): void {
    if (one.key) this.pending.delete(one.key)
    Object.assign(one, { state: 'dead', at: this.now, noted: false })
  }
}

function inOrder([a, one]: [string, Held], [b, other]: [string, Held]): number {
  return one.at - other.at || (a < b ? -1 : 1)
}
