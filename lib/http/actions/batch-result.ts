// What became of the entries of a batch.
import { QueueDoesNotExist, sqs } from '../../index.ts'
import type { Protocol } from '../wire/protocol.ts'

export function batchResult<Told>(
  { successful, failed }: sqs.BatchOutcome<Told>,
  protocol: Protocol,
  told: (answer: Told, id: string) => object = () => ({}),
): object {
  // That there is no such queue is told of the whole batch, as of a single call.
  const gone = successful.length === 0 && failed.find(({ error }) => error instanceof QueueDoesNotExist)
  if (gone) throw gone.error
  return {
    Successful: successful.map(({ id, told: answer }) => ({ Id: id, ...told(answer, id) })),
    Failed: failed.map(({ id, error }) => {
      const { code, message, status } = sqs.errorOf(error, { protocol, entry: true })
      return { Id: id, SenderFault: status < 500, Code: code, Message: message }
    }),
  }
}
