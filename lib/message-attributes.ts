// Attributes of a message beside its body, by the rules of SQS: names, types, values, and how they count as bytes.
import { InvalidAttribute } from './errors.ts'

/** An attribute as it is stored and received. */
export interface MessageAttribute {
  /** 'String', 'Number' or 'Binary', each perhaps with a suffix of your own: 'Number.int'. */
  type: string
  /** Bytes of a Binary; text of all others, a Number's too. */
  value: string | Buffer
}

/** What a send takes: a text (String), a number (Number), bytes (Binary), or the type said with the value. */
export type AttributeValue = string | number | Uint8Array | { type: string; value: string | number | Uint8Array }

/** Attributes of one message by name. Has no prototype: `__proto__` is a name like any other. */
export type MessageAttributes = Record<string, MessageAttribute>

const MAX_ATTRIBUTES = 10
const MAX_LENGTH = 256
const MAX_DIGITS = 38
// The letters with accents are as real SQS takes them, beyond what it documents.
const NAME = /^[A-Za-z0-9_.\-\u00C0-\u017F]+$/
const RESERVED = /^(aws|amazon)\./i
const TYPE = /^(String|Number|Binary)(\..+)?$/s
const NUMBER = /^[+-]?(\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d+))?$/

/** Check the attributes that are given, and write out the short forms. */
export function checkAttributes(given: Record<string, AttributeValue>): MessageAttributes {
  if (given === null || typeof given !== 'object' || Array.isArray(given) || given instanceof Uint8Array) {
    refuse('`attributes` must be an object: names with values', 'The message attributes are not a map.')
  }
  const names = Object.keys(given)
  if (names.length > MAX_ATTRIBUTES) {
    refuse(
      `a message has at most ${MAX_ATTRIBUTES} attributes, got ${names.length}`,
      `Number of message attributes [${names.length}] exceeds the allowed maximum [${MAX_ATTRIBUTES}].`,
    )
  }
  const checked: MessageAttributes = Object.create(null)
  for (const name of names) {
    checkName(name)
    checked[name] = checkValue(name, given[name])
  }
  return checked
}

/** Bytes of the attributes as SQS counts them beside the body: names, types and values. */
export function sizeOf(attributes: MessageAttributes): number {
  let bytes = 0
  for (const [name, { type, value }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(type) + Buffer.byteLength(value)
  }
  return bytes
}

function checkName(name: string): void {
  if (name === '') {
    refuse('an attribute has an empty name', 'The request must contain non-empty message (user) attribute names.')
  }
  if (name.length > MAX_LENGTH) {
    refuse(
      `an attribute's name has at most ${MAX_LENGTH} characters, got ${name.length}`,
      'Message (user) attribute names must be shorter than 256 Bytes',
    )
  }
  if (!NAME.test(name)) {
    refuse(
      `an attribute's name has letters, digits, '_', '-' and '.', got '${name}'`,
      'Message (user) attributes name can only contain upper and lower score characters, digits, periods, hyphens and underscores. ',
    )
  }
  if (RESERVED.test(name) || name.startsWith('.') || name.endsWith('.') || name.includes('..')) {
    refuse(
      `an attribute's name does not begin with 'AWS.' or 'Amazon.', nor begin or end with '.' or have two in a row, got '${name}'`,
      "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for internal use. Additionally, they cannot start or end with '.'.",
    )
  }
}

function checkValue(name: string, given: unknown): MessageAttribute {
  const { type, value } = written(given)
  const kind = typeof type === 'string' && type.length <= MAX_LENGTH ? TYPE.exec(type)?.[1] : undefined
  if (kind === undefined || !(type as string).isWellFormed()) {
    refuse(
      `attribute '${name}' must be of type String, Number or Binary, or one of them with a suffix such as 'Number.int', got '${String(type)}'`,
      type
        ? `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`
        : `The message attribute '${name}' must contain non-empty message attribute type.`,
    )
  }
  const wanted = kind === 'Binary' ? value instanceof Uint8Array : typeof value === 'string'
  if (!wanted || (value as string | Uint8Array).length === 0) {
    refuse(
      `attribute '${name}' must have ${kind === 'Binary' ? 'bytes' : 'a text'} that are not empty, by its type ${type}`,
      `Message (user) attribute '${name}' must contain a non-empty value of type '${kind}'.`,
    )
  }
  if (kind === 'Binary') return { type: type as string, value: Buffer.from(value as Uint8Array) }
  if (!(value as string).isWellFormed()) {
    refuse(
      `attribute '${name}' has half of a surrogate pair, which UTF-8 cannot hold`,
      `Message (user) attribute '${name}' contains invalid characters.`,
    )
  }
  if (kind === 'Number') checkNumber(name, value as string)
  return { type: type as string, value: value as string }
}

/** The type and value of the short forms. */
function written(given: unknown): { type: unknown; value: unknown } {
  if (typeof given === 'string') return { type: 'String', value: given }
  if (typeof given === 'number') return { type: 'Number', value: String(given) }
  if (given instanceof Uint8Array) return { type: 'Binary', value: given }
  if (given === null || typeof given !== 'object') return { type: typeof given, value: undefined }
  const { type, value } = given as { type?: unknown; value?: unknown }
  return { type, value: typeof value === 'number' ? String(value) : value }
}

/** At most 38 digits that count, and 0 or between 10^-128 and 10^126 whatever the sign. */
function checkNumber(name: string, value: string): void {
  const [, written, exponent = '0'] = NUMBER.exec(value) ?? []
  if (written === undefined) {
    refuse(
      `attribute '${name}' is not a number: '${shown(value)}'`,
      `Can't cast the value of message (user) attribute '${name}' to a number.`,
    )
  }
  const [whole = '', fraction = ''] = (written as string).split('.')
  const digits = (whole + fraction).replace(/^0+/, '')
  const counting = digits.slice(0, lastOtherThanZero(digits) + 1)
  if (counting === '') return
  if (counting.length > MAX_DIGITS) {
    refuse(
      `attribute '${name}' has ${counting.length} digits, a number has at most ${MAX_DIGITS}`,
      `Number attribute value ${shown(value)} must have at most ${MAX_DIGITS} digits of precision.`,
    )
  }
  // Of the first digit that counts: 5 is 5 × 10^0.
  const magnitude = digits.length - fraction.length - 1 + Number(exponent)
  if (magnitude < -128 || magnitude > 126 || (magnitude === 126 && counting !== '1')) {
    refuse(
      `attribute '${name}' is out of range: a number is 0, or between 10^-128 and 10^126`,
      `Number attribute value ${shown(value)} should be in range (-10**128..10**126)`,
    )
  }
}

const shown = (value: string) => (value.length > 60 ? `${value.slice(0, 60)}…` : value)

// Not by an expression: that takes the square of the time on a megabyte of zeros.
function lastOtherThanZero(digits: string): number {
  let last = digits.length - 1
  while (digits[last] === '0') last--
  return last
}

function refuse(message: string, sqs: string): never {
  throw new InvalidAttribute(message, { sqs: { message: sqs } })
}
