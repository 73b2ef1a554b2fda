import { sqs } from '../../index.ts'
import { string, structure } from '../wire/model.ts'
import type { Action } from './action.ts'
import { onQueue } from './needs.ts'

export const deleteMessage: Action<sqs.ReceiptCall> = {
  input: structure({ QueueUrl: string, ReceiptHandle: string }),
  needs: onQueue('DeleteMessage'),
  run: (input, { queue }) => queue(async (queue) => void (await sqs.deleteMessage(queue, input))),
}
