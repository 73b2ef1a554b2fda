import { sqs } from '../../index.ts'
import { map, string, structure } from '../wire/model.ts'
import type { Action } from './action.ts'
import { attributesOf } from './attributes.ts'
import { needsOn } from './needs.ts'

interface Input {
  QueueName?: string
  Attributes?: Record<string, string>
  tags?: Record<string, string>
  Tags?: Record<string, string>
}

export const createQueue: Action<Input> = {
  input: structure({
    QueueName: string,
    Attributes: map(string, 'Name', 'Attribute'),
    tags: map(string, 'Key', 'Tag'),
    // Written so by those who know it from TagQueue.
    Tags: map(string, 'Key', 'Tags'),
  }),
  output: structure({ QueueUrl: string }),
  needs: (input, { account }) => {
    const arn = account.arn(nameOf(input))
    return needsOn(arn, 'CreateQueue', ...(tagsOf(input) ? ['TagQueue'] : []))
  },
  run: async (input, { account, url }) => {
    const { Attributes = {} } = input
    const name = nameOf(input)
    const type = sqs.checkQueueName(name, Attributes)
    const attributes = attributesOf(Attributes, { ...type, creating: true })
    await account.create(name, { ...attributes, tags: tagsOf(input) ?? {} })
    return { QueueUrl: url(name) }
  },
}

const nameOf = ({ QueueName }: Input) => QueueName ?? sqs.missing('QueueName')
const tagsOf = ({ tags, Tags }: Input) => tags ?? Tags
