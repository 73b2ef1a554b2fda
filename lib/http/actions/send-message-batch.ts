import { sqs } from '../../index.ts'
import { string } from '../wire/model.ts'
import type { Action } from './action.ts'
import { batchResult } from './batch-result.ts'
import { batchInput, batchOutput, MESSAGE } from './message-shapes.ts'
import { onQueue } from './needs.ts'
import { sendResult } from './send-result.ts'

interface Input {
  Entries?: sqs.BatchEntry<sqs.SendCall>[]
}

export const sendMessageBatch: Action<Input> = {
  input: batchInput('SendMessageBatchRequestEntry', MESSAGE),
  output: batchOutput('SendMessageBatchResultEntry', {
    MessageId: string,
    MD5OfMessageBody: string,
    MD5OfMessageAttributes: string,
    MD5OfMessageSystemAttributes: string,
    SequenceNumber: string,
  }),
  needs: onQueue('SendMessage'),
  run: ({ Entries = [] }, { queue, protocol, sender, trace }) =>
    queue(async (queue) => {
      const outcome = await sqs.sendBatch(queue, Entries, { sender, trace })
      const entries = new Map(Entries.map((entry) => [entry.Id, entry]))
      return batchResult(outcome, protocol, (sent, id) => sendResult(entries.get(id) as sqs.SendCall, sent))
    }),
}
