// A handler that hands each message to a thread: one that is idle, or a new one.
import { Complete } from '../../lib/follow-ups.ts'
import type { Message } from '../../lib/message.ts'
import type { Job } from '../job.ts'
import type { Handler } from '../types.ts'
import { within } from '../within.ts'
import { said } from './message.ts'
import type { Isolation } from './module.ts'
import type { News } from './talk.ts'
import { HandlerThread } from './thread.ts'
import { restored } from './thrown.ts'

/** ms to wait for threads that are to end: one that is in a call to the system cannot be interrupted. */
const LAST_GRACE = 5_000

export class HandlerThreads {
  readonly #threads = new Set<HandlerThread>()
  /** The one that was used last is used next. */
  #idle: HandlerThread[] = []

  constructor(
    private readonly isolation: Isolation,
    private readonly maxRuntime: number | undefined,
    /** Told of what concerns no message. */
    private readonly failed: (error: Error) => void,
  ) {}

  /** Start the first thread. Rejects where the module cannot be loaded. */
  async open(): Promise<void> {
    const thread = this.#thread()
    await thread.ready
    this.#idle.push(thread)
  }

  readonly handle: Handler = (message, context) => this.#handle(message, context as Job)

  /** End all threads. */
  async close(): Promise<void> {
    await within(LAST_GRACE, Promise.all([...this.#threads].map((thread) => thread.end())))
  }

  async #handle(message: Message, job: Job): Promise<unknown> {
    const { signal } = job
    signal.throwIfAborted()
    const data = said(message)
    const thread = this.#idle.pop() ?? this.#thread()
    try {
      await thread.loaded(signal)
      if (this.maxRuntime !== undefined) job.limit(this.maxRuntime)
      return outcomeOf(await thread.handle(data, signal))
    } finally {
      if (thread.usable) this.#idle.push(thread)
    }
  }

  #thread(): HandlerThread {
    const thread = new HandlerThread(this.isolation, (gone, reason) => {
      this.#threads.delete(gone)
      this.#idle = this.#idle.filter((one) => one !== gone)
      if (reason) this.failed(reason)
    })
    this.#threads.add(thread)
    return thread
  }
}

function outcomeOf(news: News): unknown {
  if (news.is === 'threw') throw restored(news.error)
  if (news.is !== 'returned') return undefined
  return news.complete ? new Complete(news.result, news.complete) : news.result
}
