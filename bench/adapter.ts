// What the benchmark asks of a library. Each lives in a file of its own and in a process of its own.
import type { Body } from './body.ts'

export interface Adapter {
  /** The version of the library, as its package says. */
  version: string
  /** More than its worker can handle in a second, so that a backlog made by this number lasts. */
  ceiling: number
  send(body: Body): Promise<unknown>
  sendMany?(bodies: Body[]): Promise<unknown>
  sendWithKey?(body: Body, key: string): Promise<unknown>
  /** Run handlers that do nothing but read the body. Settles once the worker has begun. */
  work(settings: WorkSettings, handle: (body: Body) => void): Promise<RunningWorker>
  /** Messages that the queue still holds in any state. */
  left(): Promise<number>
  close(): Promise<unknown>
}

export interface WorkSettings {
  concurrency: number
  /** false: fetch no message before a handler is free for it, where the library knows the difference. */
  ahead?: boolean
}

export interface RunningWorker {
  stop(): Promise<unknown>
}

export interface Server {
  port: number
}

const adapters = {
  boomerang: () => import('./adapters/boomerang.ts'),
  'bare loop': () => import('./adapters/bare-loop.ts'),
  bullmq: () => import('./adapters/bullmq.ts'),
  'bee-queue': () => import('./adapters/bee-queue.ts'),
  rsmq: () => import('./adapters/rsmq.ts'),
}

export type Library = keyof typeof adapters

/** Only the library that is asked for is loaded. */
export async function openAdapter(library: Library, server: Server): Promise<Adapter> {
  const { open } = await adapters[library]()
  return await open(server)
}

let complained = false

/** A worker's first error is shown; thousands of the same would bury the table. */
export function complain(error: unknown): void {
  if (!complained) console.error(error)
  complained = true
}
