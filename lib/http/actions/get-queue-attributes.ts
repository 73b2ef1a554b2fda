import { type Queue, sqs } from '../../index.ts'
import { list, map, string, structure } from '../wire/model.ts'
import type { Action } from './action.ts'
import { onQueue } from './needs.ts'

export const getQueueAttributes: Action<{ AttributeNames?: string[] }> = {
  input: structure({ QueueUrl: string, AttributeNames: list(string, 'AttributeName') }),
  output: structure({ Attributes: map(string, 'Name', 'Attribute') }),
  needs: onQueue('GetQueueAttributes'),
  run: ({ AttributeNames: asked = [] }, { queue }) =>
    queue(async (queue) => {
      const attributes = await queue.attributes()
      return { Attributes: sqs.formatAttributes({ ...attributes, ...(await counts(queue, asked)) }, asked) }
    }),
}

/** Messages are counted only for those who ask: it takes a look at each partition. */
async function counts(queue: Queue, asked: string[]) {
  const wanted = asked.some((name) => name === 'All' || name.startsWith('Approximate'))
  return wanted ? queue.stats() : { ready: 0, delayed: 0, inFlight: 0 }
}
