import { sqs } from '../../index.ts'
import { string, structure } from '../wire/model.ts'
import type { Action } from './action.ts'
import { needsOn } from './needs.ts'

interface Input {
  QueueName?: string
  QueueOwnerAWSAccountId?: string
}

export const getQueueUrl: Action<Input> = {
  input: structure({ QueueName: string, QueueOwnerAWSAccountId: string }),
  output: structure({ QueueUrl: string }),
  owner: ({ QueueOwnerAWSAccountId }) => QueueOwnerAWSAccountId,
  needs: (input, { account }) => needsOn(account.arn(nameOf(input)), 'GetQueueUrl'),
  run: async (input, { account, url }) => {
    const name = nameOf(input)
    // A handle does not say whether its queue is still there.
    await account.use(name, (queue) => queue.attributes())
    return { QueueUrl: url(name) }
  },
}

const nameOf = ({ QueueName }: Input) => QueueName ?? sqs.missing('QueueName')
