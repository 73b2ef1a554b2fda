// One connection to one node for the calls of one level. What meets goes as one pipeline: all scripts, a touch, one wait. What
// comes while that is on its way gathers for the next one (docs/durability.md).
import type { Redis } from 'ioredis'
import { DurabilityUnavailable } from '../errors.ts'
import { type Confirmation, confirmationOf } from './confirmation.ts'
import type { Arg, Reply } from './connection.ts'
import { fate, NotAnswered, NotSent } from './fate.ts'
import type { Level } from './level.ts'
import { greeted, lasting, part } from './own.ts'
import type { Script } from './script.ts'
import { evalsha, evaluate } from './script-command.ts'
import { scripts } from './scripts.generated.ts'

interface Call {
  script: Script
  keys: string[]
  args: Arg[]
  /** By performance.now(). */
  deadline: number
  /** The server does not know the script by its hash. */
  whole?: boolean
  reply?: Reply[]
  resolve: (reply: Reply[]) => void
  reject: (error: Error) => void
}

/** ms: a wait that falls short is begun anew, so that one that is never answered is told from one that is long. */
const SLICE = 1_000
/** ms without an answer: the connection may be half open, and a fresh one settles it. */
const PATIENCE = 5_000

export class GroupCommit {
  #gathered: Call[] = []
  #busy = false
  /** Of this connection; a new one may lead to another server. */
  #confirmation: Confirmation | undefined
  #connections = 0
  #trouble: Error | undefined

  constructor(
    private readonly redis: Redis,
    private readonly level: Level,
    private readonly fsyncAlways: boolean,
    /** Told that what this node has may be another's now. */
    private readonly astray: () => void,
  ) {
    greeted(redis)
    lasting(redis)
    redis.on('error', (error) => (this.#trouble = error))
    redis.on('close', () => {
      this.#confirmation = undefined
      this.#connections++
    })
  }

  run(script: Script, keys: string[], args: Arg[], deadline: number): Promise<Reply[]> {
    return new Promise((resolve, reject) => {
      this.#gathered.push({ script, keys, args, deadline, resolve, reject })
      if (this.#busy) return
      this.#busy = true
      process.nextTick(() => void this.#work())
    })
  }

  async check(): Promise<void> {
    await this.#open()
  }

  close(): void {
    part(this.redis)
  }

  async #work(): Promise<void> {
    while (this.#gathered.length > 0) {
      const calls = this.#gathered
      this.#gathered = []
      const now = performance.now()
      const due = calls.filter(({ deadline }) => deadline > now)
      for (const call of calls) if (call.deadline <= now) call.reject(new NotSent('not sent before the deadline'))
      if (due.length === 0) continue
      try {
        const confirmation = await this.#open()
        await this.#commit(due, confirmation)
      } catch (error) {
        for (const call of due) if (!this.#gathered.includes(call)) call.reject(error as Error)
      }
    }
    this.#busy = false
  }

  /** Connected, and sure that the server can confirm the level; rejects with NotSent or DurabilityUnavailable. */
  async #open(): Promise<Confirmation> {
    const { redis } = this
    if (redis.status === 'wait') redis.connect().catch(() => {})
    if (!(await ready(redis))) {
      this.astray()
      throw new NotSent(this.#trouble?.message ?? 'not connected', { cause: this.#trouble })
    }
    if (this.#confirmation) return this.#confirmation
    const connection = this.#connections
    try {
      const found = await this.#watched(confirmationOf(redis, this.level, this.fsyncAlways))
      if (connection === this.#connections) this.#confirmation = found
      return found
    } catch (error) {
      if (error instanceof DurabilityUnavailable) throw error
      this.#mend(error as Error)
      throw new NotSent((error as Error).message, { cause: error })
    }
  }

  /** All is written in one go, so that nothing of it can be on another connection. */
  async #commit(calls: Call[], confirm: Confirmation): Promise<void> {
    const { stream } = this.redis
    stream.cork()
    const sent = calls.map((call) => this.#send(call))
    let touched = confirm.own ? this.#touch(calls, false) : Promise.resolve(true)
    let reached = begun(confirm, calls)
    stream.uncork()
    touched.catch(() => {}) // awaited below
    let held = (await this.#watched(Promise.all(sent))).filter((call) => call !== undefined)
    for (let known = false; ; ) {
      const retouched = await this.#answered(touched)
      const confirmed = await this.#answered(reached)
      if (retouched && confirmed) for (const { resolve, reply } of held) resolve(reply as Reply[])
      const now = performance.now()
      held = retouched && confirmed ? [] : held.filter(({ deadline }) => deadline > now)
      if (held.length === 0) return
      if (!retouched && known) throw new NotAnswered('the partition is not there any more')
      known = true
      if (!retouched) touched = this.#touch(held, true)
      touched.catch(() => {})
      reached = begun(confirm, held)
    }
  }

  /** The call, if its level is to be waited for; a refusal has written nothing. */
  async #send(call: Call): Promise<Call | undefined> {
    const { script, keys, args } = call
    try {
      const reply = await (call.whole ? evaluate : evalsha)(this.redis, script, keys, args)
      if ((reply[0] as Buffer).toString() === 'ok') return Object.assign(call, { reply })
      call.resolve(reply)
    } catch (error) {
      const { message } = error as Error
      if (message.startsWith('NOSCRIPT') && !call.whole) this.#gathered.push(Object.assign(call, { whole: true }))
      else call.reject(this.#fate(error as Error, script))
    }
    return undefined
  }

  /** Write behind the scripts in each of their partitions; answers whether one of them was there and the script known. */
  async #touch(calls: Call[], known: boolean): Promise<boolean> {
    const partitions = new Map(calls.map(({ keys }) => [keys[0], keys]))
    const touch = async (keys: string[]) => {
      const reply = await (known ? evaluate : evalsha)(this.redis, scripts.touch, keys, ['0'])
      return (reply[0] as Buffer).toString() === 'ok'
    }
    const told = await Promise.all(
      [...partitions.values()].map((keys) =>
        touch(keys).catch((error) => {
          if (/^(?:NOSCRIPT|MOVED|ASK)/.test(error.message)) return false
          throw error
        }),
      ),
    )
    return told.some((one) => one)
  }

  /** What a wait or a touch answered. Whatever goes wrong with them, the scripts may have run. */
  async #answered(answer: Promise<boolean>): Promise<boolean> {
    try {
      return await this.#watched(answer)
    } catch (error) {
      this.#mend(error as Error)
      throw new NotAnswered((error as Error).message, { cause: error })
    }
  }

  /** What is next is found out anew: by another connection where this master has become a replica. */
  #mend({ message }: Error): void {
    this.#confirmation = undefined
    if (/UNBLOCKED|replica/i.test(message)) this.redis.disconnect(true)
    this.astray()
  }

  async #watched<T>(answer: Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.redis.disconnect(true), PATIENCE).unref()
    try {
      return await answer
    } finally {
      clearTimeout(timer)
    }
  }

  #fate(error: Error, script: Script): Error {
    const elsewhere = /^(?:MOVED|ASK) /.test(error.message)
    const found = elsewhere ? new NotSent(error.message, { cause: error }) : fate(error, script)
    if (found instanceof NotSent || found instanceof NotAnswered) this.astray()
    return found
  }
}

/** A wait until the last deadline of the calls, or a slice of it; 0 ms would be without end. It is awaited later. */
function begun(confirm: Confirmation, calls: Call[]): Promise<boolean> {
  const last = calls.reduce((latest, { deadline }) => Math.max(latest, deadline), 0)
  const reached = confirm.ask(Math.ceil(Math.min(Math.max(last - performance.now(), 1), SLICE)))
  reached.catch(() => {})
  return reached
}

/** Whether it is connected within a slice. */
function ready(redis: Redis): Promise<boolean> {
  if (redis.status === 'ready') return Promise.resolve(true)
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      redis.off('ready', done).off('end', done)
      resolve(redis.status === 'ready')
    }
    const timer = setTimeout(done, SLICE)
    redis.on('ready', done).on('end', done)
  })
}
