// The errors of SQS by their names in the JSON protocol: the code of the Query protocol (also in the header
// `x-amzn-query-error`) and the status.
import { InvalidOption } from '../errors.ts'

export interface Shape {
  code: string
  status: number
}

const PLAIN = 'AWS.SimpleQueueService.'
const SERVICE = 'com.amazon.coral.service#'
const own = (name: string, status = 400): [string, Shape] => [name, { code: PLAIN + name, status }]
const same = (name: string, status: number): [string, Shape] => [name, { code: name, status }]

/** Those of the service model. */
const MODELLED = Object.fromEntries<Shape>([
  ['QueueDoesNotExist', { code: `${PLAIN}NonExistentQueue`, status: 400 }],
  ['QueueNameExists', { code: 'QueueAlreadyExists', status: 400 }],
  own('QueueDeletedRecently'),
  own('PurgeQueueInProgress', 403),
  own('BatchEntryIdsNotDistinct'),
  own('BatchRequestTooLong'),
  own('EmptyBatchRequest'),
  own('InvalidBatchEntryId'),
  own('TooManyEntriesInBatchRequest'),
  own('MessageNotInflight'),
  own('UnsupportedOperation'),
  same('InvalidAttributeName', 400),
  same('InvalidAttributeValue', 400),
  same('InvalidMessageContents', 400),
  same('InvalidIdFormat', 400),
  same('ReceiptHandleIsInvalid', 404),
  same('InvalidAddress', 404),
  same('ResourceNotFoundException', 404),
  same('OverLimit', 403),
  same('RequestThrottled', 403),
  same('InvalidSecurity', 403),
])

/** Those of the service's frame. */
const FRAME: Record<string, Shape> = {
  InvalidParameterValueException: { code: 'InvalidParameterValue', status: 400 },
  MissingRequiredParameterException: { code: 'MissingParameter', status: 400 },
  UnknownOperationException: { code: 'InvalidAction', status: 400 },
  SerializationException: { code: 'SerializationException', status: 400 },
  UnrecognizedClientException: { code: 'InvalidClientTokenId', status: 403 },
  InvalidSignatureException: { code: 'SignatureDoesNotMatch', status: 403 },
  IncompleteSignatureException: { code: 'IncompleteSignature', status: 400 },
  MissingAuthenticationTokenException: { code: 'MissingAuthenticationToken', status: 403 },
  RequestExpired: { code: 'RequestExpired', status: 400 },
  AccessDeniedException: { code: 'AccessDenied', status: 403 },
  RequestEntityTooLargeException: { code: 'RequestEntityTooLarge', status: 413 },
  InternalFailure: { code: 'InternalFailure', status: 500 },
  ServiceUnavailableException: { code: 'ServiceUnavailable', status: 503 },
}

export const SHAPES: Readonly<Record<string, Shape>> = { ...MODELLED, ...FRAME }

/** The `__type` of the JSON protocol. */
export function typeOf(shape: string): string {
  return (shape in FRAME ? SERVICE : 'com.amazonaws.sqs#') + shape
}

/** Refuse a call as SQS does. */
export function refuse(shape: string, message: string): never {
  throw new InvalidOption(message, { sqs: { shape, message } })
}

/** The refusal that most rules have. */
export function invalid(message: string): never {
  return refuse('InvalidParameterValueException', message)
}

/** A parameter that the call cannot do without. */
export function missing(parameter: string): never {
  return refuse('MissingRequiredParameterException', `The request must contain the parameter ${parameter}.`)
}
