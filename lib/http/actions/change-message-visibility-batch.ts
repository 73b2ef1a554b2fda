import { sqs } from '../../index.ts'
import { integer, string } from '../wire/model.ts'
import type { Action } from './action.ts'
import { batchResult } from './batch-result.ts'
import { batchInput, batchOutput } from './message-shapes.ts'
import { onQueue } from './needs.ts'

export const changeMessageVisibilityBatch: Action<{ Entries?: sqs.BatchEntry<sqs.VisibilityCall>[] }> = {
  input: batchInput('ChangeMessageVisibilityBatchRequestEntry', { ReceiptHandle: string, VisibilityTimeout: integer }),
  output: batchOutput('ChangeMessageVisibilityBatchResultEntry'),
  needs: onQueue('ChangeMessageVisibility'),
  run: ({ Entries = [] }, { queue, protocol }) =>
    queue(async (queue) => batchResult(await sqs.changeVisibilityBatch(queue, Entries), protocol)),
}
