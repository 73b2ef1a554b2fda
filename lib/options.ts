import { closest } from 'fastest-levenshtein'
import { InvalidName, InvalidOption, UnknownOption } from './errors.ts'

/** Refuse options that are not an object or have a name that is not known, and say which was probably meant. */
export function known(options: unknown, names: readonly string[], where: string): void {
  if (options === undefined) return
  if (options === null || typeof options !== 'object' || Array.isArray(options)) {
    throw new InvalidOption(
      `the options of ${where} must be an object, got ${options === null ? 'null' : typeof options}`,
    )
  }
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue
    const meant = names.length > 0 ? `; did you mean \`${closest(name, [...names])}\`?` : ''
    throw new UnknownOption(`${where} has no option \`${name}\`${meant}`)
  }
}

/** A whole number between `min` and `max`. */
export function whole(value: unknown, name: string, min: number, max: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value
  throw new InvalidOption(`\`${name}\` must be a whole number between ${min} and ${max}, got ${String(value)}`)
}

export function flag(value: unknown, name: string): boolean {
  if (typeof value === 'boolean') return value
  throw new InvalidOption(`\`${name}\` must be true or false, got ${String(value)}`)
}

/** An AbortSignal, or nothing. */
export function signalOf(value: unknown): AbortSignal | undefined {
  if (value === undefined || value instanceof AbortSignal) return value
  throw new InvalidOption(`\`signal\` must be an AbortSignal, got ${value === null ? 'null' : typeof value}`)
}

/** A queue name as SQS has it: 1 to 80 letters, digits, '-' and '_'; that of a FIFO queue ends with `.fifo`, which counts. */
export function queueName(name: unknown): string {
  if (typeof name === 'string' && name.length <= 80 && /^[A-Za-z0-9_-]+(\.fifo)?$/.test(name)) return name
  throw new InvalidName(
    `a queue name is 1 to 80 letters, digits, '-' and '_' ('.fifo' at the end is a FIFO queue's), got '${String(name)}'`,
  )
}

export function namespaceName(name: unknown): string {
  if (typeof name === 'string' && /^[A-Za-z0-9_.-]{1,80}$/.test(name)) return name
  throw new InvalidName(`a namespace is 1 to 80 letters, digits, '.', '-' and '_', got '${String(name)}'`)
}

const PRINTABLE = /^[!-~]{1,128}$/

function printable(value: unknown, what: string, inSqs: string): string {
  if (typeof value === 'string' && PRINTABLE.test(value)) return value
  const rule = `${inSqs} can only include alphanumeric and punctuation characters. 1 to 128 in length.`
  throw new InvalidName(`${what} is 1 to 128 letters, digits and punctuation marks of ASCII, got '${String(value)}'`, {
    sqs: { message: `Value ${String(value)} for parameter ${inSqs} is invalid. Reason: ${rule}` },
  })
}

/** The group of a message: on FIFO queues those of one group stay in order, on others it is a tenant. */
export const groupName = (value: unknown) => printable(value, 'a group', 'MessageGroupId')
export const deduplicationId = (value: unknown) => printable(value, 'a deduplication id', 'MessageDeduplicationId')
/** Names one try to receive from a FIFO queue, so that its repeat gets the same messages. */
export const attemptId = (value: unknown) => printable(value, 'the id of an attempt', 'ReceiveRequestAttemptId')

/** A text that travels beside a body: a trace header, the name of a sender. */
export function label(value: unknown, name: string): string {
  if (typeof value === 'string' && value.length >= 1 && value.length <= 1024 && value.isWellFormed()) return value
  throw new InvalidOption(`\`${name}\` must be a text of 1 to 1024 characters, got ${typeof value}`)
}

export function regionName(name: unknown): string {
  if (typeof name === 'string' && /^[a-z0-9-]{1,40}$/.test(name)) return name
  throw new InvalidName(`a region is 1 to 40 small letters, digits and '-', got '${String(name)}'`)
}
