// Tasks that move messages out of a dead-letter queue: their handles, as recorded on SQS, and the calls' limits.
import { type Place, queueOf } from './arn.ts'
import { between } from './calls.ts'
import { invalid, missing, refuse } from './shapes.ts'

export interface TaskHandle {
  /** A UUID. */
  taskId: string
  sourceArn: string
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export function writeTaskHandle({ taskId, sourceArn }: TaskHandle): string {
  return Buffer.from(JSON.stringify({ taskId, sourceArn })).toString('base64')
}

export function readTaskHandle(handle: unknown): TaskHandle {
  try {
    const { taskId, sourceArn } = JSON.parse(Buffer.from(handle as string, 'base64').toString())
    if (typeof handle === 'string' && UUID.test(taskId) && /^arn:aws:sqs:/.test(sourceArn)) return { taskId, sourceArn }
  } catch {}
  return invalid('Value for parameter TaskHandle is invalid.')
}

/** The queue that an ARN of a move task names. Whether it exists is the library's to say. */
export function moveQueue(place: Place, arn: unknown, parameter: 'SourceArn' | 'DestinationArn'): string {
  if (arn === undefined) missing(parameter)
  return (
    queueOf(place, arn) ??
    refuse('ResourceNotFoundException', `The resource that you specified for the ${parameter} parameter doesn't exist.`)
  )
}

/** Messages a second, 1 to 500; undefined for as fast as it goes. */
export function moveRate(rate: unknown): number | undefined {
  return between(rate, 'MaxNumberOfMessagesPerSecond', 1, 500, 'Must be between 1 and 500, if provided.')
}

/** How many tasks a list has: 1 to 10, 1 unless given. */
export function moveTasksListed(max: unknown): number {
  return between(max, 'MaxResults', 1, 10, 'Must be between 1 and 10, if provided.') ?? 1
}
