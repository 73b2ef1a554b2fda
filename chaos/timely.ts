// Whether calls were answered in their time.
import type { History } from './history.ts'
import type { Played } from './scenario.ts'

/** Of a producer's call, unless a scenario says another, ms. */
const TIMEOUT = 2000
/** After its timeout a call ends within so many ms of its process's time. */
const MARGIN = 500
/** Before its timeout a call may give up so many ms, when another try would not fit. */
const EARLY = 50

/** Sends that were answered later than their timeout; a process that was held up itself is not to blame for that. */
export function late({ history }: Played, timeout = TIMEOUT): string[] {
  const lag = lags(history)
  return history
    .of('answered')
    .filter(({ who, took }) => took > timeout + MARGIN + (lag.get(who) ?? 0))
    .map(({ who, effect, took }) => `${who} waited ${Math.round(took)} ms for the answer to ${effect}`)
}

/** Errors that reached a sender before its timeout. */
export function hasty({ history }: Played, timeout = TIMEOUT): string[] {
  return history
    .of('answered')
    .filter(({ outcome, took }) => (outcome === 'unknown' || outcome === 'refused') && took < timeout - EARLY)
    .map(({ effect, error, took }) => `${effect} ended with ${error} after ${Math.round(took)} ms`)
}

/** What workers reported, but for calls that had no answer in their time. */
export function troubles({ history }: Played): string[] {
  return history
    .of('trouble')
    .filter(({ error }) => !error.startsWith('Timeout'))
    .map(({ who, error }) => `${who} was told of ${error}`)
}

/** How long each process was held up at worst, ms. */
function lags(history: History): Map<string, number> {
  const worst = new Map<string, number>()
  for (const { who, lag } of history.of('vitals')) worst.set(who, Math.max(worst.get(who) ?? 0, lag))
  return worst
}
