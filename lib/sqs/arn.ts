// How SQS names a queue of a client: its account is the client's namespace.
import { arnOf as arn } from '../arn.ts'
import { queueName } from '../options.ts'

/** Where a client's queues are. */
export interface Place {
  region: string
  /** The client's namespace. */
  namespace: string
}

export const arnOf = ({ region, namespace }: Place, queue: string) => arn(region, namespace, queue)

/** The name of the queue that an ARN of this place names, or undefined. */
export function queueOf(place: Place, arn: unknown): string | undefined {
  const start = arnOf(place, '')
  if (typeof arn !== 'string' || !arn.startsWith(start)) return undefined
  try {
    return queueName(arn.slice(start.length))
  } catch {
    return undefined
  }
}
