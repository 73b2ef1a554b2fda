/** Every error that Boomerang makes. `code` is the same word in Lua, here and in the documents. */
export class BoomerangError extends Error {
  /** The name of the error: stable, to be compared in code. */
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.name = code
  }
}

function named(code: string) {
  return class extends BoomerangError {
    constructor(message: string, options?: ErrorOptions) {
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
export class MessageTooLarge extends named('MessageTooLarge') {}
/** The queue exists with another value of an attribute; the message names both and the ways out. */
export class AttributesDiffer extends named('AttributesDiffer') {}
/** The idempotency key was used for another payload. Nothing was written. */
export class IdempotencyMismatch extends named('IdempotencyMismatch') {}
/** No answer within the call's `timeout`. For a send, `id` names the message, which may exist. */
export class Timeout extends named('Timeout') {
  /** The message that may exist; sending again with this id never doubles it. */
  id?: string
}
/** Redis is away and as much is waiting for it as `maxPending` allows. The message was not sent. */
export class Overloaded extends named('Overloaded') {}
/** Redis has no memory left for new messages. The message was not stored; everything else goes on. */
export class OutOfMemory extends named('OutOfMemory') {}
/** The message has been received by another or given back: this receipt can change nothing any more. */
export class LostMessage extends named('LostMessage') {}
/** The queue was removed, or never made. */
export class QueueDoesNotExist extends named('QueueDoesNotExist') {}
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
/** Redis answered with an error that Boomerang does not know; its text and place are in the message. */
export class RedisFailure extends named('RedisFailure') {}

/** Thrown by a handler: the message goes to the dead letters at once, with this reason. */
export class Reject extends named('Reject') {}
