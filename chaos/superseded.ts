// Deliveries whose message was handed to somebody else while their worker still lived and was not done with it. What they say
// afterwards must change nothing, and they must be told so.
import type { History, Told } from './history.ts'
import type { DeliveryEvent, DeliveryLine } from './recorder.ts'

export interface Superseded {
  line: Told<DeliveryLine>
  /** When it was handed to the other. */
  at: number
  /** What became of it afterwards, in the order of time. */
  later: Array<Told<DeliveryLine>>
}

export function superseded(history: History): Superseded[] {
  const ends = new Map(history.lines.map(({ who, t }) => [who, t]))
  return [...history.effects.values()].flatMap(({ deliveries }) => {
    const started = deliveries.filter(({ event }) => event === 'started')
    return started.flatMap((line, i) => {
      const next = started.slice(i + 1).find(({ id }) => id === line.id)
      if (!next || (ends.get(line.who) as number) <= next.t) return []
      const own = deliveries.filter((other) => same(line, other) && other.t >= line.t)
      const done = own.some(({ event, t }) => (event === 'completed' || event === 'failed') && t <= next.t)
      return done ? [] : [{ line, at: next.t, later: own.slice(1) }]
    })
  })
}

const same = (one: Told<DeliveryLine>, other: Told<DeliveryLine>) =>
  one.who === other.who && one.id === other.id && one.receive === other.receive

export const when = ({ later }: Superseded, event: DeliveryEvent): number | undefined =>
  later.find((line) => line.event === event)?.t

/** Those that were told nothing: neither that they lost it, nor, of one that the other had completed, that it is done. */
export function untold(history: History): string[] {
  const ends = new Map(history.lines.map(({ who, t }) => [who, t]))
  return superseded(history)
    .filter((one) => {
      const ended = when(one, 'ended')
      const killed = ended === undefined || (ends.get(one.line.who) as number) === ended
      return !killed && when(one, 'lost') === undefined && when(one, 'completed') === undefined
    })
    .map(({ line }) => `${line.effect} was taken from ${line.who}, which was never told`)
}

export function refusals(history: History): Record<string, number> {
  const all = superseded(history)
  const told = (event: DeliveryEvent) => all.filter((one) => when(one, event) !== undefined).length
  return {
    'taken from a worker that lived': all.length,
    'its completion refused': told('lost'),
    'told that it was done already': told('completed'),
    'its signal aborted': told('aborted'),
  }
}
