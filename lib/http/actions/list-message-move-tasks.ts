import { type MoveTask, sqs } from '../../index.ts'
import type { Account } from '../queues.ts'
import { integer, list, string, structure } from '../wire/model.ts'
import type { Action } from './action.ts'
import { onMoveSource } from './needs.ts'

const TASK = structure({
  TaskHandle: string,
  Status: string,
  SourceArn: string,
  DestinationArn: string,
  MaxNumberOfMessagesPerSecond: integer,
  ApproximateNumberOfMessagesMoved: integer,
  ApproximateNumberOfMessagesToMove: integer,
  FailureReason: string,
  StartedTimestamp: integer,
})

export const listMessageMoveTasks: Action<{ SourceArn?: string; MaxResults?: unknown }> = {
  input: structure({ SourceArn: string, MaxResults: integer }),
  output: structure({ Results: list(TASK, 'ListMessageMoveTasksResultEntry') }),
  needs: ({ SourceArn = sqs.missing('SourceArn') }) => onMoveSource(SourceArn, 'ListMessageMoveTasks'),
  run: async ({ SourceArn, MaxResults }, { account }) => {
    const from = sqs.moveQueue(account.place, SourceArn, 'SourceArn')
    const tasks = await account.client.moves.list(from, { limit: sqs.moveTasksListed(MaxResults) })
    return { Results: tasks.map((task) => shown(task, account)) }
  },
}

function shown(task: MoveTask, account: Account): object {
  return {
    // Only a task that runs can be cancelled.
    TaskHandle: task.status === 'RUNNING' ? task.handle : undefined,
    Status: task.status,
    SourceArn: account.arn(task.from),
    DestinationArn: task.to === undefined ? undefined : account.arn(task.to),
    MaxNumberOfMessagesPerSecond: task.rate,
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    FailureReason: task.failureReason,
    StartedTimestamp: task.startedAt.getTime(),
  }
}
