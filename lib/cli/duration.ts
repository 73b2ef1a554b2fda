// Lengths of time on the command line and on the screen.
import { InvalidArgumentError } from 'commander'

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds of '500ms', '30s', '2m', '12h' or '1d', for what the command itself times. */
export function duration(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim()) ?? []
  if (!unit) throw new InvalidArgumentError('Expected a duration such as 30s or 2m.')
  return Math.round(Number(number) * UNITS[unit as keyof typeof UNITS])
}

/** '1.5 s', '3 min', '2 h', '4 d': two digits are enough for a person. */
export function inWords(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${short(ms / 1_000)} s`
  if (ms < 3_600_000) return `${short(ms / 60_000)} min`
  if (ms < 86_400_000) return `${short(ms / 3_600_000)} h`
  return `${short(ms / 86_400_000)} d`
}

function short(value: number): string {
  return value < 10 ? String(Math.round(value * 10) / 10) : String(Math.round(value))
}
