/** The same refusal in the words of SQS. */
export interface InSqs {
  /** Its name in the JSON protocol, where it is another than the error's usual one (lib/sqs/errors.ts). */
  shape?: string
  message: string
}

export interface ErrorDetails extends ErrorOptions {
  sqs?: InSqs
}

/** Every error that Boomerang makes. `code` is the same word in Lua, here and in the documents. */
export class BoomerangError extends Error {
  /** The name of the error: stable, to be compared in code. */
  readonly code: string
  /** How SQS words this, for rules of which it has several under one error. @internal */
  declare readonly sqs?: InSqs

  constructor(code: string, message: string, { sqs, ...options }: ErrorDetails = {}) {
    super(message, options)
    this.code = code
    this.name = code
    if (sqs) this.sqs = sqs
  }
}

function named(code: string) {
  return class extends BoomerangError {
    constructor(message: string, options?: ErrorDetails) {
      super(code, message, options)
    }
  }
}

/** An option has a value that it cannot have. Nothing was done. */
export class InvalidOption extends named('InvalidOption') {}
/** There is no option of this name; the message says which was probably meant. Nothing was done. */
export class UnknownOption extends named('UnknownOption') {}
/** A duration is neither milliseconds nor text such as '30s', or it is out of its range. Nothing was done. */
export class InvalidDuration extends named('InvalidDuration') {}
/** A queue, namespace, key or id has characters or a length that it cannot have. Nothing was done. */
export class InvalidName extends named('InvalidName') {}
/** A body or result holds something that cannot be stored; the message names its path. Nothing was written. */
export class InvalidBody extends named('InvalidBody') {}
/** A body does not fit the queue's schema. Nothing was written. */
export class SchemaMismatch extends named('SchemaMismatch') {}
/** The message is larger than the queue's `maxMessageSize`. Nothing was written. */
export class MessageTooLarge extends named('MessageTooLarge') {
  /** Bytes that a message may have. */
  limit?: number
}
/** The queue exists with another value of an attribute; the message names both and the ways out. */
export class AttributesDiffer extends named('AttributesDiffer') {}
/** The idempotency key was used for another payload. Nothing was written. */
export class IdempotencyMismatch extends named('IdempotencyMismatch') {}
/** No answer within the call's `timeout`. For a send, `id` names the message, which may exist. */
export class Timeout extends named('Timeout') {
  /** The message that may exist; sending again with this id never doubles it. */
  id?: string
}
/**
 * What was asked was done, or may have been, but was not confirmed at its level of durability within the `timeout`. For a send,
 * `id` names the message, which may exist.
 */
export class NotDurable extends named('NotDurable') {
  /** The message that may exist; sending again with this id never doubles it. */
  id?: string
}
/** The server cannot answer at this level of durability; the message says what it lacks. Nothing was written. */
export class DurabilityUnavailable extends named('DurabilityUnavailable') {}
/** Redis is away and as much is waiting for it as `maxPending` allows. The message was not sent. */
export class Overloaded extends named('Overloaded') {}
/** Redis has no memory left for new messages. The message was not stored; everything else goes on. */
export class OutOfMemory extends named('OutOfMemory') {}
/** The message has been received by another or given back: this receipt can change nothing any more. */
export class LostMessage extends named('LostMessage') {
  /** The receipt that changes nothing. */
  receipt?: string
}
/** The message is not in flight: its deadline has passed, it was given back, or it is gone. Its visibility cannot be changed. */
export class MessageNotInFlight extends named('MessageNotInFlight') {
  receipt?: string
}
/** On a FIFO queue: the deadline of this delivery has passed, so its receipt can end nothing any more. */
export class ReceiptExpired extends named('ReceiptExpired') {
  receipt?: string
}
/** A message may be hidden for 12 h in all, counted from its receive. */
export class VisibilityTooLong extends named('VisibilityTooLong') {
  /** What was asked for, ms. */
  visibility?: number
}
/** As many messages of the queue are in flight as may be (`maxInFlight`). */
export class OverLimit extends named('OverLimit') {}
/** A send to a FIFO queue must name a `group`. Nothing was written. */
export class MissingGroup extends named('MissingGroup') {}
/** A send to a FIFO queue must name a `deduplicationId`, unless the queue has `contentBasedDeduplication`. Nothing was written. */
export class MissingDeduplicationId extends named('MissingDeduplicationId') {}
/** The option is not for this type of queue (FIFO or standard). Nothing was written. */
export class WrongQueueType extends named('WrongQueueType') {
  /** The option of the send or receive, and what it was given. */
  option?: string
  value?: unknown
}
/** A message attribute has a name, a type or a value that it cannot have. Nothing was written. */
export class InvalidAttribute extends named('InvalidAttribute') {}
/** A queue of this name exists with another value of an attribute that was given to `queues.create`. */
export class QueueNameExists extends named('QueueNameExists') {
  /** The attribute that differs. */
  attribute?: string
}
/** A queue of this name was removed a moment ago; it can be made anew after the client's `deleteWindow`. */
export class QueueDeletedRecently extends named('QueueDeletedRecently') {}
/** The queue was purged a moment ago; it can be purged again after the client's `purgeWindow`. */
export class PurgeInProgress extends named('PurgeInProgress') {
  /** Its name. */
  queue?: string
}
/** The dead-letter queue does not take messages of this queue (`redriveAllow`). */
export class RedriveNotAllowed extends named('RedriveNotAllowed') {}
/** Messages are moved back from dead-letter queues only: no queue names this one in its `deadLetter`. */
export class NotADeadLetterQueue extends named('NotADeadLetterQueue') {}
/** One task at a time moves messages out of a queue. */
export class MoveTaskRunning extends named('MoveTaskRunning') {}
/** There is no such task, or it runs no more. */
export class MoveTaskDoesNotExist extends named('MoveTaskDoesNotExist') {}
/** The queue was removed, or never made. */
export class QueueDoesNotExist extends named('QueueDoesNotExist') {
  /** Where one queue names another: which is not there. */
  role?: 'source' | 'destination' | 'deadLetter'
}
/** The client was closed before the call was answered. */
export class Closed extends named('Closed') {
  /** For a send: the message, which may exist. */
  id?: string
}
/** Redis is set to evict keys when its memory is full, which would lose messages. */
export class EvictionPolicy extends named('EvictionPolicy') {}
/** The server is older than Redis 6.2. */
export class ServerTooOld extends named('ServerTooOld') {}
/** A newer release of Boomerang has written this queue. */
export class SchemaTooNew extends named('SchemaTooNew') {}
/** The server could not be reached, or refused the connection. */
export class CannotConnect extends named('CannotConnect') {}
/** `memory:` needs the package ioredis-mock, which is not installed. */
export class MissingPeer extends named('MissingPeer') {}
/** There was no result within the time that was given. */
export class ResultTimeout extends named('ResultTimeout') {}
/** The message whose result was awaited is a dead letter. */
export class DeadLettered extends named('DeadLettered') {}
/** The module of an isolated handler cannot be loaded, or its default export is no function. */
export class InvalidHandler extends named('InvalidHandler') {}
/** The thread of an isolated handler ended: an error that nobody caught, `process.exit`, or no memory left. */
export class HandlerDied extends named('HandlerDied') {}
/** An isolated handler wanted what cannot be done in its thread; the message says what to do instead. Nothing was done. */
export class NotInThread extends named('NotInThread') {}
/** Redis answered with an error that Boomerang does not know; its text and place are in the message. */
export class RedisFailure extends named('RedisFailure') {}

/** Thrown by a handler: the message goes to the dead letters at once, with this reason. */
export class Reject extends named('Reject') {}
