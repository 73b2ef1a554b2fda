// The parameters of calls in SQS's words, brought to the library's options. Ranges are those of SQS where the library's own
// are wider; what the library checks by the same rule is left to it.

import { invalid } from './shapes.ts'
import { receiveNames } from './system-attributes.ts'

/** A whole number in its range, as a number or as text, or undefined where it is not given. */
export function between(value: unknown, parameter: string, min: number, max: number, reason: string) {
  if (value === undefined) return undefined
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value
  if (typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max) return number
  return invalid(`Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`)
}

const toMs = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1000)

export interface ReceiveCall {
  MaxNumberOfMessages?: unknown
  WaitTimeSeconds?: unknown
  VisibilityTimeout?: unknown
  ReceiveRequestAttemptId?: string
  MessageAttributeNames?: string[]
  MessageSystemAttributeNames?: string[]
  /** The old name of MessageSystemAttributeNames. */
  AttributeNames?: string[]
}

/** Options of `queue.receive`. */
export interface Receive {
  max: number
  wait?: number
  visibility?: number
  attemptId?: string
  attributes: string[]
}

export function parseReceive(call: ReceiveCall): { options: Receive; systemAttributes: string[] } {
  const { ReceiveRequestAttemptId: attemptId, MessageAttributeNames: attributes = [] } = call
  const max = between(call.MaxNumberOfMessages, 'MaxNumberOfMessages', 1, 10, 'Must be between 1 and 10, if provided.')
  const wait = between(call.WaitTimeSeconds, 'WaitTimeSeconds', 0, 20, 'Must be >= 0 and <= 20, if provided.')
  const visibility = between(
    call.VisibilityTimeout,
    'VisibilityTimeout',
    0,
    43_200,
    'Must be >= 0 and <= 43200, if provided.',
  )
  const options = { max: max ?? 1, wait: toMs(wait), visibility: toMs(visibility), attemptId, attributes }
  return { options: given(options) as unknown as Receive, systemAttributes: receiveNames(call) }
}

/** The visibility that ChangeMessageVisibility sets, ms. */
export function parseVisibility(value: unknown): number {
  const reason = 'VisibilityTimeout must be an integer between 0 and 43200.'
  return 1000 * (between(value ?? null, 'VisibilityTimeout', 0, 43_200, reason) as number)
}

/** How many queues a list has: 1 to 1000. */
export function parseMaxResults(value: unknown): number | undefined {
  return between(value, 'MaxResults', 1, 1000, 'MaxResults must be an integer between 1 and 1000.')
}

/** Those options that are not undefined. */
export function given<Options extends object>(options: Options): Given<Options> {
  const kept: Given<Options> = {}
  // Every send and receive comes through here: entries and a filter would cost it a microsecond.
  for (const name in options) if (options[name] !== undefined) kept[name] = options[name] as Given<Options>[typeof name]
  return kept
}
type Given<Options> = { [Name in keyof Options]?: Exclude<Options[Name], undefined> }
