// Errors that sends, receives and deletes cause.
import { type Client, type Queue, sqs } from '../../lib/index.ts'
import type { Cause } from './causes.ts'

let count = 0
const standard = (client: Client): Queue => client.queue(`q${++count}`)
const fifo = (client: Client): Queue => client.queue(`q${++count}.fifo`)

const inOrder = { group: 'g', deduplicationId: '1' }

export const sends: Record<string, Cause> = {
  "InvalidParameterValue: Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'.": ({
    client,
  }) => standard(client).send('x', { attributes: { ErrorDetails: '' } }),
  'InvalidParameterValue: The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly':
    ({ client }) => fifo(client).send('x', { group: 'g' }),
  'MissingParameter: The request must contain the parameter MessageGroupId.': ({ client }) =>
    fifo(client).send('x', { deduplicationId: '1' }),
  'InvalidParameterValue: The request must contain the parameter MessageGroupId.': ({ client }) =>
    sqs.sendBatch(fifo(client), [
      { Id: 'a', MessageBody: 'x', MessageGroupId: 'g', MessageDeduplicationId: '1' },
      { Id: 'b', MessageBody: 'x', MessageDeduplicationId: '2' },
    ]),
  'InvalidParameterValue: Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.':
    ({ client }) => fifo(client).send('x', { ...inOrder, delay: '2s' }),
  'InvalidParameterValue: Value <receipt-handle:1> for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.':
    async ({ client }) => {
      const queue = fifo(client)
      await queue.send('x', inOrder)
      const [message] = await queue.receive({ wait: '5s', visibility: 0 })
      await sqs.deleteMessage(queue, { ReceiptHandle: message?.receipt as string })
    },
  ...wrongIds('MessageGroupId', (queue, group) => queue.send('x', { ...inOrder, group })),
  ...wrongIds('MessageDeduplicationId', (queue, deduplicationId) => queue.send('x', { ...inOrder, deduplicationId })),
}

function wrongIds(parameter: string, send: (queue: Queue, value: string) => Promise<unknown>): Record<string, Cause> {
  const rule = `${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`
  return Object.fromEntries(
    ['', 'a'.repeat(129), 'group 123'].map((value) => [
      `InvalidParameterValue: Value ${value} for parameter ${parameter} is invalid. Reason: ${rule}`,
      ({ client }) => send(fifo(client), value),
    ]),
  )
}
