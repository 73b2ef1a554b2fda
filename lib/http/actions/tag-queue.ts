import { sqs } from '../../index.ts'
import { map, string, structure } from '../wire/model.ts'
import type { Action } from './action.ts'
import { onQueue } from './needs.ts'

export const tagQueue: Action<{ Tags?: Record<string, string> }> = {
  // A form has them as Tag or, as botocore writes them, as Tags.
  input: structure({ QueueUrl: string, Tags: map(string, 'Key', 'Tag', 'Tags') }),
  needs: onQueue('TagQueue'),
  run: async ({ Tags = sqs.missing('Tags') }, { account, name }) => {
    await account.change(name(), (queue) => account.client.queues.tag(queue.name, Tags))
    return undefined
  },
}
