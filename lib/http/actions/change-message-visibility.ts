import { sqs } from '../../index.ts'
import { integer, string, structure } from '../wire/model.ts'
import type { Action } from './action.ts'
import { onQueue } from './needs.ts'

export const changeMessageVisibility: Action<sqs.VisibilityCall> = {
  input: structure({ QueueUrl: string, ReceiptHandle: string, VisibilityTimeout: integer }),
  needs: onQueue('ChangeMessageVisibility'),
  run: (input, { queue }) => queue(async (queue) => void (await sqs.changeVisibility(queue, input))),
}
