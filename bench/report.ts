// The tables: for a terminal, and as Markdown for RESULTS.md.
import Table from 'cli-table3'
import colours from 'picocolors'
import type { Library } from './adapter.ts'
import { judge, names, type Round } from './bars.ts'
import { mean, short, withSpread } from './figures.ts'
import { ownRows } from './own-rows.ts'
import type { Row } from './rows.ts'

export interface Result {
  row: Row
  rounds: Round[]
}

export const ownTitle = 'Boomerang against itself'

const columns: Library[] = ['boomerang', 'bullmq', 'bee-queue', 'rsmq']

export function terminalTables(results: Result[]): string {
  const paint = (text: string, met: boolean) => (met ? colours.green : colours.red)(text)
  return tables(results, paint)
    .map(({ head, body }) => {
      const table = new Table({ head, style: { head: [], border: [] } })
      table.push(...body)
      return `${table}`
    })
    .join('\n')
}

export function markdownTables(results: Result[]): string {
  return tables(results, (text) => text)
    .map(({ title, head, body }) => `${title ? `## ${title}\n\n` : ''}${markdown(head, body)}`)
    .join('\n\n')
}

type Paint = (text: string, met: boolean) => string

/** Against the others, what was found besides, and against itself; tables without a row are left out. */
function tables(results: Result[], paint: Paint): { title?: string; head: string[]; body: string[][] }[] {
  const compared = results.filter(({ row }) => !isOwn(row))
  const own = results.filter(({ row }) => isOwn(row))
  return [
    { head: header(), body: compared.map((result) => cells(result, paint)) },
    { head: extraHeader(), body: extras(compared) },
    { title: ownTitle, head: ownHeader(), body: own.map((result) => ownCells(result, paint)) },
    { head: ['besides', names.boomerang], body: own.flatMap(details) },
  ].filter(({ body }) => body.length > 0)
}

const isOwn = ({ id }: Row) => ownRows.some((row) => row.id === id)

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

function cells({ row, rounds }: Result, paint: Paint): string[] {
  const verdicts = judge(row, rounds)
  return [
    `${row.title}\n(${row.id}, ${row.unit})`,
    ...columns.map((library) => withSpread(values(rounds, library, 'value'))),
    verdicts.map(({ bar }) => bar).join('\n'),
    verdicts.map(({ reached }) => reached).join('\n'),
    verdicts.map(({ met }) => paint(met ? 'met' : 'missed', met)).join('\n'),
  ]
}

function ownHeader(): string[] {
  return ['measure', names.boomerang, 'bar', 'reached', '', 'of which']
}

function ownCells({ row, rounds }: Result, paint: Paint): string[] {
  const verdicts = judge(row, rounds)
  return [
    `${row.title}\n(${row.id}, ${row.unit})`,
    withSpread(values(rounds, 'boomerang', 'value')),
    verdicts.map(({ bar }) => bar).join('\n'),
    verdicts.map(({ reached }) => reached).join('\n'),
    verdicts.map(({ met }) => paint(met ? 'met' : 'missed', met)).join('\n'),
    sideFigures(rounds)
      .filter((name) => row.shown?.test(name))
      .map((name) => `${name}: ${withSpread(values(rounds, 'boomerang', name)).replace('\n', ' ')}`)
      .join('\n'),
  ]
}

/** What the table does not show already. */
function details({ row, rounds }: Result): string[][] {
  const left = sideFigures(rounds).filter((name) => !row.shown?.test(name))
  return left.map((name) => [`${row.id}: ${name}`, withSpread(values(rounds, 'boomerang', name))])
}

function sideFigures(rounds: Round[]): string[] {
  const found = new Set(rounds.flatMap((round) => Object.keys(round.boomerang?.figures ?? {})))
  found.delete('value')
  return [...found]
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
