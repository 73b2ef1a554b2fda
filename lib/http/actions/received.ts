// A received message as SQS shows it. Bodies and attributes may be of senders who do not speak SQS: any value, any text.
import { type Message, type MessageAttributes, sqs } from '../../index.ts'
import { md5OfAttributes, md5OfBody } from '../wire/digests.ts'
import type { Protocol } from '../wire/protocol.ts'
import { legible } from '../wire/xml.ts'

export interface Shown {
  /** System attributes that are asked for. */
  asked: string[]
  place: sqs.Place
  protocol: Protocol
}

export function received(message: Message, { asked, place, protocol }: Shown): object {
  const text = protocol === 'query' ? legible : (given: string) => given
  const body = text(bodyText(message.body))
  const attributes = protocol === 'query' ? attributesIn(message.attributes, legible) : message.attributes
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    MD5OfBody: md5OfBody(body),
    Body: body,
    Attributes: sqs.systemAttributes(message, asked, place),
    MD5OfMessageAttributes: md5OfAttributes(attributes),
    MessageAttributes: sqs.formatMessageAttributes(attributes),
  }
}

/** A body as text: what was sent as a value is JSON, what was sent as bytes is base64. */
export function bodyText(body: unknown): string {
  if (typeof body === 'string') return body
  if (body instanceof Uint8Array) return base64(body)
  return JSON.stringify(body, function (this: Record<string, unknown>, name, value) {
    // Not `value`: of bytes it is what their toJSON made.
    const given = this[name]
    if (given instanceof Uint8Array) return base64(given)
    return typeof value === 'bigint' ? String(value) : value
  })
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

function attributesIn(given: MessageAttributes, text: (given: string) => string): MessageAttributes {
  const all = Object.entries(given).map(([name, { type, value }]) => {
    return [name, { type: text(type), value: typeof value === 'string' ? text(value) : value }] as const
  })
  return Object.fromEntries(all)
}
