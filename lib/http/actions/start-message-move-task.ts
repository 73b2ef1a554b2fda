import { sqs } from '../../index.ts'
import { integer, string, structure } from '../wire/model.ts'
import type { Action } from './action.ts'
import { needsOn, onMoveSource } from './needs.ts'

interface Input {
  SourceArn?: string
  DestinationArn?: string
  MaxNumberOfMessagesPerSecond?: unknown
}

export const startMessageMoveTask: Action<Input> = {
  input: structure({ SourceArn: string, DestinationArn: string, MaxNumberOfMessagesPerSecond: integer }),
  output: structure({ TaskHandle: string }),
  // Where messages go back to where they came from, those queues are not asked for.
  needs: ({ SourceArn = sqs.missing('SourceArn'), DestinationArn }) => [
    ...onMoveSource(SourceArn, 'StartMessageMoveTask'),
    ...(DestinationArn === undefined ? [] : needsOn(DestinationArn, 'SendMessage')),
  ],
  run: async ({ SourceArn, DestinationArn, ...call }, { account: { client, place } }) => {
    const from = sqs.moveQueue(place, SourceArn, 'SourceArn')
    const to = DestinationArn === undefined ? undefined : sqs.moveQueue(place, DestinationArn, 'DestinationArn')
    const rate = sqs.moveRate(call.MaxNumberOfMessagesPerSecond)
    const { handle } = await client.moves.start({
      from,
      ...(to !== undefined && { to }),
      ...(rate !== undefined && { rate }),
    })
    return { TaskHandle: handle }
  },
}
