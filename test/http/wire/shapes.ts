// Inputs and outputs of a few actions as SQS's model has them: between them every kind of shape.
import { boolean, bytes, integer, list, map, type Shape, string, structure } from '../../../lib/http/wire/model.ts'

const attribute = structure({ StringValue: string, BinaryValue: bytes, DataType: string })
const messageAttributes = map(attribute, 'Name', 'MessageAttribute')
const message = {
  MessageBody: string,
  DelaySeconds: integer,
  MessageAttributes: messageAttributes,
  MessageSystemAttributes: map(attribute, 'Name', 'MessageSystemAttribute'),
  MessageDeduplicationId: string,
  MessageGroupId: string,
}
const digests = {
  MD5OfMessageBody: string,
  MD5OfMessageAttributes: string,
  MD5OfMessageSystemAttributes: string,
  MessageId: string,
  SequenceNumber: string,
}
const failed = structure({ Id: string, SenderFault: boolean, Code: string, Message: string })

export const INPUTS = {
  CreateQueue: structure({
    QueueName: string,
    Attributes: map(string, 'Name', 'Attribute'),
    tags: map(string, 'Key', 'Tag', 'Tags'),
  }),
  SendMessage: structure({ QueueUrl: string, ...message }),
  SendMessageBatch: structure({
    QueueUrl: string,
    Entries: list(structure({ Id: string, ...message }), 'SendMessageBatchRequestEntry'),
  }),
  ReceiveMessage: structure({
    QueueUrl: string,
    AttributeNames: list(string, 'AttributeName'),
    MessageAttributeNames: list(string, 'MessageAttributeName'),
    MaxNumberOfMessages: integer,
  }),
  UntagQueue: structure({ QueueUrl: string, TagKeys: list(string, 'TagKey', 'TagKeys') }),
  /** No action of SQS has one, but a shape can. */
  Flag: structure({ Flag: boolean }),
} satisfies Record<string, Shape>

export const OUTPUTS = {
  CreateQueue: structure({ QueueUrl: string }),
  SendMessage: structure(digests),
  SendMessageBatch: structure({
    Successful: list(structure({ Id: string, ...digests }), 'SendMessageBatchResultEntry'),
    Failed: list(failed, 'BatchResultErrorEntry'),
  }),
  ReceiveMessage: structure({
    Messages: list(
      structure({
        MessageId: string,
        ReceiptHandle: string,
        MD5OfBody: string,
        Body: string,
        Attributes: map(string, 'Name', 'Attribute'),
        MD5OfMessageAttributes: string,
        MessageAttributes: messageAttributes,
      }),
      'Message',
    ),
  }),
  ListQueues: structure({ QueueUrls: list(string, 'QueueUrl'), NextToken: string }),
  ListQueueTags: structure({ Tags: map(string, 'Key', 'Tag') }),
  CancelMessageMoveTask: structure({ ApproximateNumberOfMessagesMoved: integer }),
} satisfies Record<string, Shape>
