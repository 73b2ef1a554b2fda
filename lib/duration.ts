import { InvalidDuration } from './errors.ts'

/** A length of time: milliseconds, or text such as '500ms', '30s', '5m', '12h', '7d'. */
export type Duration = number | string

const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds of a duration between `min` and `max` (durations too). `name` is what the error calls it. */
export function milliseconds(value: unknown, name: string, min: Duration = 0, max: Duration = '365d'): number {
  const ms = parse(value)
  if (ms === undefined) {
    throw new InvalidDuration(`\`${name}\` must be milliseconds or a text such as '30s', got ${show(value)}`)
  }
  if (ms < (parse(min) as number) || ms > (parse(max) as number)) {
    throw new InvalidDuration(`\`${name}\` must be between ${min} and ${max}, got ${show(value)}`)
  }
  return ms
}

function parse(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? Math.round(value) : undefined
  if (typeof value !== 'string') return undefined
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(value.trim()) ?? []
  return number === undefined || unit === undefined ? undefined : Math.round(Number(number) * (UNITS[unit] as number))
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}
