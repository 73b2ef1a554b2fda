// Where a client is woken. One subscription serves all its waits; scripts publish to it only while it is registered.
import type { Redis } from 'ioredis'
import type { Connection } from './connection.ts'
import { inboxOf } from './keys.ts'
import { type Wake, Watch } from './watch.ts'

const PING_EVERY = 20_000
/** How long the first wait waits for the subscription. */
const PATIENCE = 5_000
/** How long a closing client waits for Redis to hear that it no longer listens. */
const PARTING = 500

export class Inbox {
  readonly name: string
  /** Called when a wake-up came that nobody here has use for: it belongs to another client. */
  pass: (topic: string) => void = () => {}
  #watches = new Map<string, Set<Watch>>()
  #opening: Promise<void> | undefined
  #subscribed: (() => void) | undefined
  #ping: NodeJS.Timeout | undefined

  constructor(
    client: string,
    private readonly commands: Connection,
    private readonly subscriber: Redis,
  ) {
    this.name = inboxOf(client, commands.kind === 'cluster')
    subscriber.on('message', (channel: string, text: string) => {
      if (channel === this.name) this.#deliver(text)
    })
    // What was published while a connection was away is lost: once it is heard again, everybody looks.
    subscriber.on('ready', () => this.#opening && this.#subscribe())
    commands.redis.on('ready', () => this.#wakeAll())
  }

  /** Subscribe, once: to be done before a script registers this inbox. Where that takes long, waits do without it. */
  open(): Promise<void> {
    this.#opening ??= new Promise((resolve) => {
      const timer = setTimeout(resolve, PATIENCE)
      this.#subscribed = () => {
        clearTimeout(timer)
        resolve()
      }
      if (this.subscriber.status === 'ready' || this.commands.kind === 'memory') void this.#subscribe()
    })
    return this.#opening
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
      if (unused === 'redis') this.wake(topic)
      else if (unused) this.wakeHere(topic)
    })
    list.add(watch)
    return watch
  }

  /** Wake one more of those who watch the topic, here or elsewhere. */
  wake(topic: string): void {
    if (!this.#wakeOne(topic, 'redis')) this.pass(topic)
  }

  /** One of those who watch the topic here and are not woken yet, if there is one, is to look whether there is more. */
  wakeHere(topic: string): void {
    this.#wakeOne(topic, 'here')
  }

  #wakeOne(topic: string, by: Wake): boolean {
    for (const watch of this.#watches.get(topic) ?? []) if (watch.wake(by)) return true
    return false
  }

  /** All who watch the topic look again: what the partition goes by has changed. */
  lookAgain(topic: string): void {
    for (const watch of this.#watches.get(topic) ?? []) watch.foretell(performance.now())
  }

  /** Be woken no more; wake-ups that come meanwhile are passed on. */
  async close(): Promise<void> {
    clearInterval(this.#ping)
    this.#wakeAll()
    if (!this.#opening || (this.subscriber.status !== 'ready' && this.commands.kind !== 'memory')) return
    const patience = new Promise((resolve) => setTimeout(resolve, PARTING).unref())
    await Promise.race([this.subscriber.unsubscribe(this.name).catch(() => {}), patience])
  }

  #wakeAll(): void {
    for (const list of this.#watches.values()) for (const watch of list) watch.wake()
  }

  async #subscribe(): Promise<void> {
    try {
      await this.subscriber.subscribe(this.name)
    } catch {
      return // the connection broke: the next one subscribes
    }
    this.#subscribed?.()
    this.#wakeAll()
    if (this.commands.kind !== 'memory') this.#ping ??= setInterval(() => this.#check(), PING_EVERY).unref()
  }

  // A subscription that has silently died would cost a worker its wake-ups.
  #check(): void {
    if (this.subscriber.status !== 'ready') return
    const giveUp = setTimeout(() => this.subscriber.disconnect(true), PING_EVERY / 4).unref()
    const heard = () => clearTimeout(giveUp)
    this.subscriber.ping().then(heard, heard)
  }

  #deliver(text: string): void {
    const space = text.indexOf(' ')
    const [head, topic] = [text.slice(0, space), text.slice(space + 1)]
    if (head === 'result') for (const watch of this.#watches.get(text) ?? []) watch.wake()
    else if (head === '0') this.wake(topic)
    else for (const watch of this.#watches.get(topic) ?? []) watch.foretell(performance.now() + Number(head))
  }
}
