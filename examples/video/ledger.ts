// What became of each message: entered from the producer's sends and the workers' reports, read by screen and table.

import type { Sent } from './producer.ts'
import type { Report } from './worker.ts'

export interface Row {
  id: string
  video: string
  /** Sent with its idempotency key. */
  keyed: boolean
  outcome: 'waiting' | 'working' | 'processed' | 'dropped' | 'dead letter'
  reason?: string | undefined
  deliveries: number
  /** Who had it, in order. */
  workers: string[]
  /** Repeats of this video that changed nothing: answered at once when sent, dropped by a worker when received. */
  duplicates: { answered: number; dropped: number }
  startedAt?: number
  endedAt?: number
}

export class Ledger {
  readonly rows: Row[] = []

  sent({ video, keyed, id, duplicate }: Sent): void {
    const first = this.#firstOf(video.name)
    if (first && duplicate) first.duplicates.answered++
    else this.rows.push(newRow(id ?? '', video.name, keyed))
  }

  /** Returns the row that the report is about; undefined when the message is somebody else's. */
  reported({ type, id, worker, deliveries, reason }: Report): Row | undefined {
    const row = this.rows.find((each) => each.id === id)
    if (!row) return undefined
    row.deliveries = Math.max(row.deliveries, deliveries)
    if (row.workers.at(-1) !== worker) row.workers.push(worker)
    if (type === 'started') {
      row.outcome = 'working'
      row.startedAt ??= Date.now()
    }
    if (type === 'failed' || type === 'lost') row.outcome = 'waiting'
    if (type === 'completed') this.#end(row, 'processed')
    if (type === 'rejected') this.#end(row, 'dead letter', reason)
    if (type === 'duplicate') {
      this.#end(row, 'dropped')
      const first = this.#firstOf(row.video)
      if (first) first.duplicates.dropped++
    }
    return row
  }

  /** The worker died, or lives and does nothing any more. Its last entry says so. */
  lost(row: Row, how: 'killed' | 'abandoned'): void {
    row.workers.push(`${row.workers.pop()} (${how})`)
    row.outcome = 'waiting'
  }

  #firstOf(video: string): Row | undefined {
    return this.rows.find((row) => row.video === video)
  }

  #end(row: Row, outcome: Row['outcome'], reason?: string): void {
    row.outcome = outcome
    row.reason = reason
    row.endedAt = Date.now()
  }
}

function newRow(id: string, video: string, keyed: boolean): Row {
  return { id, video, keyed, outcome: 'waiting', deliveries: 0, workers: [], duplicates: { answered: 0, dropped: 0 } }
}
