// What must hold after every run, whatever happened in it. Each answers a sentence for each thing that does not.
import { acknowledged, type Effect, type History, happened, keptAt, type Told } from './history.ts'
import type { DeliveryLine } from './recorder.ts'
import type { Played, Scenario } from './scenario.ts'

type Promised = NonNullable<Scenario['promised']>

export function violations(played: Played, promised: Promised = () => true): string[] {
  const { history } = played
  // Where a server may be lost with what it had, its message may be unknown to the next one, and what is unknown counts as done.
  const loses = !promised('memory', 'sends')
  const knownAt = (effect: string) =>
    loses ? keptAt(history.effects.get(effect) as Effect, (level) => promised(level, 'sends')) : 0
  return [
    ...lost(played)
      .filter(({ level }) => promised(level, 'sends'))
      .map(({ effect, level }) => `${effect} was acknowledged at ${level} and is lost`),
    ...repeated(history)
      .filter(({ effect, level, t }) => promised(level, 'completions') && t > knownAt(effect))
      .map(({ effect, level }) => `${effect} was completed at ${level}, and again`),
    ...neverSent(history),
    ...refusedAndDelivered(history),
    ...(promised('memory', 'completions') ? staleCompletions(history) : fallenFences(history)),
    ...bothEnds(played, promised),
    ...outOfOrder(history),
    ...leaked(history),
  ]
}

/** Acknowledged, but no handler ever came to its end with it, and it is no dead letter. */
export function lost({ history, dead }: Played): Array<{ effect: string; level: string }> {
  const put = new Set(dead)
  return [...history.effects.values()]
    .filter((effect) => acknowledged(effect) && happened(effect, 'ended') === 0 && !put.has(effect.name))
    .map(({ name, answers }) => ({ effect: name, level: answers[0]?.level ?? '' }))
}

/** Completed, and a dead letter: a message ends in one way. */
function bothEnds({ history, dead }: Played, promised: Promised): string[] {
  const put = new Set(dead)
  const completed = history.deliveries('completed').filter(({ level }) => promised(level, 'completions'))
  return [...new Set(completed.map(({ effect }) => effect))]
    .filter((effect) => put.has(effect))
    .map((effect) => `${effect} was completed, and is a dead letter`)
}

/** Of effects that were completed, and again by what was begun afterwards or is another message: the first completion. */
export function repeated(history: History): Array<Told<DeliveryLine>> {
  return [...history.effects.values()].flatMap(({ deliveries }) => {
    const [first, ...others] = deliveries.filter(({ event }) => event === 'completed')
    return first && others.some((other) => again(history, first, other, deliveries)) ? [first] : []
  })
}

/**
 * A delivery may be told late that its message is done, when another delivery of it, that came while it was on its way, has
 * completed or dropped it: it changed nothing.
 */
function again(
  history: History,
  first: Told<DeliveryLine>,
  other: Told<DeliveryLine>,
  deliveries: Array<Told<DeliveryLine>>,
): boolean {
  const begun = deliveries.find((line) => line.event === 'started' && same(line, other))
  const gone = deliveries.find(
    (line) => (line.event === 'completed' || line.event === 'dropped') && line.id === other.id && !same(line, other),
  )
  if (gone === undefined && other.id !== first.id) return true
  return begun === undefined || history.handedOut(begun) > (gone ?? first).t
}

const same = (one: Told<DeliveryLine>, other: Told<DeliveryLine>): boolean =>
  one.who === other.who && one.id === other.id && one.fence === other.fence && one.receive === other.receive

function neverSent(history: History): string[] {
  return [...history.effects.values()]
    .filter(({ sent }) => sent.length === 0)
    .map(({ name }) => `${name} was delivered, and nobody had sent it`)
}

function refusedAndDelivered(history: History): string[] {
  const refused = ({ answers, sent }: Effect) =>
    answers.length > 0 && answers.length >= sent.length && answers.every(({ outcome }) => outcome === 'refused')
  return [...history.effects.values()]
    .filter((effect) => refused(effect) && effect.deliveries.length > 0)
    .map(({ name }) => `${name} was refused, and delivered all the same`)
}

/** A fence is given once, and no completion is accepted once a later delivery was handed out. */
function staleCompletions(history: History): string[] {
  const found: string[] = []
  for (const { name, deliveries } of history.effects.values()) {
    for (const lines of byId(deliveries).values()) {
      const started = lines.filter(({ event, fence }) => event === 'started' && fence !== undefined)
      const fences = started.map(({ fence }) => fence as number)
      if (new Set(fences).size < fences.length) found.push(`${name} was handed out twice under one fence`)
      // Of two that were told that it is done, the later one did it: which of them heard it first says nothing.
      const accepted = lines.reduce<number | undefined>(
        (last, { event, fence }) => (event === 'completed' && fence !== undefined ? Math.max(last ?? 0, fence) : last),
        undefined,
      )
      if (accepted !== undefined && fences.some((fence) => fence > accepted))
        found.push(`${name} was completed under fence ${accepted}, though a later delivery had begun`)
      const byFence = [...started].sort((one, other) => (one.fence as number) - (other.fence as number))
      if (byFence.some(({ receive }, i) => receive <= (byFence[i - 1]?.receive ?? 0)))
        found.push(`${name}: fences rise, and receive numbers do not`)
    }
  }
  return found
}

/** A handler begins so soon after its message was handed out, ms: before its deadline. */
const SOON = 3000

/**
 * A fence is given once, by whichever server, and says when. What was handed out earlier may be begun later, but not by longer than
 * a message stays hidden: that fence would have fallen.
 */
function fallenFences(history: History): string[] {
  const found: string[] = []
  for (const { name, deliveries } of history.effects.values()) {
    const last = new Map<string, Told<DeliveryLine>>()
    for (const line of deliveries.filter(({ event, fence }) => event === 'started' && fence !== undefined)) {
      const before = last.get(line.id)?.fence ?? 0
      const fell = (line.fence as number) < before && line.t - history.handedOut(line) > SOON
      if (fell || line.fence === before) found.push(`${name} was handed out under ${line.fence} after ${before}`)
      last.set(line.id, line)
    }
  }
  return found
}

function byId(lines: Array<Told<DeliveryLine>>): Map<string, Array<Told<DeliveryLine>>> {
  const groups = new Map<string, Array<Told<DeliveryLine>>>()
  for (const line of lines) groups.set(line.id, [...(groups.get(line.id) ?? []), line])
  return groups
}

/** In a group nothing begins before a handler has ended with what was sent before it. */
function outOfOrder(history: History): string[] {
  const groups = new Map<string, Map<number, { begun: number; ended: number }>>()
  for (const { event, group, place, t } of history.lines as Array<Told<DeliveryLine>>) {
    if (group === undefined || place === undefined || (event !== 'started' && event !== 'ended')) continue
    const places = groups.get(group) ?? new Map<number, { begun: number; ended: number }>()
    groups.set(group, places)
    const times = places.get(place) ?? { begun: Number.POSITIVE_INFINITY, ended: Number.POSITIVE_INFINITY }
    places.set(place, times)
    if (event === 'started') times.begun = Math.min(times.begun, t)
    else times.ended = Math.min(times.ended, t)
  }
  const found: string[] = []
  for (const [group, places] of groups) {
    const order = [...places].sort(([one], [other]) => one - other)
    order.forEach(([place, { begun }], i) => {
      const before = order[i - 1]
      if (before && before[1].ended > begun) found.push(`group ${group}: ${place} began before ${before[0]} had ended`)
    })
  }
  return found
}

/** At its end a process has no more sockets than before the first fault: by its last two looks, for one may see a cluster's client ask. */
function leaked(history: History): string[] {
  const first = history.marks[0]?.t ?? 0
  const sockets = new Map<string, { before: number; last: number[] }>()
  for (const { who, t, sockets: open } of history.of('vitals')) {
    const { before, last } = sockets.get(who) ?? { before: 0, last: [] }
    sockets.set(who, t < first ? { before: Math.max(before, open), last } : { before, last: [...last.slice(-1), open] })
  }
  return [...sockets]
    .map(([who, { before, last }]) => ({ who, before, after: last.length === 0 ? 0 : Math.min(...last) }))
    .filter(({ before, after }) => before > 0 && after > before)
    .map(({ who, before, after }) => `${who} has ${after} sockets open, and had ${before} before the first fault`)
}
