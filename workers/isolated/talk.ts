// What a worker and a thread that runs its handler say to each other, each thing as the bytes that node:v8's serialize makes
// of it: that is structured clone, but Buffers stay Buffers, and none takes along the rest of the block it is cut from.
import type { MessagePort } from 'node:worker_threads'
import type { CompleteOptions } from '../../lib/follow-ups.ts'
import type { IsolatedMessage } from './message.ts'
import type { Thrown } from './thrown.ts'

/** What a thread is born with. */
export interface Birth {
  port: MessagePort
  /** The URL of the handler's module. */
  module: string
}

export type Order = { do: 'handle'; message: IsolatedMessage } | { do: 'abort'; reason: Thrown }

export type News =
  | { is: 'ready' }
  /** The module cannot be loaded, or what it exports is no handler. */
  | { is: 'unable'; error: Thrown }
  | { is: 'returned'; result: unknown; complete?: CompleteOptions | undefined }
  | { is: 'threw'; error: Thrown }
