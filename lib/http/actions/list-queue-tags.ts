import { map, string, structure } from '../wire/model.ts'
import type { Action } from './action.ts'
import { onQueue } from './needs.ts'

export const listQueueTags: Action = {
  input: structure({ QueueUrl: string }),
  output: structure({ Tags: map(string, 'Key', 'Tag') }),
  needs: onQueue('ListQueueTags'),
  run: async (_, { account, name }) => ({ Tags: await account.client.queues.tags(name()) }),
}
