// One connection (or cluster of them) over which scripts run. It never resends on its own: an error says whether the
// script may have run, and the caller decides (persist.ts).
import type { Cluster, Redis } from 'ioredis'
import { DurabilityUnavailable } from '../errors.ts'
import { Commits } from './commits.ts'
import { fate, isAnswer, NotAnswered, NotSent } from './fate.ts'
import type { Level } from './level.ts'
import { hasParted, part } from './own.ts'
import type { Script } from './script.ts'
import { evalsha, evaluate } from './script-command.ts'
import { memoryFrame } from './scripts.generated.ts'

/** A text must be ASCII; what may hold more is given as a buffer. */
export type Arg = string | Buffer
export type Reply = Buffer | number | null | Reply[]

/** What runs scripts, one way or another. */
export interface Runner {
  readonly closed: boolean
  readonly ready: boolean
  /** Settles when the connection is ready (true) or has not become so by the deadline (false). */
  whenReady(deadline: number): Promise<boolean>
  /** Rejects with NotSent, NotAnswered, OutOfMemory or RedisFailure. The deadline is by performance.now(). */
  run(script: Script, keys: string[], args: Arg[], deadline?: number): Promise<Reply[]>
  /** Rejects with DurabilityUnavailable where calls on these keys cannot be answered at the level; with NotSent where that is not known. */
  check(keys: string[]): Promise<void>
}

const PATIENCE = 5_000

export class Connection implements Runner {
  /** The user says that the server answers only what is on its disk. */
  fsyncAlways = false
  /** When the server last answered, by performance.now(). */
  answeredAt = performance.now()
  closed = false
  /** Those who wait for the connection to become ready. */
  readonly #waiting = new Set<() => void>()
  readonly #levels = new Map<string, Commits>()
  #calls = 0
  #since = 0
  #watch: NodeJS.Timeout | undefined

  constructor(
    readonly redis: Redis | Cluster,
    readonly kind: 'server' | 'cluster' | 'memory',
  ) {
    // One that ends without having been parted with is begun anew.
    redis.on('ready', () => this.#tell()).on('end', () => hasParted(redis) && this.#tell())
  }

  /** Disconnect for good: what is on its way ends with Closed. */
  close(): void {
    this.closed = true
    part(this.redis)
    this.#tell()
    for (const commits of this.#levels.values()) commits.close()
  }

  /** What runs scripts so that they are answered at a level; this connection where there is none. */
  at(level: Level | undefined): Runner {
    if (level === undefined) return this
    if (this.kind === 'memory')
      throw new DurabilityUnavailable(
        `'memory:' has neither disk nor replicas, so that it cannot answer at ${level.text}`,
      )
    let commits = this.#levels.get(level.text)
    if (!commits) this.#levels.set(level.text, (commits = new Commits(this, level)))
    return commits
  }

  #tell(): void {
    for (const done of [...this.#waiting]) done()
  }

  get ready(): boolean {
    return this.kind === 'memory' || this.redis.status === 'ready'
  }

  /** Milliseconds for which calls have been on their way without any answer. */
  get silence(): number {
    return this.#calls === 0 ? 0 : performance.now() - Math.max(this.answeredAt, this.#since)
  }

  /** Settles when the connection is ready (true) or has not become so by the deadline (false). */
  whenReady(deadline: number): Promise<boolean> {
    if (this.ready || this.closed) return Promise.resolve(this.ready)
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.#waiting.delete(done)
        resolve(this.ready)
      }
      const timer = setTimeout(done, Math.max(deadline - performance.now(), 0))
      this.#waiting.add(done)
    })
  }

  /** Run a script; `keys` as keysOf gives them, of which it takes the first. Rejects with NotSent, NotAnswered, OutOfMemory or RedisFailure. */
  async run(script: Script, keys: string[], args: Arg[]): Promise<Reply[]> {
    if (!this.ready) throw new NotSent('not connected')
    this.#begin()
    try {
      const reply =
        this.kind === 'memory' ? await this.#runInMemory(script, keys, args) : await this.#send(script, keys, args)
      this.answeredAt = performance.now()
      return reply
    } catch (error) {
      throw this.#fate(error as Error, script)
    } finally {
      if (--this.#calls === 0) this.#rest()
    }
  }

  async check(): Promise<void> {}

  /** Settles when all masters have answered. Rejects with NotAnswered. */
  async ping(): Promise<void> {
    const { redis } = this
    const masters = redis.isCluster ? (redis as Cluster).nodes('master') : [redis as Redis]
    try {
      await Promise.all(masters.map((master) => master.ping()))
    } catch (error) {
      throw new NotAnswered((error as Error).message, { cause: error })
    }
    this.answeredAt = performance.now()
  }

  async #send(script: Script, keys: string[], args: Arg[]): Promise<Reply[]> {
    try {
      return await evalsha(this.redis, script, keys, args)
    } catch (error) {
      if (!(error as Error).message.startsWith('NOSCRIPT')) throw error
      return evaluate(this.redis, script, keys, args)
    }
  }

  async #runInMemory(script: Script, keys: string[], args: Arg[]): Promise<Reply[]> {
    // The emulator's TIME is no clock: its seconds and microseconds have nothing to do with each other.
    const now = args[0] === '0' ? (performance.timeOrigin + performance.now()).toFixed(3) : args[0]
    const reply = await (this.redis as Redis).eval(
      memoryFrame.replace('--SCRIPT--', () => script.text),
      script.keys,
      ...keys.slice(0, script.keys),
      String(now),
      ...args.slice(1).map(String),
    )
    return buffers(reply) as Reply[]
  }

  #fate(error: Error, script: Script): Error {
    const found = fate(error, script)
    if (isAnswer(found)) this.answeredAt = performance.now()
    return found
  }

  // A connection that gives no answer for too long may be half open: a fresh one settles it.
  #begin(): void {
    if (this.#calls++ > 0) return
    this.#since = performance.now()
    this.#watch ??= setInterval(() => {
      if (this.silence > PATIENCE && this.ready) this.redis.disconnect(true)
    }, PATIENCE / 5).unref()
  }

  #rest(): void {
    clearInterval(this.#watch)
    this.#watch = undefined
  }
}

function buffers(reply: unknown): Reply {
  if (Array.isArray(reply)) return reply.map(buffers)
  if (typeof reply === 'string') return Buffer.from(reply)
  return (reply ?? null) as Reply
}
