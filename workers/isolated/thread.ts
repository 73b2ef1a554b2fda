// A thread that runs handlers, one at a time (see docs/isolate.md).
import { fileURLToPath } from 'node:url'
import { deserialize, serialize } from 'node:v8'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { HandlerDied, InvalidBody, InvalidHandler, Timeout } from '../../lib/errors.ts'
import type { IsolatedMessage } from './message.ts'
import type { Isolation } from './module.ts'
import { program } from './program.generated.ts'
import type { Birth, News, Order } from './talk.ts'
import { restored, told } from './thrown.ts'

/** ms that a module may take to load. */
const LOADING = 60_000
/** ms that a handler has to end after its signal was aborted. */
const GRACE = 1_000

/** Who waits for the thread's next word. */
interface Waiting {
  heard(news: News): void
  died(error: Error): void
}

export class HandlerThread {
  /** Settles when the module is loaded, or cannot be. */
  readonly ready: Promise<void>
  readonly #worker: Worker
  readonly #port: MessagePort
  /** Settles when nothing of it is left. */
  readonly #gone: Promise<unknown>
  #waiting: Waiting | undefined
  /** What nobody caught in it. */
  #fault: Error | undefined
  #ending = false

  constructor(
    isolation: Isolation,
    /** Told when it is gone, and why, where nobody else is told. */
    gone: (thread: HandlerThread, reason: Error | undefined) => void,
  ) {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    this.#worker = born(isolation, port2)
    port1.on('message', (bytes: Uint8Array) => this.#hear(bytes))
    this.#worker.on('error', (error: Error) => {
      this.#fault = error
    })
    const closed = new Promise((resolve) => port1.once('close', resolve))
    const exited = new Promise<void>((resolve) => {
      this.#worker.once('exit', (code) => {
        // What it said before its end may come after that.
        for (let last = receiveMessageOnPort(port1); last; last = receiveMessageOnPort(port1)) this.#hear(last.message)
        port1.close()
        gone(this, this.#died(code))
        resolve()
      })
    })
    this.#gone = Promise.all([closed, exited])
    this.ready = this.#load(fileURLToPath(isolation.module))
    this.ready.catch(() => {})
  }

  /** Whether it can be given another message. */
  get usable(): boolean {
    return !this.#ending
  }

  /** Rejects when the signal is aborted meanwhile; the module goes on loading, for the next message. */
  async loaded(signal: AbortSignal): Promise<void> {
    let abort = () => {}
    const aborted = new Promise<never>((_, reject) => {
      abort = () => reject(signal.reason)
      signal.addEventListener('abort', abort)
    })
    await Promise.race([this.ready, aborted]).finally(() => signal.removeEventListener('abort', abort))
    signal.throwIfAborted()
  }

  /** What the handler says. Rejects with HandlerDied, or with the signal's reason where it does not end in time. */
  async handle(message: IsolatedMessage, signal: AbortSignal): Promise<News> {
    let timer: NodeJS.Timeout | undefined
    const abort = () => {
      this.#port.postMessage(packed({ do: 'abort', reason: told(signal.reason, serialize) }))
      timer = setTimeout(() => void this.end(), GRACE)
    }
    const answer = this.#answer(packed({ do: 'handle', message }))
    signal.addEventListener('abort', abort)
    try {
      return await answer
    } catch (error) {
      throw signal.aborted ? signal.reason : error
    } finally {
      signal.removeEventListener('abort', abort)
      clearTimeout(timer)
    }
  }

  /** End it, whatever it does. */
  async end(): Promise<void> {
    this.#ending = true
    void this.#worker.terminate()
    await this.#gone
  }

  async #load(path: string): Promise<void> {
    const timer = setTimeout(() => {
      this.#fault ??= new Timeout(`it took longer than ${LOADING} ms`)
      void this.end()
    }, LOADING)
    try {
      const news = await this.#answer()
      if (news.is === 'unable') throw restored(news.error)
    } catch (cause) {
      void this.end()
      throw new InvalidHandler(`cannot load the handler ${path}: ${textOf(cause)}`, { cause })
    } finally {
      clearTimeout(timer)
    }
  }

  #answer(order?: Uint8Array): Promise<News> {
    return new Promise((heard, died) => {
      this.#waiting = { heard, died }
      if (order) this.#port.postMessage(order)
    })
  }

  #hear(bytes: Uint8Array): void {
    this.#take()?.heard(deserialize(bytes) as News)
  }

  #take(): Waiting | undefined {
    const waiting = this.#waiting
    this.#waiting = undefined
    return waiting
  }

  /** Answers why, where nobody waits for its word. */
  #died(code: number): Error | undefined {
    const cause = this.#fault
    const how = cause ? `${cause.name}: ${cause.message}` : `it exited with code ${code}`
    const error = new HandlerDied(`the thread of the handler ended: ${how}`, { cause })
    const expected = this.#ending
    this.#ending = true
    const waiting = this.#take()
    waiting?.died(error)
    return waiting || expected ? undefined : error
  }
}

function born({ module, resourceLimits }: Isolation, port: MessagePort): Worker {
  return new Worker(program, {
    eval: true,
    name: 'boomerang handler',
    workerData: { port, module } satisfies Birth,
    transferList: [port],
    ...(resourceLimits && { resourceLimits }),
  })
}

function packed(order: Order): Uint8Array {
  try {
    return serialize(order)
  } catch (cause) {
    throw new InvalidBody(`the message cannot be given to a thread: ${(cause as Error).message}`, { cause })
  }
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  // Who imports it is of no interest: it is our own program.
  return text.replace(/ imported from .*\[\w*\s?eval\d*\]$/, '')
}
