import { sqs } from '../../index.ts'
import { string, structure } from '../wire/model.ts'
import type { Action } from './action.ts'
import { MESSAGE } from './message-shapes.ts'
import { onQueue } from './needs.ts'
import { sendResult } from './send-result.ts'

export const sendMessage: Action<sqs.SendCall> = {
  input: structure({ QueueUrl: string, ...MESSAGE }),
  output: structure({
    MD5OfMessageBody: string,
    MD5OfMessageAttributes: string,
    MD5OfMessageSystemAttributes: string,
    MessageId: string,
    SequenceNumber: string,
  }),
  needs: onQueue('SendMessage'),
  run: (input, { queue, sender, trace }) =>
    queue(async (queue) => sendResult(input, await sqs.sendMessage(queue, input, { sender, trace }))),
}
