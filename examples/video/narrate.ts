// Puts into words, and onto the bars, what the producer sent and what the workers report.

import colors from 'picocolors'
import type { Row } from './ledger.ts'
import type { Sent } from './producer.ts'
import type { View } from './view.ts'
import type { Report } from './worker.ts'

export function tellSent({ video, keyed, duplicate }: Sent): string {
  const name = video.name.padEnd(18)
  if (duplicate)
    return `  ${name} sent again with its key     ${colors.yellow('duplicate')}, answered at once; nothing was queued`
  if (keyed) return `  ${name} sent with its key           queued`
  return `  ${name} sent again without its key  queued; the workers will have to notice`
}

export function tellReport({ type, worker, deliveries, fraction = 0, reason }: Report, row: Row, view: View): void {
  const by = deliveries > 1 ? `${worker}, delivery ${deliveries}` : worker
  if (type === 'started' || type === 'progress') view.progress(row.video, fraction, by)
  if (type === 'completed') view.progress(row.video, 1, `${by}, done`)
  if (type === 'rejected') view.progress(row.video, 0, `${by}, dead letter: ${reason}`)
  if (type === 'failed') view.progress(row.video, 0, `${by} failed, it will come back: ${reason}`)
  if (type === 'lost') view.say(`  ${worker} lost ${row.video} to another worker, and stopped its work on it.`)
  if (type === 'duplicate') view.say(`  ${worker} dropped the copy of ${row.video}: its key is in the processed set.`)
}

export function tellLoss({ worker, fraction = 0 }: Report, row: Row, how: 'killed' | 'abandoned', view: View): void {
  const when = `${how === 'killed' ? '(SIGKILL) ' : ''}at ${Math.floor(fraction * 100)} % of ${row.video}`
  view.progress(row.video, fraction, `${worker} ${how}`)
  view.say(`  ${colors.red(`${worker} was ${how}`)} ${when}. The message comes back when its 3 s have passed.`)
  if (how === 'abandoned') view.say('  (In memory there is no process to kill: it was cut off from the store instead.)')
}
