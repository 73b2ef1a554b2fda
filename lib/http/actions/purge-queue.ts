import { string, structure } from '../wire/model.ts'
import type { Action } from './action.ts'
import { onQueue } from './needs.ts'

export const purgeQueue: Action = {
  input: structure({ QueueUrl: string }),
  needs: onQueue('PurgeQueue'),
  run: (_, { queue }) => queue(async (queue) => void (await queue.purge())),
}
