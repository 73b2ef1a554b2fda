// The public face of Boomerang.

export type { IsolatedMessage } from '../workers/isolated/message.ts'
export type {
  Handler,
  HandlerContext,
  Health,
  IsolatedHandler,
  IsolateOptions,
  WorkerEvents,
  WorkerOptions,
} from '../workers/types.ts'
export { Worker } from '../workers/worker.ts'
export { type AclOptions, acl } from './acl.ts'
export type { Attributes } from './attributes.ts'
export type { Entry, Outcome } from './bulk.ts'
export { type Client, type ConnectOptions, connect } from './client.ts'
export type { DeadLetter, DeadLetters } from './dead-letters.ts'
export type { Delivery } from './delivery.ts'
export type { Description } from './description.ts'
export type { Durability } from './durability.ts'
export type { Duration } from './duration.ts'
export * from './errors.ts'
export { Complete, type CompleteOptions, type FollowUp } from './follow-ups.ts'
export type { DeadLetterOrigin, EndOptions, Message, ReleaseOptions } from './message.ts'
export type { AttributeValue, MessageAttribute, MessageAttributes } from './message-attributes.ts'
export type { MoveFilter, MoveOptions } from './move-plan.ts'
export type { DryRun, Moves, MoveTask } from './moves.ts'
export type { PeekedMessage, Queue, ReceiveOptions, Stats } from './queue.ts'
export type { QueueOptions } from './queue-options.ts'
export type { NamePage, NewQueue, Queues } from './queues.ts'
export type { TaskStatus } from './redis/tasks.ts'
export type { Where } from './redis/where.ts'
export type { ResultOf, ResultOptions } from './results.ts'
export type { SendOptions, Sent } from './sender.ts'
export * as sqs from './sqs/index.ts'
