// One test worker, whose messages say what to do; and what has become of them.
import { afterEach, expect } from 'vitest'
import { type Client, type Message, type Queue, Reject, Worker, type WorkerOptions } from '../../lib/index.ts'
import type { World } from '../semantics/world.ts'

export interface Task {
  name: string
  /** 'hang' ends when the test says so or the signal aborts, 'ignore' only when the test says so; 'block' holds the event loop. */
  do?: 'ok' | 'throw' | 'reject' | 'hang' | 'ignore' | 'block'
  /** What is returned, or the text of what is thrown. */
  with?: string
}

/** How long a handler that blocks does so, ms. */
export const BLOCKED = 600

type TaskQueue = Queue<Task, unknown>

export class Shift {
  /** Names in the order in which their handlers started. */
  readonly started: string[] = []
  /** 'event name' in the order in which they happened, and of what is lost to no message, 'event'. */
  readonly events: string[] = []
  readonly errors: Error[] = []
  readonly running = new Set<string>()
  /** How many handlers ran at once at the most. */
  most = 0
  /** Of the first delivery of each. */
  readonly signals = new Map<string, AbortSignal>()
  readonly deliveries = new Map<string, number[]>()
  readonly workers: Worker<Task, unknown>[] = []
  #ends = new Map<string, () => void>()

  /** A worker that is on its shift; it is stopped after the test. */
  async worker(queues: TaskQueue | TaskQueue[], options: WorkerOptions<Task> = {}): Promise<Worker<Task, unknown>> {
    const worker = new Worker<Task, unknown>(queues, (message, { signal }) => this.#handle(message, signal), {
      backoff: () => 0,
      ...options,
    })
    for (const event of ['completed', 'failed', 'rejected', 'duplicate', 'lost', 'released'] as const) {
      worker.on(
        event,
        ({ message }: { message: Message<Task> }) => void this.events.push(`${event} ${message.body.name}`),
      )
    }
    worker.on('error', (error) => void this.errors.push(error))
    worker.on('idle', () => void this.events.push('idle'))
    this.workers.push(worker)
    await worker.start()
    return worker
  }

  /** Let a handler that hangs, now or later, come to its end. */
  end(...names: string[]): void {
    for (const name of names) {
      this.#ends.get(name)?.()
      this.#ends.set(name, () => {})
    }
  }

  /** Settles when all these events have happened. */
  async happened(...events: string[]): Promise<void> {
    const missing = () => events.filter((event) => !this.events.includes(event))
    await expect.poll(missing, { interval: 5 }).toEqual([])
  }

  /** Settles when these run at the same time. */
  async runs(...names: string[]): Promise<void> {
    const missing = () => names.filter((name) => !this.running.has(name))
    await expect.poll(missing, { interval: 5 }).toEqual([])
  }

  count(event: string): number {
    return this.events.filter((one) => one.startsWith(event)).length
  }

  async #handle(message: Message<Task>, signal: AbortSignal): Promise<unknown> {
    const task = message.body
    this.started.push(task.name)
    this.deliveries.set(task.name, [...(this.deliveries.get(task.name) ?? []), message.deliveries])
    if (!this.signals.has(task.name)) this.signals.set(task.name, signal)
    this.running.add(task.name)
    this.most = Math.max(this.most, this.running.size)
    try {
      return await this.#do(task, signal)
    } finally {
      this.running.delete(task.name)
    }
  }

  async #do(task: Task, signal: AbortSignal): Promise<unknown> {
    if (task.do === 'throw') throw new Error(task.with ?? 'no luck')
    if (task.do === 'reject') throw new Reject(task.with ?? 'no use')
    if (task.do === 'block') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BLOCKED)
    if (task.do === 'hang' || task.do === 'ignore') await this.#hang(task, signal)
    return task.with
  }

  #hang({ name, do: how }: Task, signal: AbortSignal): Promise<void> {
    const before = this.#ends.get(name)
    if (before) return Promise.resolve(before())
    return new Promise((resolve, reject) => {
      this.#ends.set(name, resolve)
      if (how === 'hang') signal.addEventListener('abort', () => reject(signal.reason))
    })
  }
}

/** A shift for each test of a file; its workers are stopped after the test, and their handlers let go. */
export function useShift(): () => Shift {
  let shift = new Shift()
  afterEach(async () => {
    const over = shift
    shift = new Shift()
    over.end(...over.started)
    await Promise.all(over.workers.map((worker) => worker.stop({ grace: '1s' })))
  })
  return () => shift
}

export const tasks = (world: World, options = {}): TaskQueue => world.queue<Task, unknown>(options)

/** Sends tasks, in their order. */
export async function give(queue: TaskQueue, ...list: (Task | string)[]): Promise<void> {
  for (const one of list) await queue.send(typeof one === 'string' ? { name: one } : one)
}

/** The same queue as another client has it. */
export const elsewhere = (client: Client, queue: TaskQueue): TaskQueue => client.queue<Task, unknown>(queue.name)
