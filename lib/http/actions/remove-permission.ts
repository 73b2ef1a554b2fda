import { sqs } from '../../index.ts'
import { string, structure } from '../wire/model.ts'
import type { Action } from './action.ts'
import { onQueue } from './needs.ts'

export const removePermission: Action<{ Label?: string }> = {
  input: structure({ QueueUrl: string, Label: string }),
  needs: onQueue('RemovePermission'),
  run: async ({ Label = sqs.missing('Label') }, { account, name }) => {
    await account.change(name(), (queue) =>
      queue.configure(({ policy }) => ({ policy: sqs.removePermission(policy || undefined, Label) ?? null })),
    )
    return undefined
  },
}
