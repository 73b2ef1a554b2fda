import { string, structure } from '../wire/model.ts'
import type { Action } from './action.ts'
import { onQueue } from './needs.ts'

export const deleteQueue: Action = {
  input: structure({ QueueUrl: string }),
  needs: onQueue('DeleteQueue'),
  run: async (_, { account, name }) => void (await account.remove(name())),
}
