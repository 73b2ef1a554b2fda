// Where a client is woken. One subscription serves all its waits; scripts publish to it only while it is registered.
import type { Cluster, Redis } from 'ioredis'
import type { Connection } from './connection.ts'
import { inboxOf } from './keys.ts'

const PING_EVERY = 20_000

/** One who waits for something on this topic: a partition's ready key, or 'result <id>'. */
interface Waiter {
  wake: (woken: boolean) => void
  at: number
  timer: NodeJS.Timeout
}

export class Inbox {
  readonly name: string
  /** Called when a wake-up came and nobody waits for it here any more: it belongs to another client. */
  pass: (topic: string) => void = () => {}
  #waiters = new Map<string, Set<Waiter>>()
  #subscribed: Promise<void> | undefined
  #ping: NodeJS.Timeout | undefined

  constructor(
    client: string,
    private readonly commands: Connection,
    private readonly subscriber: Redis | Cluster,
  ) {
    this.name = inboxOf(client, commands.kind === 'cluster')
    subscriber.on('message', (channel: string, text: string) => {
      commands.answeredAt = performance.now()
      if (channel === this.name) this.#deliver(text)
    })
    // What was published while a connection was away is lost: everybody looks again.
    subscriber.on('ready', () => this.wakeAll())
    commands.redis.on('ready', () => this.wakeAll())
  }

  /** Subscribe, once. Must be done before a script registers this inbox. */
  open(): Promise<void> {
    this.#subscribed ??= this.#subscribe().catch((error) => {
      this.#subscribed = undefined
      throw error
    })
    return this.#subscribed
  }

  /** Settles when woken on the topic (true), or after `ms` or what the server foretells (false). */
  wait(topic: string, ms: number, signal?: AbortSignal): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const list = this.#waiters.get(topic) ?? new Set()
      this.#waiters.set(topic, list)
      const end = () => {
        clearTimeout(waiter.timer)
        signal?.removeEventListener('abort', abort)
        list.delete(waiter)
        if (list.size === 0 && this.#waiters.get(topic) === list) this.#waiters.delete(topic)
      }
      const waiter: Waiter = {
        at: performance.now() + ms,
        timer: setTimeout(() => waiter.wake(false), ms),
        wake: (woken) => {
          end()
          resolve(woken)
        },
      }
      const abort = () => {
        end()
        reject(signal?.reason)
      }
      list.add(waiter)
      if (signal?.aborted) abort()
      else signal?.addEventListener('abort', abort)
    })
  }

  wakeAll(): void {
    for (const list of [...this.#waiters.values()]) for (const waiter of [...list]) waiter.wake(true)
  }

  /** Wake one more of those who wait on the topic here, if any does. */
  wakeOne(topic: string): boolean {
    const [waiter] = this.#waiters.get(topic) ?? []
    waiter?.wake(true)
    return waiter !== undefined
  }

  close(): void {
    clearInterval(this.#ping)
    this.wakeAll()
  }

  async #subscribe(): Promise<void> {
    await this.subscriber.subscribe(this.name)
    if (this.commands.kind !== 'server') return
    this.#ping ??= setInterval(() => this.#check(), PING_EVERY).unref()
  }

  // A subscription that has silently died would cost a worker its wake-ups.
  #check(): void {
    if (this.subscriber.status !== 'ready') return
    const redis = this.subscriber as Redis
    const giveUp = setTimeout(() => redis.disconnect(true), PING_EVERY / 4).unref()
    redis.ping().then(
      () => {
        clearTimeout(giveUp)
        this.commands.answeredAt = performance.now()
      },
      () => clearTimeout(giveUp),
    )
  }

  #deliver(text: string): void {
    const space = text.indexOf(' ')
    const [head, topic] = [text.slice(0, space), text.slice(space + 1)]
    if (head === 'result') {
      while (this.wakeOne(text));
    } else if (head === '0') {
      if (!this.wakeOne(topic)) this.pass(topic)
    } else {
      this.#foretold(topic, Number(head))
    }
  }

  #foretold(topic: string, ms: number): void {
    const at = performance.now() + ms
    for (const waiter of this.#waiters.get(topic) ?? []) {
      if (at >= waiter.at) continue
      waiter.at = at
      clearTimeout(waiter.timer)
      waiter.timer = setTimeout(() => waiter.wake(false), ms)
    }
  }
}
