import { sqs } from '../../index.ts'
import { list, string, structure } from '../wire/model.ts'
import type { Action } from './action.ts'
import { onQueue } from './needs.ts'

export const untagQueue: Action<{ TagKeys?: string[] }> = {
  input: structure({ QueueUrl: string, TagKeys: list(string, 'TagKey', 'TagKeys') }),
  needs: onQueue('UntagQueue'),
  run: async ({ TagKeys = sqs.missing('TagKeys') }, { account, name }) => {
    await account.change(name(), (queue) => account.client.queues.untag(queue.name, TagKeys))
    return undefined
  },
}
