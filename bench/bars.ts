// Compares a row's figures with its bars: round by round, so that what slows the machine slows both sides.
import type { Library } from './adapter.ts'
import { median, short } from './figures.ts'
import type { Bar, Row } from './rows.ts'
import type { Sample } from './run.ts'

/** What one round of a row found, by library. */
export type Round = Partial<Record<Library, Sample>>

export interface Verdict {
  bar: string
  reached: string
  met: boolean
}

const peers: Library[] = ['bullmq', 'bee-queue', 'rsmq']

export function isPeer(library: Library): boolean {
  return peers.includes(library)
}

export const names: Record<Library | 'best', string> = {
  boomerang: 'Boomerang',
  'bare loop': 'the bare loop',
  bullmq: 'BullMQ',
  'bee-queue': 'bee-queue',
  rsmq: 'rsmq',
  best: 'the best',
}

export function judge(row: Row, rounds: Round[]): Verdict[] {
  return row.bars.flatMap((bar) => verdict(row, bar, rounds) ?? [])
}

function verdict(row: Row, bar: Bar, rounds: Round[]): Verdict | undefined {
  const found = rounds.flatMap((round) => reached(bar, round) ?? [])
  if (found.length === 0) return undefined
  const value = median(found)
  const [limit, met] = 'atLeast' in bar ? [bar.atLeast, value >= bar.atLeast] : [bar.atMost, value <= bar.atMost]
  const word = 'atLeast' in bar ? 'at least' : 'at most'
  const what = bar.of ? `× ${names[bar.of]}` : bar.figure ? `(${bar.figure})` : row.unit
  return { bar: `${word} ${limit} ${what}`, reached: bar.of ? `${short(value)} ×` : short(value), met }
}

function reached(bar: Bar, round: Round): number | undefined {
  const own = round.boomerang?.figures[bar.figure ?? 'value']
  if (own === undefined || !bar.of) return own
  const other = bar.of === 'best' ? best(round) : round[bar.of]?.figures.value
  return other === undefined ? undefined : own / other
}

function best(round: Round): number | undefined {
  const values = peers.flatMap((peer) => round[peer]?.figures.value ?? [])
  return values.length > 0 ? Math.max(...values) : undefined
}
