// Figures that several scenarios report. Times in ms.
import { acknowledged, type History } from './history.ts'
import { lost, repeated } from './invariants.ts'
import type { Figures, Played } from './scenario.ts'

export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** `{ 'p50': …, 'p99': …, 'max': … }`, each behind the title. */
export function spread(title: string, values: number[]): Figures {
  if (values.length === 0) return { [title]: 'none' }
  const at = (share: number) => Math.round(percentile(values, share))
  return { [`${title}: p50 / p99 / max`]: `${at(0.5)} / ${at(0.99)} / ${at(1)}` }
}

/** Acknowledged sends and accepted completions of each level: how many, and how many of them were lost or repeated. */
export function byLevel(played: Played): Figures {
  const figures: Figures = {}
  const effects = [...played.history.effects.values()]
  const count = (list: Array<{ level: string }>, level: string) => list.filter((one) => one.level === level).length
  const [gone, again] = [lost(played), repeated(played.history)]
  for (const level of new Set(played.history.of('answered').map((line) => line.level))) {
    const all = effects.filter((effect) => acknowledged(effect, level)).length
    figures[`lost of acknowledged, ${level}`] = `${count(gone, level)} of ${all}`
  }
  const completed = played.history.deliveries('completed')
  for (const level of new Set(completed.map((line) => line.level)))
    figures[`completions repeated, ${level}`] = `${count(again, level)} of ${count(completed, level)}`
  return figures
}

/** From each mark of this text until a send was answered that began after it, and until a handler started. */
export function resumed(history: History, text: string): Figures {
  const marks = history.marks.filter((mark) => mark.text === text).map(({ t }) => t)
  const answers = history.of('answered').filter(({ outcome }) => outcome === 'ok' || outcome === 'duplicate')
  const starts = history.deliveries('started')
  const until = (times: number[]) => marks.map((t) => (times.find((time) => time >= t) ?? Number.NaN) - t)
  return {
    ...spread('until a send was answered', until(answers.filter(({ t, took }) => t - took >= 0).map(({ t }) => t))),
    ...spread('until a handler started', until(starts.map(({ t }) => t))),
  }
}
