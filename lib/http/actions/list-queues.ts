import { integer, list, string, structure } from '../wire/model.ts'
import type { Action } from './action.ts'
import { needsOn } from './needs.ts'
import { type PageCall, pageOptions, tokenOf } from './page.ts'

export const listQueues: Action<PageCall & { QueueNamePrefix?: string }> = {
  input: structure({ QueueNamePrefix: string, NextToken: string, MaxResults: integer }),
  output: structure({ QueueUrls: list(string, 'QueueUrl'), NextToken: string }),
  needs: (_, { account }) => needsOn(account.arn('*'), 'ListQueues'),
  run: async (input, { account, url }) => {
    const page = await account.client.queues.list({ prefix: input.QueueNamePrefix ?? '', ...pageOptions(input) })
    return { QueueUrls: page.names.map(url), NextToken: tokenOf(page, input) }
  },
}
