// A worker takes messages from its queues, runs the handler on each, and says what became of it.
import { EventEmitter } from 'node:events'
import { levelOf } from '../lib/durability.ts'
import { type Duration, milliseconds } from '../lib/duration.ts'
import { InvalidOption } from '../lib/errors.ts'
import { MAX_VISIBILITY } from '../lib/limits.ts'
import { flag, known, whole } from '../lib/options.ts'
import { Queue } from '../lib/queue.ts'
import { Crew } from './crew.ts'
import { isolationOf } from './isolated/module.ts'
import { HandlerThreads } from './isolated/threads.ts'
import type { Handler, Health, WorkerEvents, WorkerOptions } from './types.ts'

const WORKER_OPTIONS = [
  'concurrency',
  'visibility',
  'maxRuntime',
  'backoff',
  'idempotencyKey',
  'ahead',
  'durability',
  'isolate',
]

const checked = (durability: WorkerOptions['durability']) => {
  levelOf(durability)
  return durability
}

/**
 * Runs a handler on the messages of one queue or several. Nothing starts before `start()`; `stop()` lets the running
 * handlers end. Heartbeats keep messages hidden while their handlers run, for as long as this process lives. With `isolate`
 * the handler is a module, named by its URL or path, whose default export runs in threads of its own.
 */
export class Worker<Body = unknown, Result = unknown> extends EventEmitter<WorkerEvents<Body, Result>> {
  readonly #queues: Queue[]
  readonly #crew: Crew
  /** Where the handlers run, if not in this one. */
  readonly #threads: HandlerThreads | undefined
  #started: Promise<void> | undefined
  #stopped: Promise<void> | undefined
  #state: 'new' | 'running' | 'stopping' | 'stopped' = 'new'

  constructor(
    queues: Queue<Body, Result> | Queue<Body, Result>[],
    handler: Handler<Body, Result> | string | URL,
    options: WorkerOptions<Body> = {},
  ) {
    super()
    known(options, WORKER_OPTIONS, 'a worker')
    this.#queues = (Array.isArray(queues) ? queues : [queues]) as Queue[]
    if (this.#queues.length === 0 || this.#queues.some((queue) => !(queue instanceof Queue))) {
      throw new InvalidOption('a worker needs a queue, or a list of queues, as client.queue(…) gives them')
    }
    const isolation = isolationOf(handler, options.isolate)
    if (!isolation && typeof handler !== 'function')
      throw new InvalidOption(`a handler is a function, got ${typeof handler}`)
    for (const name of ['backoff', 'idempotencyKey'] as const) {
      if (options[name] !== undefined && typeof options[name] !== 'function')
        throw new InvalidOption(`\`${name}\` must be a function`)
    }
    const maxRuntime =
      options.maxRuntime === undefined ? undefined : milliseconds(options.maxRuntime, 'maxRuntime', 1, '24d')
    const events = this as unknown as Worker
    const failed = (error: Error) => events.listenerCount('error') > 0 && events.emit('error', error)
    this.#threads = isolation && new HandlerThreads(isolation, maxRuntime, failed)
    this.#crew = new Crew(events, this.#threads?.handle ?? (handler as Handler), {
      concurrency: whole(options.concurrency ?? 1, 'concurrency', 1, 10_000),
      visibility:
        options.visibility === undefined
          ? undefined
          : milliseconds(options.visibility, 'visibility', 100, MAX_VISIBILITY),
      maxRuntime: isolation ? undefined : maxRuntime,
      backoff: options.backoff,
      idempotencyKey: options.idempotencyKey as WorkerOptions['idempotencyKey'],
      ahead: flag(options.ahead ?? true, 'ahead'),
      durability: checked(options.durability),
    })
  }

  /** Open the queues and begin. Rejects when a queue cannot be opened, or the module of an isolated handler cannot be loaded. */
  async start(): Promise<void> {
    if (this.#state !== 'new') throw new InvalidOption(`the worker is ${this.#state}; make a new one to start again`)
    this.#state = 'running'
    this.#started = this.#start()
    try {
      await this.#started
    } catch (error) {
      await this.#threads?.close()
      if (this.#state === 'running') this.#state = 'new'
      throw error
    }
  }

  async #start(): Promise<void> {
    try {
      await this.#threads?.open()
    } catch (error) {
      if (this.#state === 'running') throw error
      return // stopped meanwhile
    }
    await this.#crew.start(this.#queues)
  }

  /**
   * Receive nothing more, let running handlers end for up to `grace` (30 s unless given), then abort their signals.
   * Messages that no handler has finished are given back at once, uncounted; one whose handler ignores its signal stays
   * hidden until its deadline. A second call awaits the first.
   */
  async stop(options: { grace?: Duration } = {}): Promise<void> {
    known(options, ['grace'], 'worker.stop')
    const grace = milliseconds(options.grace ?? '30s', 'grace', 0, '12h')
    if (this.#state === 'new') this.#state = 'stopped'
    if (this.#state === 'running') {
      this.#state = 'stopping'
      this.#stopped = this.#stop(grace)
    }
    await this.#stopped
    this.#state = 'stopped'
  }

  async #stop(grace: number): Promise<void> {
    await this.#crew.stop(grace)
    await this.#threads?.close()
    await this.#started?.catch(() => {})
  }

  health(): Health {
    return { running: this.#state === 'running', ...this.#crew.health() }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }
}
