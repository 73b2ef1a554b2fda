// The tables: for a terminal, and as Markdown for RESULTS.md.
import Table from 'cli-table3'
import colours from 'picocolors'
import type { Library } from './adapter.ts'
import { judge, names, type Round } from './bars.ts'
import { mean, short, withSpread } from './figures.ts'
import type { Row } from './rows.ts'

export interface Result {
  row: Row
  rounds: Round[]
}

const columns: Library[] = ['boomerang', 'bullmq', 'bee-queue', 'rsmq']

export function terminalTables(results: Result[]): string {
  const main = new Table({ head: header(), style: { head: [], border: [] } })
  main.push(...results.map((result) => cells(result, (text, met) => (met ? colours.green : colours.red)(text))))
  const extra = new Table({ head: extraHeader(), style: { head: [], border: [] } })
  extra.push(...extras(results))
  return extra.length > 0 ? `${main}\n${extra}` : `${main}`
}

export function markdownTables(results: Result[]): string {
  const main = markdown(
    header(),
    results.map((result) => cells(result, (text) => text)),
  )
  return `${main}\n\n${markdown(extraHeader(), extras(results))}`
}

export function versions(results: Result[]): string {
  const found = new Map<Library, string>()
  for (const round of results.flatMap(({ rounds }) => rounds)) {
    for (const library of columns) if (round[library]) found.set(library, round[library].version)
  }
  return [...found].map(([library, version]) => `${names[library]} ${version}`).join(', ')
}

/** CPU cores that other programs took, on average over all runs. */
export function disturbance(results: Result[]): string {
  const found = results.flatMap(({ rounds }) => rounds.flatMap((round) => Object.values(round).map((s) => s.others)))
  return `${short(mean(found))} (at worst ${short(Math.max(...found))})`
}

function header(): string[] {
  return ['measure', ...columns.map((library) => names[library]), 'bar', 'reached', '']
}

function cells({ row, rounds }: Result, paint: (text: string, met: boolean) => string): string[] {
  const verdicts = judge(row, rounds)
  return [
    `${row.title}\n(${row.id}, ${row.unit})`,
    ...columns.map((library) => withSpread(values(rounds, library, 'value'))),
    verdicts.map(({ bar }) => bar).join('\n'),
    verdicts.map(({ reached }) => reached).join('\n'),
    verdicts.map(({ met }) => paint(met ? 'met' : 'missed', met)).join('\n'),
  ]
}

function extraHeader(): string[] {
  return ['besides', ...columns.map((library) => names[library]), names['bare loop']]
}

function extras(results: Result[]): string[][] {
  return results.flatMap(({ row, rounds }) => {
    const hasBareLoop = row.libraries.includes('bare loop')
    const found = rounds.flatMap((round) => Object.values(round).flatMap(({ figures }) => Object.keys(figures)))
    const wanted = [...new Set(found)].filter((name) => name !== 'value' || hasBareLoop)
    return wanted.map((name) => [
      `${row.id}: ${name === 'value' ? row.unit : name}`,
      ...[...columns, 'bare loop' as const].map((library) => withSpread(values(rounds, library, name))),
    ])
  })
}

function values(rounds: Round[], library: Library, figure: string): number[] {
  return rounds.flatMap((round) => round[library]?.figures[figure] ?? [])
}

function markdown(head: string[], body: string[][]): string {
  const line = (row: string[]) => `| ${row.map((cell) => cell.replaceAll('\n', '<br>')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n')
}
