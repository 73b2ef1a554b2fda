// A worker with isolated handlers, what has become of its messages, and files by which the test and the threads speak.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect } from 'vitest'
import { type Message, type Queue, Worker, type WorkerOptions } from '../../../lib/index.ts'
import { temporaryDirectory } from '../../harness/temporary.ts'

/** What handler.js is to do. */
export interface Task {
  do: string
  with?: unknown
  /** By which it says that it has begun, or is told to end. */
  file?: string
}

export type TaskQueue = Queue<Task, unknown>
export const module = (name = 'handler.js') => import.meta.resolve(`./${name}`)

/** What was thrown, as `failed` tells it. */
export type Failure = Error & { code?: string }

export class IsolatedShift {
  /** 'event deed' in the order in which they happened. */
  readonly events: string[] = []
  readonly results: unknown[] = []
  readonly failures: Failure[] = []
  readonly reasons: string[] = []
  readonly errors: Failure[] = []
  readonly workers: Worker<Task, unknown>[] = []
  readonly #directory = temporaryDirectory()

  /** A worker that is on its shift. */
  async worker(queue: TaskQueue, options: WorkerOptions<Task> = {}): Promise<Worker<Task, unknown>> {
    const worker = new Worker<Task, unknown>(queue, module(), { backoff: () => 0, isolate: true, ...options })
    for (const event of ['completed', 'failed', 'rejected', 'lost', 'released'] as const) {
      worker.on(event, ({ message }: { message: Message<Task> }) => this.events.push(`${event} ${message.body.do}`))
    }
    worker.on('completed', ({ result }) => this.results.push(result))
    worker.on('failed', ({ error }) => this.failures.push(error as Failure))
    worker.on('rejected', ({ reason }) => this.reasons.push(reason))
    worker.on('error', (error) => this.errors.push(error))
    this.workers.push(worker)
    await worker.start()
    return worker
  }

  file(name: string): string {
    return join(this.#directory.path, name)
  }

  write(name: string): void {
    writeFileSync(this.file(name), '')
  }

  /** Settles when something stands in the file; answers it. */
  async written(name: string): Promise<string> {
    const text = () => (existsSync(this.file(name)) ? readFileSync(this.file(name), 'utf8') : '')
    await expect.poll(text, { interval: 5 }).not.toBe('')
    return text()
  }

  /** Settles when it has happened so often; what happened instead is told with the failure. */
  async happened(event: string, times = 1): Promise<void> {
    const happened = () => {
      const enough = this.events.filter((one) => one === event).length >= times
      return enough ? 'enough' : { events: this.events, failures: this.failures, errors: this.errors }
    }
    await expect.poll(happened, { interval: 5 }).toBe('enough')
  }

  async end(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop({ grace: 0 })))
    this.#directory[Symbol.dispose]()
  }
}

/** One for each test of a file. */
export function useIsolatedShift(): () => IsolatedShift {
  let shift: IsolatedShift | undefined
  afterEach(async () => {
    await shift?.end()
    shift = undefined
  })
  return () => (shift ??= new IsolatedShift())
}
