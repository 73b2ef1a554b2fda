import { type Message, type Queue, sqs } from '../../index.ts'
import { integer, list, map, string, structure } from '../wire/model.ts'
import type { Action, Call } from './action.ts'
import { MESSAGE_ATTRIBUTES } from './message-shapes.ts'
import { onQueue } from './needs.ts'
import { received } from './received.ts'

const MESSAGE = structure({
  MessageId: string,
  ReceiptHandle: string,
  MD5OfBody: string,
  Body: string,
  Attributes: map(string, 'Name', 'Attribute'),
  MD5OfMessageAttributes: string,
  MessageAttributes: MESSAGE_ATTRIBUTES,
})

export const receiveMessage: Action<sqs.ReceiveCall> = {
  input: structure({
    QueueUrl: string,
    AttributeNames: list(string, 'AttributeName'),
    // SDKs that speak Query write these as AttributeName, too.
    MessageSystemAttributeNames: list(string, 'MessageSystemAttributeName'),
    MessageAttributeNames: list(string, 'MessageAttributeName'),
    MaxNumberOfMessages: integer,
    VisibilityTimeout: integer,
    WaitTimeSeconds: integer,
    ReceiveRequestAttemptId: string,
  }),
  output: structure({ Messages: list(MESSAGE, 'Message') }),
  needs: onQueue('ReceiveMessage'),
  run: (input, call) =>
    call.queue(async (queue) => {
      const { options, systemAttributes: asked } = sqs.parseReceive(input)
      const messages = await receive(queue, options, call)
      if (messages.length > 0) call.unsent(() => giveBack(messages))
      const { protocol, account } = call
      return { Messages: messages.map((message) => received(message, { asked, place: account.place, protocol })) }
    }),
}

/** Nothing when the call is over before something came. */
async function receive(queue: Queue, options: sqs.Receive, call: Call): Promise<Message[]> {
  if (options.wait === 0) return queue.receive(options)
  const { signal } = call
  try {
    return await queue.receive({ ...options, signal })
  } catch (error) {
    if (signal.aborted && error === signal.reason) return []
    throw error
  }
}

// One that is gone meanwhile, or in other hands, is no failure here; the others go back all the same.
async function giveBack(messages: Message[]): Promise<void> {
  await Promise.allSettled(messages.map((message) => message.release({ counted: false })))
}
