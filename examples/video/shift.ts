// A shift: two workers until the queue is empty. One of them dies at its work, and another takes its place.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Queue } from 'boomerang-mq'
import type { Hand } from './hire.ts'
import type { Ledger, Row } from './ledger.ts'
import { tellLoss, tellReport } from './narrate.ts'
import type { View } from './view.ts'
import type { Report } from './worker.ts'

export interface Shift {
  queue: Queue
  ledger: Ledger
  view: View
  /** Whether the workers can be killed, being processes of their own. */
  processes: boolean
  hire: (name: string, report: (report: Report) => void) => Promise<Hand>
}

/** Works until the queue is empty. Rejects when `signal` aborts, or when a worker ends of itself. */
export async function workShift({ queue, ledger, view, processes, hire }: Shift, signal: AbortSignal): Promise<void> {
  const hands: Hand[] = []
  const accident = new AbortController()
  let hired = 0
  let victim: string | undefined
  let over = false
  let replacement = Promise.resolve()

  const employ = async () => {
    const hand = await hire(`worker ${++hired}`, hear)
    hands.push(hand)
    hand.gone.then(
      () => hand.name !== victim && accident.abort(new Error(`${hand.name} ended, and nobody had asked it to.`)),
    )
  }
  const hear = (report: Report) => {
    if (report.worker === victim) return // its last words
    const row = ledger.reported(report)
    if (!row) return
    tellReport(report, row, view)
    if (victim === undefined && !over && inTheMiddle(report)) lose(report, row)
  }
  const lose = (report: Report, row: Row) => {
    victim = report.worker
    const how = processes ? 'killed' : 'abandoned'
    ledger.lost(row, how)
    tellLoss(report, row, how, view)
    const hand = hands.find(({ name }) => name === victim)
    replacement = Promise.resolve(hand?.kill()).then(employ)
    replacement.catch((error) => accident.abort(error))
  }

  try {
    await Promise.all([employ(), employ()])
    await untilEmpty(queue, AbortSignal.any([signal, accident.signal]))
  } finally {
    over = true // nobody is lost any more, for nobody would stop a replacement
    await replacement.catch(() => {})
    await Promise.all(hands.map((hand) => hand.name !== victim && hand.stop()))
  }
}

/** Far enough to have something to lose, and not so far that it might be done before the blow lands. */
function inTheMiddle({ type, fraction = 0 }: Report): boolean {
  return type === 'progress' && fraction >= 0.2 && fraction < 0.9
}

async function untilEmpty(queue: Queue, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    const { ready, delayed, inFlight } = await queue.stats()
    if (ready + delayed + inFlight === 0) return
    await sleep(200)
  }
}
