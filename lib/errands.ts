// What no call of a user's would find is looked for by one client of the namespace, once a minute: messages that wait to be
// forwarded where nobody receives, and tasks whose process has died.
import type { Stored } from './attribute-fields.ts'
import { QueueDoesNotExist } from './errors.ts'
import type { Mover } from './mover.ts'
import { errands } from './redis/errands.ts'
import type { Shared } from './shared.ts'

export type Errand = 'forward' | 'moves'

/** Clients that were started together do not look together. */
const JITTER = 0.25

export class Errands {
  /** ms from one look to the next. */
  period = 60_000
  readonly #seen = new Set<string>()
  #timer: NodeJS.Timeout | undefined

  constructor(
    private readonly shared: Shared,
    private readonly mover: Mover,
  ) {}

  /** A queue was opened, or its attributes have changed: from now on this client looks, and others look at the queue where they must. */
  async see(queue: string, { deadLetterQueue }: Pick<Stored, 'deadLetterQueue'>): Promise<void> {
    this.#schedule()
    if (deadLetterQueue !== '') await this.add('forward', queue)
  }

  /** Somebody has to look at this queue; to be done before what is to be found there. */
  async add(what: Errand, queue: string): Promise<void> {
    const errand = `${what} ${queue}`
    if (this.#seen.has(errand)) return
    await this.#run('add', errand)
    if (what === 'forward') this.#seen.add(errand)
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #schedule(): void {
    if (this.#timer || this.shared.closed) return
    const ms = this.period * (1 + JITTER * Math.random())
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.look()
        .catch((error) => this.#failed(error))
        .finally(() => this.#schedule())
    }, ms).unref()
  }

  /** Do what is due. */
  async look(): Promise<void> {
    for (const errand of await this.#run('take', '')) {
      if (this.shared.closed) return
      const [what, queue] = errand.split(' ') as [Errand, string]
      const look = what === 'moves' ? this.#move(queue) : this.#forward(queue)
      const done = await look.catch((error) => this.#failed(error))
      if (done) await this.#run('remove', errand)
    }
  }

  /** One errand that cannot be done stops no other. */
  #failed(error: Error): false {
    if (!this.shared.closed) this.shared.outbox.failed(error)
    return false
  }

  /** Answers whether nothing is left to be moved there. */
  async #move(queue: string): Promise<boolean> {
    try {
      return await this.mover.look(queue)
    } catch (error) {
      if (error instanceof QueueDoesNotExist) return true
      throw error
    }
  }

  /** Answers whether there is no such queue any more. */
  async #forward(queue: string): Promise<boolean> {
    const backend = await this.shared.outbox.queue(queue)
    for (const { partition } of (await backend?.open())?.lanes ?? []) void this.shared.outbox.forward(partition)
    return backend === undefined
  }

  #run(verb: 'add' | 'remove' | 'take', errand: string): Promise<string[]> {
    const { connection, namespace, timeout } = this.shared
    return errands(connection, namespace, [verb, errand, this.period], performance.now() + timeout)
  }
}
