// Option values that are read the same way by several commands.
import { InvalidArgumentError } from 'commander'

export function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Expected a whole number.')
  return Number(text)
}

export function atLeastOne(text: string): number {
  if (whole(text) < 1) throw new InvalidArgumentError('Expected at least 1.')
  return Number(text)
}

/** For an option that may be given several times. */
export function collect(text: string, before: string[] = []): string[] {
  return [...before, text]
}
