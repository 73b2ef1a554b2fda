// Errors on their way between threads: structured clone would keep neither their names nor their codes.
import type { serialize } from 'node:v8'

/** What was thrown, as plain data. */
export interface Thrown {
  /** What it was, if it was no error. */
  value?: unknown
  error?: {
    name: string
    message: string
    stack: string | undefined
    cause: Thrown | undefined
    /** Its own properties that can travel, such as `code`. */
    own: Record<string, unknown>
  }
}

/** A chain of causes that is longer ends there. */
const MOST_CAUSES = 10
const TOLD = ['name', 'message', 'stack', 'cause']
const NATIVE = [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]

export function told(thrown: unknown, clone: typeof serialize, causes = MOST_CAUSES): Thrown {
  if (!(thrown instanceof Error)) return { value: travels(thrown, clone) ? thrown : String(thrown) }
  const { name, message, stack, cause } = thrown
  const own = Object.entries(thrown).filter(([key, value]) => !TOLD.includes(key) && travels(value, clone))
  const further = cause === undefined || causes === 0 ? undefined : told(cause, clone, causes - 1)
  const error = { name: String(name), message: String(message), stack: stack && String(stack), cause: further }
  return { error: { ...error, own: Object.fromEntries(own) } }
}

export function restored({ error, value }: Thrown): unknown {
  if (!error) return value
  const { name, message, stack, cause, own } = error
  const Class = NATIVE.find((one) => one.name === name) ?? Error
  const made = new Class(message, cause && { cause: restored(cause) })
  if (made.name !== name) Object.defineProperty(made, 'name', { value: name, configurable: true, writable: true })
  if (stack !== undefined) made.stack = stack
  return Object.assign(made, own)
}

function travels(value: unknown, clone: typeof serialize): boolean {
  try {
    clone(value)
    return true
  } catch {
    return false
  }
}
