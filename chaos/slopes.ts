// Whether a long run stays as it was: what is seen in the first and in the last quarter of the time in which faults came.
import { percentile } from '../bench/figures.ts'
import { acknowledged, type Effect, type History } from './history.ts'
import { granted, type VitalsLine } from './recorder.ts'
import type { Figures, Played } from './scenario.ts'

const QUARTERS = 4
/** A process that holds more than so much more in the last quarter than in the second is leaking. */
const SHARE = 1.2
const MIB = 10

type Vital = 'heap' | 'sockets' | 'handles'

/** The quarter into which a time falls, from 0; others lie before or behind. */
function quarterOf({ marks }: History): (t: number) => number {
  const [begin, end] = [marks[0]?.t ?? 0, marks.at(-1)?.t ?? 0]
  return (t) => Math.floor(((t - begin) / (end - begin)) * QUARTERS)
}

/** For each quarter, what fell into it. */
function split<T>(history: History, list: T[], at: (one: T) => number): T[][] {
  const quarters = Array.from({ length: QUARTERS }, (): T[] => [])
  const quarter = quarterOf(history)
  for (const one of list) quarters[quarter(at(one))]?.push(one)
  return quarters
}

/** Of each process that lived through all quarters: the median of this in each. */
function medians(history: History, vital: Vital): Map<string, number[]> {
  const byWho = new Map<string, VitalsLine[]>()
  for (const line of history.of('vitals')) byWho.set(line.who, [...(byWho.get(line.who) ?? []), line])
  const found = new Map<string, number[]>()
  for (const [who, lines] of byWho) {
    const quarters = split(history, lines, ({ t }) => t)
    if (quarters.every((quarter) => quarter.length > 0))
      found.set(
        who,
        quarters.map((quarter) =>
          percentile(
            quarter.map((line) => line[vital]),
            0.5,
          ),
        ),
      )
  }
  return found
}

const first = <T>(quarters: T[]) => quarters[0] as T
const last = <T>(quarters: T[]) => quarters[QUARTERS - 1] as T

/** What grew in the second half of a run. */
export function growing({ history }: Played): string[] {
  const heaps = [...medians(history, 'heap')]
    .map(([who, quarters]) => ({ who, before: quarters[1] as number, after: last(quarters) }))
    .filter(({ before, after }) => after > before * SHARE && after > before + MIB)
    .map(({ who, before, after }) => `the heap of ${who} grew from ${before} to ${after} MiB`)
  const sockets = [...medians(history, 'sockets')]
    .filter(([, quarters]) => last(quarters) > (quarters[1] as number))
    .map(([who, quarters]) => `the sockets of ${who} grew from ${quarters[1]} to ${last(quarters)}`)
  return [...heaps, ...sockets]
}

/** Heap, sockets, handles of those who lived through all, and how long messages took: in the first and the last quarter. */
export function slopes({ history }: Played): Figures {
  const figures: Figures = {}
  const heaps = medians(history, 'heap')
  const [sockets, handles] = [medians(history, 'sockets'), medians(history, 'handles')]
  for (const [who, heap] of heaps) {
    const texts = [`${first(heap)} → ${last(heap)} MiB`]
    for (const [name, of] of Object.entries({ sockets, handles })) {
      const quarters = of.get(who) as number[]
      texts.push(`${name} ${first(quarters)} → ${last(quarters)}`)
    }
    figures[`${who}, first → last quarter`] = texts.join(', ')
  }
  for (const [title, of] of Object.entries({ 'send → answer': untilAnswered, 'send → end': untilEnded }))
    figures[`${title}, ms: p50 / p99, first → last quarter`] = latency(history, of)
  return figures
}

function latency(history: History, took: (effect: Effect) => number | undefined): string {
  const effects = [...history.effects.values()].filter((effect) => acknowledged(effect) && effect.sent.length > 0)
  const quarters = split(history, effects, sentAt).map((quarter) => {
    const times = quarter.map(took).filter((ms) => ms !== undefined)
    return `${Math.round(percentile(times, 0.5))} / ${Math.round(percentile(times, 0.99))}`
  })
  return `${first(quarters)} → ${last(quarters)}`
}

const sentAt = ({ sent }: Effect): number => sent[0]?.t ?? 0

function untilAnswered(effect: Effect): number | undefined {
  const answer = effect.answers.find(granted)
  return answer && answer.t - sentAt(effect)
}

function untilEnded(effect: Effect): number | undefined {
  const end = effect.deliveries.find(({ event }) => event === 'ended')
  return end && end.t - sentAt(effect)
}
