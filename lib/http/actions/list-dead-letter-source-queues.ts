import { integer, list, string, structure } from '../wire/model.ts'
import type { Action } from './action.ts'
import { onQueue } from './needs.ts'
import { type PageCall, pageOptions, tokenOf } from './page.ts'

export const listDeadLetterSourceQueues: Action<PageCall> = {
  input: structure({ QueueUrl: string, NextToken: string, MaxResults: integer }),
  // In small letters, unlike ListQueues.
  output: structure({ queueUrls: list(string, 'QueueUrl'), NextToken: string }),
  needs: onQueue('ListDeadLetterSourceQueues'),
  run: async (input, { account, name, url }) => {
    const page = await account.client.queues.sourcesOf(name(), pageOptions(input))
    return { queueUrls: page.names.map(url), NextToken: tokenOf(page, input) }
  },
}
