// Whether a long run stays as it was: what is seen in the first and in the last quarter of the time in which faults came.
import { percentile } from '../bench/figures.ts'
import { acknowledged, type Effect, type History } from './history.ts'
import { granted, type VitalsLine } from './recorder.ts'
import type { Figures, Played } from './scenario.ts'

const QUARTERS = 4
/** A process that holds more than so much more in the last quarter than in the second is leaking. */
const SHARE = 1.2
const MIB = 10
const HANDLES = 10
/** Half of the messages take so many times as long, and so many ms longer: what a run leaves behind slows it down. */
const SLOWER = 3
const MS = 100

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
  const handles = [...medians(history, 'handles')]
    .filter(([, quarters]) => last(quarters) > (quarters[1] as number) * SHARE + HANDLES)
    .map(([who, quarters]) => `the handles of ${who} grew from ${quarters[1]} to ${last(quarters)}`)
  const slower = Object.entries(LATENCIES).flatMap(([title, took]) => {
    const halves = latencies(history, took).map((times) => percentile(times, 0.5))
    const [before, after] = [halves[1] as number, last(halves)]
    return after > before * SLOWER + MS
      ? [`half of '${title}' took up to ${Math.round(before)} ms, and then ${Math.round(after)}`]
      : []
  })
  return [...heaps, ...sockets, ...handles, ...slower]
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
  for (const [title, took] of Object.entries(LATENCIES)) {
    const quarters = latencies(history, took).map(
      (times) => `${Math.round(percentile(times, 0.5))} / ${Math.round(percentile(times, 0.99))}`,
    )
    figures[`${title}, ms: p50 / p99, first → last quarter`] = `${first(quarters)} → ${last(quarters)}`
  }
  return figures
}

/** Of acknowledged effects, by the quarter in which they were sent: how long each took, ms. */
function latencies(history: History, took: (effect: Effect) => number | undefined): number[][] {
  const effects = [...history.effects.values()].filter((effect) => acknowledged(effect) && effect.sent.length > 0)
  return split(history, effects, sentAt).map((quarter) => quarter.map(took).filter((ms) => ms !== undefined))
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

const LATENCIES = { 'send → answer': untilAnswered, 'send → end': untilEnded }
