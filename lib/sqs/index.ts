// The words of SQS and those of the library, in one place: for faces that speak its protocol. Nothing here talks to Redis
// but through a queue's own calls. What is given is of the types that the model of SQS says: a face checks those.

export { isFifo } from '../attributes.ts'
export { arnOf, type Place, queueOf } from './arn.ts'
export type { QueueFacts } from './attribute-texts.ts'
export {
  ATTRIBUTE_NAMES,
  checkQueueName,
  formatAttributes,
  parseAttributes,
  type SqsAttributes,
  sqsNameOf,
} from './attributes.ts'
export {
  type BatchEntry,
  type BatchOutcome,
  changeVisibility,
  changeVisibilityBatch,
  checkEntries,
  deleteBatch,
  deleteMessage,
  type ReceiptCall,
  sendBatch,
  sendMessage,
  type VisibilityCall,
} from './batches.ts'
export { parseMaxResults, parseReceive, parseVisibility, type Receive, type ReceiveCall } from './calls.ts'
export { allowedCharacters, checkCharacters } from './characters.ts'
export { type Call, errorOf, type SqsError } from './errors.ts'
export {
  formatMessageAttributes,
  parseMessageAttributes,
  parseSend,
  type Send,
  type SendCall,
  type Sending,
  sizeOfCall,
  type WireAttribute,
} from './messages.ts'
export { moveQueue, moveRate, moveTasksListed, readTaskHandle, type TaskHandle, writeTaskHandle } from './move-task.ts'
export { addPermission, checkPolicy, type Permission, removePermission } from './policy.ts'
export type { DeadLetter, RedriveAllow } from './redrive.ts'
export { invalid, missing, refuse, SHAPES, type Shape, typeOf } from './shapes.ts'
export { type Received, receiveNames, systemAttributes } from './system-attributes.ts'
