import { sqs } from '../../index.ts'
import { list, string, structure } from '../wire/model.ts'
import type { Action } from './action.ts'
import { onQueue } from './needs.ts'

interface Input {
  Label?: string
  AWSAccountIds?: string[]
  Actions?: string[]
}

export const addPermission: Action<Input> = {
  input: structure({
    QueueUrl: string,
    Label: string,
    AWSAccountIds: list(string, 'AWSAccountId'),
    Actions: list(string, 'ActionName'),
  }),
  needs: onQueue('AddPermission'),
  run: async (input, { account, name }) => {
    const { Label: label = sqs.missing('Label'), AWSAccountIds: accounts = [], Actions: actions = [] } = input
    await account.change(name(), (queue) =>
      queue.configure(({ arn, policy }) => ({
        policy: sqs.addPermission(policy || undefined, { arn, label, accounts, actions }),
      })),
    )
    return undefined
  },
}
