// One connection (or cluster of them) over which scripts run. It never resends on its own: an error says whether the
// script may have run, and the caller decides (persist.ts).
import type { Cluster, Redis } from 'ioredis'
import { OutOfMemory, RedisFailure } from '../errors.ts'
import { type Script, sourceLines } from './script.ts'
import { ScriptCommand } from './script-command.ts'
import { memoryFrame } from './scripts.generated.ts'

/** A text must be ASCII; what may hold more is given as a buffer. */
export type Arg = string | Buffer
export type Reply = Buffer | number | null | Reply[]

/** The script did not run: the connection was not there, or the server is not able to serve just now. */
export class NotSent extends Error {}
/** The connection broke before the answer came: the script may have run. */
export class NotAnswered extends Error {}

const PATIENCE = 5_000
const UNABLE = /^(?:LOADING|CLUSTERDOWN|MASTERDOWN|READONLY|TRYAGAIN|BUSY|NOREPLICAS|Too many Cluster redirections)/
const NOT_WRITTEN = /Stream isn't writeable|Cluster isn't ready|None of startup nodes/
const BROKEN = /Connection is closed|max retries per request|ECONN|EPIPE|Socket|Command aborted|ETIMEDOUT/

export class Connection {
  /** When the server last answered, by performance.now(). */
  answeredAt = performance.now()
  closed = false
  /** Those who wait for the connection to become ready. */
  readonly #waiting = new Set<() => void>()
  #calls = 0
  #since = 0
  #watch: NodeJS.Timeout | undefined

  constructor(
    readonly redis: Redis | Cluster,
    readonly kind: 'server' | 'cluster' | 'memory',
  ) {
    const tell = () => {
      for (const done of [...this.#waiting]) done()
    }
    redis.on('ready', tell).on('end', tell)
  }

  /** Disconnect for good: what is on its way ends with Closed. */
  close(): void {
    this.closed = true
    this.redis.disconnect()
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

  /** Run a script; `keys` as keysOf gives them. Rejects with NotSent, NotAnswered, OutOfMemory or RedisFailure. */
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

  async #send(script: Script, keys: string[], args: Arg[]): Promise<Reply[]> {
    try {
      return (await this.redis.sendCommand(new ScriptCommand(script, keys, args))) as Reply[]
    } catch (error) {
      if (!(error as Error).message.startsWith('NOSCRIPT')) throw error
      return (await this.redis.callBuffer('EVAL', script.text, String(keys.length), ...keys, ...args)) as Reply[]
    }
  }

  async #runInMemory(script: Script, keys: string[], args: Arg[]): Promise<Reply[]> {
    // The emulator's TIME is no clock: its seconds and microseconds have nothing to do with each other.
    const now = args[0] === '0' ? (performance.timeOrigin + performance.now()).toFixed(3) : args[0]
    const reply = await (this.redis as Redis).eval(
      memoryFrame.replace('--SCRIPT--', () => script.text),
      keys.length,
      ...keys,
      String(now),
      ...args.slice(1).map(String),
    )
    return buffers(reply) as Reply[]
  }

  #fate(error: Error, script: Script): Error {
    const { message } = error
    if (UNABLE.test(message) || NOT_WRITTEN.test(message)) return new NotSent(message, { cause: error })
    if (BROKEN.test(message)) return new NotAnswered(message, { cause: error })
    this.answeredAt = performance.now()
    if (message.includes('OOM command not allowed')) {
      return new OutOfMemory('Redis has reached its `maxmemory`; nothing was stored. Free memory or raise the limit', {
        cause: error,
      })
    }
    return new RedisFailure(`Redis refused ${script.name}: ${sourceLines(script, message)}`, { cause: error })
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
