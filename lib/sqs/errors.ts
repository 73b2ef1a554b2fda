// What SQS calls each of the library's errors, and how it words them.
import {
  BoomerangError,
  type LostMessage,
  type MessageTooLarge,
  type PurgeInProgress,
  type QueueDoesNotExist,
  type QueueNameExists,
  type VisibilityTooLong,
  type WrongQueueType,
} from '../errors.ts'
import { sqsNameOf } from './attributes.ts'
import { SHAPES } from './shapes.ts'

/** An error as SQS shows it. */
export interface SqsError {
  /** The code of the Query protocol. */
  code: string
  /** The name in the JSON protocol, without its prefix (`sqs.typeOf`). */
  shape: string
  message: string
  status: number
}

/** Where SQS words one thing in several ways. */
export interface Call {
  /** JSON unless given. */
  protocol?: 'json' | 'query'
  /** The error of one entry of a batch. */
  entry?: boolean
}

type Told = [shape: string, message: string]
type Teller<E> = (error: E, call: Call) => Told

const INVALID = 'InvalidParameterValueException'
const reasoned = (value: unknown, parameter: string, reason: string): Told => [
  INVALID,
  `Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`,
]
const own =
  (shape: string) =>
  (error: BoomerangError): Told => [shape, error.message]
const always = (shape: string, message: string) => (): Told => [shape, message]
const UNAVAILABLE = always('ServiceUnavailableException', 'The queue cannot be reached at the moment; try again.')
const FAILURE = always('InternalFailure', 'We encountered an internal error. Please try again.')

/** Options of the library whose use depends on the type of the queue. */
const PARAMETERS: Record<string, string> = {
  delay: 'DelaySeconds',
  group: 'MessageGroupId',
  deduplicationId: 'MessageDeduplicationId',
  attemptId: 'ReceiveRequestAttemptId',
}

// As it was recorded: the text of an entry ends without a period.
const NOT_VISIBLE = 'Message does not exist or is not available for visibility timeout change'
const notInFlight: Teller<LostMessage> = ({ receipt }, { entry }) =>
  entry ? ['ReceiptHandleIsInvalid', NOT_VISIBLE] : reasoned(receipt, 'ReceiptHandle', `${NOT_VISIBLE}.`)

const absent = (parameter: string): Told => [
  'ResourceNotFoundException',
  `The resource that you specified for the ${parameter} parameter doesn't exist.`,
]
const ABSENT: Record<NonNullable<QueueDoesNotExist['role']>, Told> = {
  source: absent('SourceArn'),
  destination: absent('DestinationArn'),
  deadLetter: [INVALID, 'Value for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.'],
}

const TABLE: Record<string, Teller<never>> = {
  QueueDoesNotExist: ({ role }: QueueDoesNotExist, { protocol }) => {
    if (role) return ABSENT[role]
    const where = protocol === 'query' ? ' for this wsdl version' : ''
    return ['QueueDoesNotExist', `The specified queue does not exist${where}.`]
  },
  QueueNameExists: ({ attribute = '' }: QueueNameExists) => [
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${sqsNameOf(attribute)}`,
  ],
  QueueDeletedRecently: always(
    'QueueDeletedRecently',
    'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
  ),
  PurgeInProgress: ({ queue }: PurgeInProgress) => [
    'PurgeQueueInProgress',
    `Only one PurgeQueue operation on ${queue} is allowed every 60 seconds.`,
  ],
  MessageTooLarge: ({ limit, message }: MessageTooLarge) => [
    INVALID,
    limit === undefined
      ? message
      : `One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`,
  ],
  MissingGroup: always('MissingRequiredParameterException', 'The request must contain the parameter MessageGroupId.'),
  MissingDeduplicationId: always(
    INVALID,
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  ),
  WrongQueueType: ({ option, value, message }: WrongQueueType) => {
    if (option === undefined) return [INVALID, message]
    const reason = 'The request include parameter that is not valid for this queue type.'
    const shown = option === 'delay' && typeof value === 'number' ? value / 1000 : value
    return reasoned(shown, PARAMETERS[option] ?? option, reason)
  },
  LostMessage: notInFlight,
  MessageNotInFlight: notInFlight,
  ReceiptExpired: ({ receipt }: LostMessage) => reasoned(receipt, 'ReceiptHandle', 'The receipt handle has expired.'),
  VisibilityTooLong: ({ visibility = 0 }: VisibilityTooLong) =>
    reasoned(
      visibility / 1000,
      'VisibilityTimeout',
      'Total VisibilityTimeout for the message is beyond the limit [43200 seconds].',
    ),
  RedriveNotAllowed: ({ message }: BoomerangError) => [
    INVALID,
    `Value for parameter RedrivePolicy is invalid. Reason: ${message}`,
  ],
  OverLimit: own('OverLimit'),
  InvalidBody: own('InvalidMessageContents'),
  NotADeadLetterQueue: always(INVALID, 'Source queue must be configured as a Dead Letter Queue.'),
  MoveTaskRunning: always(
    INVALID,
    'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
  ),
  MoveTaskDoesNotExist: always('ResourceNotFoundException', 'Task does not exist.'),
  // What SQS has no word for: who called can do better (400), later (403, 503), or nothing (500).
  InvalidOption: own(INVALID),
  UnknownOption: own(INVALID),
  InvalidDuration: own(INVALID),
  InvalidName: own(INVALID),
  InvalidAttribute: own(INVALID),
  SchemaMismatch: own(INVALID),
  AttributesDiffer: own(INVALID),
  IdempotencyMismatch: own(INVALID),
  Overloaded: own('RequestThrottled'),
  Timeout: UNAVAILABLE,
  NotDurable: UNAVAILABLE,
  DurabilityUnavailable: UNAVAILABLE,
  Closed: UNAVAILABLE,
  OutOfMemory: UNAVAILABLE,
  CannotConnect: UNAVAILABLE,
  EvictionPolicy: UNAVAILABLE,
  ServerTooOld: FAILURE,
  SchemaTooNew: FAILURE,
  MissingPeer: FAILURE,
  RedisFailure: FAILURE,
  ResultTimeout: FAILURE,
  DeadLettered: FAILURE,
  Reject: FAILURE,
}

/** What SQS would say. What is no error of Boomerang is an internal failure, and its text is kept back. */
export function errorOf(error: unknown, call: Call = {}): SqsError {
  const [shape, message] = told(error, call)
  return { ...(SHAPES[shape] as { code: string; status: number }), shape, message }
}

function told(error: unknown, call: Call): Told {
  if (!(error instanceof BoomerangError)) return FAILURE()
  const tell = (TABLE[error.code] ?? FAILURE) as Teller<BoomerangError>
  const [shape, message] = tell(error, call)
  return [error.sqs?.shape ?? shape, error.sqs?.message ?? message]
}
