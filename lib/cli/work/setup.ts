// What a worker process is told: plain data, so that a parent can send it to its children.
import type { WorkerOptions } from '../../index.ts'
import type { Shared } from '../session.ts'
import type { LogOptions } from './log.ts'

export interface Setup {
  file: string
  /** Only these; all that the module names where there is none. */
  queues: string[]
  shared: Shared
  /** From the command line: stronger than what the module says. */
  options: Pick<WorkerOptions, 'concurrency' | 'visibility' | 'maxRuntime'>
  /** ms */
  grace: number
  log: LogOptions
  quiet: boolean
}

/** A worker process, or all of them, as the health endpoints show it. */
export interface Report {
  running: boolean
  /** ms since Redis last answered. */
  lastAnswerAge: number
  inFlight: number
  ahead: number
}
