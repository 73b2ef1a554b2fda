import { sqs } from '../../index.ts'
import { string } from '../wire/model.ts'
import type { Action } from './action.ts'
import { batchResult } from './batch-result.ts'
import { batchInput, batchOutput } from './message-shapes.ts'
import { onQueue } from './needs.ts'

export const deleteMessageBatch: Action<{ Entries?: sqs.BatchEntry<sqs.ReceiptCall>[] }> = {
  input: batchInput('DeleteMessageBatchRequestEntry', { ReceiptHandle: string }),
  output: batchOutput('DeleteMessageBatchResultEntry'),
  needs: onQueue('DeleteMessage'),
  run: ({ Entries = [] }, { queue, protocol }) =>
    queue(async (queue) => batchResult(await sqs.deleteBatch(queue, Entries), protocol)),
}
