// Shapes that several actions have in common: a message as it is sent, its attributes, results of batches.
import { boolean, bytes, integer, list, map, type Shape, string, structure } from '../wire/model.ts'

const ATTRIBUTE = structure({ StringValue: string, BinaryValue: bytes, DataType: string })

export const MESSAGE_ATTRIBUTES = map(ATTRIBUTE, 'Name', 'MessageAttribute')

/** The members of a message that is sent. */
export const MESSAGE = {
  MessageBody: string,
  DelaySeconds: integer,
  MessageAttributes: MESSAGE_ATTRIBUTES,
  MessageSystemAttributes: map(ATTRIBUTE, 'Name', 'MessageSystemAttribute'),
  MessageDeduplicationId: string,
  MessageGroupId: string,
}

const FAILED = structure({ Id: string, SenderFault: boolean, Code: string, Message: string })

/** `entry` names the entries in a form. */
export function batchInput(entry: string, members: Record<string, Shape>): Shape {
  return structure({ QueueUrl: string, Entries: list(structure({ Id: string, ...members }), entry) })
}

export function batchOutput(entry: string, members: Record<string, Shape> = {}): Shape {
  const successful = structure({ Id: string, ...members })
  return structure({ Successful: list(successful, entry), Failed: list(FAILED, 'BatchResultErrorEntry') })
}
