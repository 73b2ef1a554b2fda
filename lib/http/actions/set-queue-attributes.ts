import { sqs } from '../../index.ts'
import { map, string, structure } from '../wire/model.ts'
import type { Action } from './action.ts'
import { attributesOf } from './attributes.ts'
import { onQueue } from './needs.ts'

export const setQueueAttributes: Action<{ Attributes?: Record<string, string> }> = {
  input: structure({ QueueUrl: string, Attributes: map(string, 'Name', 'Attribute') }),
  needs: onQueue('SetQueueAttributes'),
  run: async ({ Attributes = sqs.missing('Attributes') }, { account, name }) => {
    await account.change(name(), (queue) => queue.configure(attributesOf(Attributes, { fifo: sqs.isFifo(queue.name) })))
    return undefined
  },
}
