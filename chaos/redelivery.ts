// When messages came again whose workers were killed.
import type { History } from './history.ts'

/**
 * How long after its deadline each message of a killed worker was handed out again, ms. The deadline was prolonged at the
 * kill at the latest, so it is taken to be then + visibility; less than 0 where the last heartbeat was long before.
 */
export function redelivered(history: History, visibility: number): number[] {
  const ends = new Map(history.lines.map(({ who, t }) => [who, t]))
  const late: number[] = []
  for (const { deliveries } of history.effects.values()) {
    const started = deliveries.filter(({ event }) => event === 'started')
    started.slice(1).forEach(({ t, id }, i) => {
      const before = started[i]
      if (before?.id === id) late.push(t - (ends.get(before.who) as number) - visibility)
    })
  }
  return late
}

/** A message is receivable so long after its deadline at the latest, ms (docs/lifecycle.md). */
const LATE = 1000

export const tooLate = (history: History, visibility: number): string[] =>
  redelivered(history, visibility)
    .filter((late) => late > LATE)
    .map((late) => `a message came ${Math.round(late)} ms after its deadline at the earliest`)
