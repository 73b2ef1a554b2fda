// What was found, as a table in Markdown.
import { median, short, withSpread } from '../figures.ts'
import type { Bar, Figures, Row } from './rows.ts'
import { SIDES, type Side } from './sides.ts'

export type Round = Partial<Record<Side, Figures>>
export interface Result {
  row: Row
  rounds: Round[]
}

const UNITS: Record<keyof Figures, string> = {
  rate: 'messages/s',
  p50: 'ms p50',
  p99: 'ms p99',
  cpu: 'µs CPU a message',
  load: 'of a core',
  memory: 'MiB',
}

/** What a figure of one side is, round by round. */
const figuresOf = (rounds: Round[], side: Side, figure: keyof Figures) =>
  rounds.flatMap((round) => (round[side] ? [round[side][figure]] : []))

export function table(results: Result[]): string {
  const lines = results.flatMap(({ row, rounds }) => [
    ...row.sides.map((side) => {
      const cells = row.shown.map((figure) => {
        const text = withSpread(figuresOf(rounds, side, figure)).replace('\n', ' ')
        return `${text} ${UNITS[figure]}`
      })
      return `| ${row.title} | ${SIDES[side]} | ${cells.join(' | ')}${' |'.repeat(5 - cells.length)}`
    }),
    ...row.bars.map((bar) => `| | *${barText(bar)}* | ${verdict(row, bar, rounds)} | | | |`),
  ])
  return ['| what | server | | | | |', '| --- | --- | --- | --- | --- | --- |', ...lines].join('\n')
}

function barText({ figure, least, value, of }: Bar): string {
  return `${UNITS[figure]}: ${least ? 'at least' : 'at most'} ${value}${of ? ` × ${SIDES[of]}` : ''}`
}

/** The median of the rounds' ratios: what slows the machine for a minute slows both sides. */
function verdict({ own }: Row, { figure, least, value, of }: Bar, rounds: Round[]): string {
  const reached = rounds.flatMap((round) => {
    const mine = round[own]?.[figure]
    const other = of ? round[of]?.[figure] : 1
    return mine === undefined || other === undefined ? [] : [mine / other]
  })
  if (reached.length === 0) return 'not compared'
  const middle = median(reached)
  const well = least ? middle >= value : middle <= value
  return `${well ? 'reached' : '**missed**'}: ${short(middle)}`
}
