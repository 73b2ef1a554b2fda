// The table at the end: one row per message that entered the queue.

import Table from 'cli-table3'
import colors from 'picocolors'
import type { Row } from './ledger.ts'

export function table(rows: Row[]): string {
  const head = ['message', 'deliveries', 'worker', 'outcome', 'duplicates', 'time'].map((title) => colors.dim(title))
  const table = new Table({ head, style: { head: [], border: ['gray'], compact: true } })
  for (const row of rows) {
    table.push([
      row.video + (row.keyed ? '' : ', without key'),
      row.deliveries,
      workers(row),
      outcome(row),
      duplicates(row),
      time(row),
    ])
  }
  return table.toString()
}

const workers = (row: Row) => row.workers.join(', then ')

function outcome({ outcome, reason }: Row): string {
  if (outcome === 'processed') return colors.green('processed')
  if (outcome === 'dropped') return 'dropped: its key was processed'
  if (outcome === 'dead letter') return colors.yellow(`dead letter: ${reason}`)
  return colors.red(outcome)
}

function duplicates({ duplicates: { answered, dropped } }: Row): string {
  const parts = [answered && `${answered} answered when sent`, dropped && `${dropped} dropped by a worker`]
  return parts.filter(Boolean).join(', ') || '–'
}

function time({ startedAt, endedAt }: Row): string {
  return startedAt && endedAt ? `${((endedAt - startedAt) / 1000).toFixed(1)} s` : '–'
}
