// Figures that several scenarios report. Times in ms.
import { percentile } from '../bench/figures.ts'
import { acknowledged } from './history.ts'
import { lost, repeated } from './invariants.ts'
import type { Figures, Played } from './scenario.ts'

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
