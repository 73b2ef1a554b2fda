import { sqs } from '../../index.ts'
import { integer, string, structure } from '../wire/model.ts'
import type { Action } from './action.ts'
import { onMoveSource } from './needs.ts'

interface Input {
  TaskHandle?: string
}

export const cancelMessageMoveTask: Action<Input> = {
  input: structure({ TaskHandle: string }),
  output: structure({ ApproximateNumberOfMessagesMoved: integer }),
  needs: (input) => onMoveSource(sqs.readTaskHandle(handleOf(input)).sourceArn, 'CancelMessageMoveTask'),
  run: async (input, { account }) => {
    const task = sqs.readTaskHandle(handleOf(input))
    return { ApproximateNumberOfMessagesMoved: await account.client.moves.cancel(sqs.writeTaskHandle(task)) }
  },
}

const handleOf = ({ TaskHandle }: Input) => TaskHandle ?? sqs.missing('TaskHandle')
