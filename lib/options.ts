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

/** A queue name as SQS has it: 1 to 80 letters, digits, '-' and '_'; `.fifo` at the end is kept for FIFO queues. */
export function queueName(name: unknown): string {
  if (typeof name === 'string' && /^[A-Za-z0-9_-]{1,80}$/.test(name)) return name
  throw new InvalidName(`a queue name is 1 to 80 letters, digits, '-' and '_', got '${String(name)}'`)
}

export function namespaceName(name: unknown): string {
  if (typeof name === 'string' && /^[A-Za-z0-9_.-]{1,80}$/.test(name)) return name
  throw new InvalidName(`a namespace is 1 to 80 letters, digits, '.', '-' and '_', got '${String(name)}'`)
}
