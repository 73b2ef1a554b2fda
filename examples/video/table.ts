// The table at the end: one row per message that entered the queue.

import Table from 'cli-table3'
import colors from 'picocolors'
import type { Row } from './ledger.ts'

export function table(rows: Row[]): string {
  const table = new Table({
    head: ['message', 'deliveries', 'worker', 'outcome', 'duplicates', 'time'].map((title) => colors.dim(title)),
    style: { head: [], border: [], compact: true },
    colWidths: [null, null, null, 34],
    wordWrap: true,
  })
  for (const row of rows) {
    const message = row.keyed ? row.video : `${row.video}, no key`
    table.push([message, row.deliveries, row.workers.join('\n'), outcome(row), duplicates(row), time(row)])
  }
  return table.toString()
}

function outcome({ outcome, reason }: Row): string {
  if (outcome === 'processed') return colors.green('processed')
  if (outcome === 'dropped') return 'dropped, its key was processed'
  if (outcome === 'dead letter') return colors.yellow(`dead letter: ${reason}`)
  return colors.red(outcome)
}

function duplicates({ duplicates: { answered, dropped } }: Row): string {
  const parts = [answered && `${answered} answered`, dropped && `${dropped} dropped`]
  return parts.filter(Boolean).join('\n') || '–'
}

function time({ startedAt, endedAt }: Row): string {
  return startedAt && endedAt ? `${((endedAt - startedAt) / 1000).toFixed(1)} s` : '–'
}
