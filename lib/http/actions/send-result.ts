// What the sender of a message is told: digests of what came, by which SDKs see that it came whole.
import { type Sent, sqs } from '../../index.ts'
import { md5OfAttributes, md5OfBody, md5OfTrace } from '../wire/digests.ts'

export function sendResult(call: sqs.SendCall, { id, sequenceNumber }: Sent): object {
  const { MessageBody, MessageAttributes, MessageSystemAttributes } = call
  return {
    MD5OfMessageBody: md5OfBody(MessageBody as string),
    MD5OfMessageAttributes: MessageAttributes && md5OfAttributes(sqs.parseMessageAttributes(MessageAttributes)),
    MD5OfMessageSystemAttributes: md5OfTrace(MessageSystemAttributes?.['AWSTraceHeader']?.StringValue),
    MessageId: id,
    SequenceNumber: sequenceNumber,
  }
}
