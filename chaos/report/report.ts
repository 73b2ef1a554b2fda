// What a run says at its end.
import colours from 'picocolors'
import type { Result } from '../run.ts'

/** Violations that are shown; of more only the number. */
const SHOWN = 10

export function lineOf({ scenario, on, version, seed, seconds, acknowledged, violations, figures }: Result): string {
  const sign = violations.length === 0 ? colours.green('✓') : colours.red('✗')
  const head = `${sign} ${scenario} on ${on} ${version}, seed ${seed}: ${acknowledged} acknowledged (${seconds} s)`
  const told = Object.entries(figures).map(([name, value]) => `    ${name}: ${value}`)
  const wrong = violations.slice(0, SHOWN).map((violation) => colours.red(`    ${violation}`))
  const more = violations.length > SHOWN ? [colours.red(`    and ${violations.length - SHOWN} more`)] : []
  return [head, ...told, ...wrong, ...more].join('\n')
}
