import { expect, test } from 'vitest'
import { Ledger } from '../../examples/video/ledger.ts'
import type { Report } from '../../examples/video/worker.ts'

const video = { name: 'sea', source: '/sea.mov' }

function report(type: Report['type'], id: string, more: Partial<Report> = {}): Report {
  return { type, id, worker: 'worker 1', deliveries: 1, ...more }
}

test('a repeat that was answered when sent is no message of its own', () => {
  const ledger = new Ledger()
  ledger.sent({ video, keyed: true, id: 'a' })
  ledger.sent({ video, keyed: true, id: 'a', duplicate: true })
  expect(ledger.rows).toMatchObject([{ id: 'a', duplicates: { answered: 1, dropped: 0 } }])
})

test('a repeat that a worker dropped counts for the video, and has a row', () => {
  const ledger = new Ledger()
  ledger.sent({ video, keyed: true, id: 'a' })
  ledger.sent({ video, keyed: false, id: 'b' })
  ledger.reported(report('completed', 'a'))
  ledger.reported(report('duplicate', 'b'))
  expect(ledger.rows).toMatchObject([
    { outcome: 'processed', duplicates: { answered: 0, dropped: 1 } },
    { outcome: 'dropped', duplicates: { answered: 0, dropped: 0 } },
  ])
})

test('a message whose worker was killed shows both workers and both deliveries', () => {
  const ledger = new Ledger()
  ledger.sent({ video, keyed: true, id: 'a' })
  const row = ledger.reported(report('started', 'a'))
  if (row) ledger.lost(row, 'killed')
  ledger.reported(report('started', 'a', { worker: 'worker 2', deliveries: 2 }))
  ledger.reported(report('completed', 'a', { worker: 'worker 2', deliveries: 2 }))
  expect(ledger.rows).toMatchObject([
    { outcome: 'processed', deliveries: 2, workers: ['worker 1 (killed)', 'worker 2'] },
  ])
})
