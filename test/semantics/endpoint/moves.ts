// Tasks that move messages out of dead-letter queues, as `client.moves` has them.
import type { MoveTask, TaskStatus } from '../../../lib/index.ts'
import { nameOf } from './attributes.ts'
import type { EndpointClient } from './client.ts'
import { asked } from './refusal.ts'

interface Options {
  from: string
  to?: string
  rate?: number
}

export class EndpointMoves {
  constructor(private readonly client: EndpointClient) {}

  async start({ from, to, rate }: Options): Promise<MoveTask> {
    const { sdk, arnOf } = this.client
    const { TaskHandle: handle = '' } = await asked(
      sdk.startMessageMoveTask({
        SourceArn: arnOf(from),
        ...(to !== undefined && { DestinationArn: arnOf(to) }),
        ...(rate !== undefined && { MaxNumberOfMessagesPerSecond: rate }),
      }),
    )
    const [task] = await this.list(from)
    return { ...(task as MoveTask), handle }
  }

  /** Only a task that runs shows its handle. */
  async list(from: string, { limit = 1 }: { limit?: number } = {}): Promise<MoveTask[]> {
    const { sdk, arnOf } = this.client
    const { Results = [] } = await asked(sdk.listMessageMoveTasks({ SourceArn: arnOf(from), MaxResults: limit }))
    return Results.map((one) => ({
      handle: one.TaskHandle ?? '',
      status: one.Status as TaskStatus,
      from: nameOf(one.SourceArn as string),
      ...(one.DestinationArn !== undefined && { to: nameOf(one.DestinationArn) }),
      ...(one.MaxNumberOfMessagesPerSecond !== undefined && { rate: one.MaxNumberOfMessagesPerSecond }),
      moved: one.ApproximateNumberOfMessagesMoved as number,
      toMove: one.ApproximateNumberOfMessagesToMove as number,
      ...(one.FailureReason !== undefined && { failureReason: one.FailureReason }),
      startedAt: new Date(one.StartedTimestamp as number),
    }))
  }

  async cancel(handle: string): Promise<number> {
    const { ApproximateNumberOfMessagesMoved = 0 } = await asked(
      this.client.sdk.cancelMessageMoveTask({ TaskHandle: handle }),
    )
    return ApproximateNumberOfMessagesMoved
  }
}
