// How a command ends: its exit code, and the one sentence that says why.
import { BoomerangError } from '../index.ts'
import { redacted } from './where.ts'

/** 2 is left to shells, which use it for mistakes of their own. */
export const EXIT = { well: 0, refused: 1, unreachable: 3, crashed: 4, forced: 5 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** What the user asked for cannot be done; the message says why, and what to do. */
export class Refusal extends Error {}

/** Redis could not be reached, or stopped answering. */
const AWAY = ['CannotConnect', 'Timeout', 'Overloaded']

export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof BoomerangError && AWAY.includes(error.code) ? EXIT.unreachable : EXIT.refused
}

/** The error for a person: a sentence, and with `verbose` what is behind it. Passwords in URLs are left out. */
export function explained(error: unknown, verbose = false): string {
  const first = error instanceof Error ? error.message : String(error)
  return redacted([`boomerang: ${first}`, ...(verbose ? causes(error) : [])].join('\n'))
}

function causes(error: unknown): string[] {
  if (!(error instanceof Error)) return []
  const stack = error instanceof Refusal ? [] : [error.stack ?? String(error)]
  return [...stack, ...causes(error.cause)]
}
