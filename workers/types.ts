import type { ResourceLimits } from 'node:worker_threads'
import type { Durability } from '../lib/durability.ts'
import type { Duration } from '../lib/duration.ts'
import type { Complete } from '../lib/follow-ups.ts'
import type { Message } from '../lib/message.ts'
import type { IsolatedMessage } from './isolated/message.ts'

/** What a handler is given beside the message. */
export interface HandlerContext {
  /** Aborts when the message is lost to another worker, runs too long, or the worker stops. Made when first asked for. */
  readonly signal: AbortSignal
  /** Rises with every delivery in the partition: give it to stores that should refuse a late writer. */
  readonly fence: number
}

/** Return: completed, with the value as result (a Complete: with messages that follow). Throw: visible again after a backoff. Throw Reject: a dead letter. */
export type Handler<Body = unknown, Result = unknown> = (
  message: Message<Body, Result>,
  context: HandlerContext,
) => Promise<Result | Complete<Result>> | Result | Complete<Result>

/** The default export of a module that is run with `isolate`: in a thread of its own, on a copy of the message. */
export type IsolatedHandler<Body = unknown, Result = unknown> = (
  message: IsolatedMessage<Body>,
  context: HandlerContext,
) => Promise<Result | Complete<Result>> | Result | Complete<Result>

export interface WorkerOptions<Body = unknown> {
  /** Handlers that run at a time: 1 to 10,000, 1 unless given. */
  concurrency?: number
  /** How long a message stays hidden; prolonged while its handler runs. 100 ms to 12 h, the queue's own unless given. */
  visibility?: Duration
  /** A handler that runs longer is aborted, and its message comes back. No limit unless given. */
  maxRuntime?: Duration
  /** How long a message waits after its handler threw, by the attempts so far. 1 s, 2 s, 4 s ... 15 min with jitter unless given. */
  backoff?: (attempts: number, error: unknown) => Duration
  /** The key that must take effect once, for messages sent without one: claimed before the handler starts, remembered when it is done. */
  idempotencyKey?: (message: Message<Body>) => string
  /** Fetch ahead while handlers are short. True unless given. */
  ahead?: boolean
  /** At which completions and rejections count as done: 'memory', 'fsync', or { fsync, replicas }; the queue's own unless given. */
  durability?: Durability
  /** Run the handler, a module's default export, in threads of its own, so that heartbeats go on while it blocks. False unless given. */
  isolate?: boolean | IsolateOptions
}

export interface IsolateOptions {
  /** How much memory a thread may have, in Node's words and MiB; a thread that needs more ends, alone. */
  resourceLimits?: ResourceLimits
}

/** How a worker is. */
export interface Health {
  running: boolean
  /** ms since Redis last answered this client. */
  lastAnswerAge: number
  /** Handlers that run now. */
  inFlight: number
  /** Messages that were fetched ahead. */
  ahead: number
}

export interface WorkerEvents<Body = unknown, Result = unknown> {
  /** A handler returned and the message is gone. */
  completed: [{ message: Message<Body, Result>; result: Result }]
  /** A handler threw: the message comes back after `delay` ms, or is a dead letter. */
  failed: [{ message: Message<Body, Result>; error: unknown; delay: number; dead: boolean }]
  /** A handler threw Reject, or the body does not fit the schema: the message is a dead letter. */
  rejected: [{ message: Message<Body, Result>; reason: string }]
  /** The key of the message was done before: it was dropped before it reached the handler. */
  duplicate: [{ message: Message<Body, Result>; key: string }]
  /** The message belongs to another delivery now: nothing that this handler does counts. */
  lost: [{ message: Message<Body, Result> }]
  /** Given back uncounted: the worker stops, or it was fetched ahead in vain. */
  released: [{ message: Message<Body, Result> }]
  /** Something went wrong that the worker goes on after. */
  error: [Error]
  /** Nothing to do: the worker waits. */
  idle: []
}
