// Where a client is woken. One subscription serves all its waits; scripts publish to it only while it is registered.
import type { Cluster, Redis } from 'ioredis'
import type { Connection } from './connection.ts'
import { inboxOf } from './keys.ts'
import { Watch } from './watch.ts'

const PING_EVERY = 20_000
/** How long a closing client waits for Redis to hear that it no longer listens. */
const PARTING = 500

export class Inbox {
  readonly name: string
  /** Called when a wake-up came that nobody here has use for: it belongs to another client. */
  pass: (topic: string) => void = () => {}
  #watches = new Map<string, Set<Watch>>()
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
    subscriber.on('ready', () => this.#wakeAll())
    commands.redis.on('ready', () => this.#wakeAll())
  }

  /** Subscribe, once. Must be done before a script registers this inbox. */
  open(): Promise<void> {
    this.#subscribed ??= this.#subscribe().catch((error) => {
      this.#subscribed = undefined
      throw error
    })
    return this.#subscribed
  }

  /**
   * Watch a topic: a partition's ready key, or 'result <id>'. To be called before the script that registers this inbox:
   * a wake-up may come before that script's answer.
   */
  watch(topic: string): Watch {
    const list = this.#watches.get(topic) ?? new Set()
    this.#watches.set(topic, list)
    const watch = new Watch((unused) => {
      list.delete(watch)
      if (list.size === 0 && this.#watches.get(topic) === list) this.#watches.delete(topic)
      if (unused) this.wake(topic)
    })
    list.add(watch)
    return watch
  }

  /** Wake one more of those who watch the topic, here or elsewhere. */
  wake(topic: string): void {
    if (!this.wakeHere(topic)) this.pass(topic)
  }

  /** Wake one of those who watch the topic here and are not woken yet, if there is one. */
  wakeHere(topic: string): boolean {
    for (const watch of this.#watches.get(topic) ?? []) if (watch.wake()) return true
    return false
  }

  /** Be woken no more; wake-ups that come meanwhile are passed on. */
  async close(): Promise<void> {
    clearInterval(this.#ping)
    this.#wakeAll()
    if (!this.#subscribed || this.subscriber.status !== 'ready') return
    const patience = new Promise((resolve) => setTimeout(resolve, PARTING).unref())
    await Promise.race([this.subscriber.unsubscribe(this.name).catch(() => {}), patience])
  }

  #wakeAll(): void {
    for (const list of this.#watches.values()) for (const watch of list) watch.wake()
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
    if (head === 'result') for (const watch of this.#watches.get(text) ?? []) watch.wake()
    else if (head === '0') this.wake(topic)
    else for (const watch of this.#watches.get(topic) ?? []) watch.foretell(performance.now() + Number(head))
  }
}
