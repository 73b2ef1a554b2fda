// What the harness needs of a queue library. Its programs speak to this alone, so the same scenario runs on others, too.
import type { Where } from '../lib/index.ts'
import type { Delivery, Send } from './job.ts'
import type { DeliveryEvent, Outcome } from './recorder.ts'

export type SystemName = 'boomerang' | 'bullmq' | 'bee-queue'

/** What its programs share. */
export interface Place {
  where: Where
  namespace: string
  queue: string
}

export interface Answer {
  outcome: Outcome
  /** By which the same message can be sent again. */
  id?: string | undefined
  error?: string | undefined
}

export interface Producer {
  /** Never rejects: what the system said, in the words of the recorder. */
  send(send: Send): Promise<Answer>
  close(): Promise<void>
}

export interface ProducerOptions {
  level: string
  /** Of each call, ms. */
  timeout: number
}

export interface WorkerSettings {
  concurrency: number
  /** How long a message is hidden while nothing is heard of its worker, ms. */
  visibility: number
  maxReceives: number
  /** Of completions. */
  level: string
  /** The worker derives a key for messages that were sent without. */
  derived: boolean
  /** The program of the handler, which then runs in threads of its own. */
  isolate?: string
  maxRuntime?: number | undefined
}

export interface Hooks {
  /** Settles when the job is done; rejects when it failed. */
  handle(delivery: Delivery): Promise<void>
  told(event: DeliveryEvent, delivery: Delivery): void
  trouble(error: unknown): void
}

export interface WorkerHandle {
  stop(): Promise<void>
}

export interface QueueSettings {
  /** ms. */
  visibility: number
  maxReceives: number
  partitions: number
  /** ms; as the system has it, unless given. */
  retention?: number
}

/** How the queue is, seen over a connection that no fault touches. */
export interface Watcher {
  /** Messages that wait, or that somebody has. */
  left(): Promise<number>
  /** Effects of dead letters. */
  dead(): Promise<string[]>
  /** What is not as it must be at any time; nobody else may be at work meanwhile. Nothing where a system's insides are not known here. */
  unsound(): Promise<string[]>
  /** What is not as it must be once all is done: sentences, none when all is well. Of completed keys, some are tried. */
  faults(completedKeys: string[]): Promise<string[]>
  close(): Promise<void>
}

export interface System {
  version: string
  /** Makes the queue, and watches it. */
  watch(place: Place, settings: QueueSettings): Promise<Watcher>
  produce(place: Place, options: ProducerOptions): Promise<Producer>
  work(place: Place, settings: WorkerSettings, hooks: Hooks): Promise<WorkerHandle>
}

export async function system(name: SystemName): Promise<System> {
  return (await import(`./systems/${name}.ts`)) as System
}
