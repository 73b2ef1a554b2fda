// A message to be sent and its attributes, in SQS's words and in the library's.
import type { MessageAttributes } from '../message-attributes.ts'
import type { SendOptions } from '../sender.ts'
import { between, given } from './calls.ts'
import { checkCharacters } from './characters.ts'
import { invalid, missing } from './shapes.ts'

/** An attribute on the wire. Bytes are base64 there, or bytes already. */
export interface WireAttribute {
  DataType?: string
  StringValue?: string
  BinaryValue?: string | Uint8Array
}

export interface SendCall {
  MessageBody?: string
  DelaySeconds?: unknown
  MessageAttributes?: Record<string, WireAttribute>
  MessageSystemAttributes?: Record<string, WireAttribute>
  MessageDeduplicationId?: string
  MessageGroupId?: string
}

/** What `queue.send` takes. */
export interface Send {
  body: string
  /** undefined where there are none. */
  options: SendOptions | undefined
}

/** What all messages of a call have in common: who sends them, and the trace of those that bring none of their own. */
export interface Sending {
  sender?: string | undefined
  trace?: string | undefined
}

export function parseSend(call: SendCall, { fifo }: { fifo: boolean }, sending?: Sending): Send {
  const { MessageBody: body } = call
  if (typeof body !== 'string' || body === '') return missing('MessageBody')
  checkCharacters(body)
  return { body, options: optionsOf(call, fifo, sending) }
}

function optionsOf(call: SendCall, fifo: boolean, { sender, trace }: Sending = {}): SendOptions | undefined {
  const { MessageGroupId: group, MessageDeduplicationId: deduplicationId } = call
  const seconds = between(call.DelaySeconds, 'DelaySeconds', 0, 900, 'DelaySeconds must be >= 0 and <= 900.')
  // On a FIFO queue 0 is what all messages have; anything else the library refuses.
  const delay = seconds === undefined || (fifo && seconds === 0) ? undefined : seconds * 1000
  const attributes = call.MessageAttributes && parseMessageAttributes(call.MessageAttributes)
  const options = given({ delay, group, deduplicationId, attributes, trace: traceOf(call) ?? trace, sender })
  // Without any, a send takes a shorter way.
  return Object.keys(options).length > 0 ? (options as SendOptions) : undefined
}

/** Bytes of a message as SQS counts them. */
export function sizeOfCall({ MessageBody = '', MessageAttributes = {} }: SendCall): number {
  let bytes = Buffer.byteLength(MessageBody)
  for (const [name, { DataType = '', StringValue = '', BinaryValue = '' }] of Object.entries(MessageAttributes)) {
    const binary = typeof BinaryValue === 'string' ? Buffer.byteLength(BinaryValue, 'base64') : BinaryValue.length
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue) + binary
  }
  return bytes
}

type Attributes = Record<string, { type: string; value: string | Uint8Array }>

/** What the library's send takes; it checks names, types and values. */
export function parseMessageAttributes(wire: Record<string, WireAttribute>): Attributes {
  const parsed: Attributes = Object.create(null)
  for (const [name, { DataType: type = '', StringValue: text, BinaryValue: binary }] of Object.entries(wire)) {
    if (text !== undefined && binary !== undefined)
      invalid(`Message (user) attribute '${name}' must have a single value.`)
    if (text !== undefined) checkCharacters(text, 'InvalidParameterValueException')
    const bytes = typeof binary === 'string' ? Buffer.from(binary, 'base64') : binary
    parsed[name] = { type, value: text ?? bytes ?? '' }
  }
  return parsed
}

/** Attributes of a received message for the wire, bytes in base64. */
export function formatMessageAttributes(attributes: MessageAttributes): Record<string, WireAttribute> {
  const wire: Record<string, WireAttribute> = Object.create(null)
  for (const [name, { type, value }] of Object.entries(attributes)) {
    wire[name] =
      typeof value === 'string'
        ? { DataType: type, StringValue: value }
        : { DataType: type, BinaryValue: value.toString('base64') }
  }
  return wire
}

/** The one system attribute that a sender can give. */
function traceOf({ MessageSystemAttributes: given }: SendCall): string | undefined {
  if (given === undefined) return undefined
  for (const [name, { DataType, StringValue }] of Object.entries(given)) {
    if (name !== 'AWSTraceHeader') invalid(`Message system attribute name '${name}' is invalid.`)
    if (DataType !== 'String' || !StringValue) {
      invalid(`Message (system) attribute '${name}' must contain a non-empty value of type 'String'.`)
    }
    checkCharacters(StringValue as string, 'InvalidParameterValueException')
  }
  return given['AWSTraceHeader']?.StringValue
}
