// What the recorder's files say, in the order of time, and put together by effect.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type AnsweredLine,
  type DeliveryEvent,
  type DeliveryLine,
  granted,
  type Line,
  type SentLine,
} from './recorder.ts'

/** A line, and the process that wrote it, such as 'worker-3'. */
export type Told<L extends Line = Line> = L & { who: string }

/** All that is known of an effect. */
export interface Effect {
  name: string
  key: string | undefined
  sent: Array<Told<SentLine>>
  answers: Array<Told<AnsweredLine>>
  deliveries: Array<Told<DeliveryLine>>
}

export class History {
  readonly lines: Told[]
  readonly effects = new Map<string, Effect>()
  #apart: number | undefined

  constructor(directory: string) {
    this.lines = readdirSync(directory)
      .filter((name) => name.endsWith('.lines'))
      .flatMap((name) => read(join(directory, name), name.slice(0, -'.lines'.length)))
      .sort((one, other) => one.t - other.t)
    for (const line of this.lines) this.#place(line)
  }

  #place(line: Told): void {
    if (!('effect' in line)) return
    const effect = this.#effect(line.effect)
    if (line.event === 'sent') {
      effect.sent.push(line)
      effect.key ??= line.key
    } else if (line.event === 'answered') effect.answers.push(line)
    else effect.deliveries.push(line)
  }

  #effect(name: string): Effect {
    let effect = this.effects.get(name)
    if (!effect) this.effects.set(name, (effect = { name, key: undefined, sent: [], answers: [], deliveries: [] }))
    return effect
  }

  of<E extends Line['event']>(event: E): Array<Told<Extract<Line, { event: E }>>> {
    return this.lines.filter((line) => line.event === event) as Array<Told<Extract<Line, { event: E }>>>
  }

  /** Deliveries at which this happened, in the order of time. */
  deliveries(event: DeliveryEvent): Array<Told<DeliveryLine>> {
    return this.lines.filter((line) => line.event === event) as Array<Told<DeliveryLine>>
  }

  /**
   * When a delivery was handed out: its fence says it by Redis's clock, which was as far from ours as that of the delivery that
   * came soonest. Where there is no fence, when its handler started.
   */
  handedOut({ t, fence }: DeliveryLine): number {
    return fence === undefined ? t : Math.min(t, fence / 1000 + this.#offset())
  }

  #offset(): number {
    this.#apart ??= this.deliveries('started').reduce(
      (least, { t, fence }) => (fence === undefined ? least : Math.min(least, t - fence / 1000)),
      Number.POSITIVE_INFINITY,
    )
    return this.#apart
  }

  get marks(): Array<{ t: number; text: string }> {
    return this.of('mark')
  }
}

/** Answered with yes: to a producer who asked for this level, unless any will do. */
export const acknowledged = ({ answers }: Effect, level?: string): boolean =>
  answers.some((answer) => granted(answer) && (level === undefined || answer.level === level))

export const happened = ({ deliveries }: Effect, event: DeliveryEvent): number =>
  deliveries.reduce((sum, line) => sum + (line.event === event ? 1 : 0), 0)

function read(file: string, who: string): Told[] {
  // What follows the last line's end was being written when its process was killed.
  const whole = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  return whole.map((line) => ({ ...(JSON.parse(line) as Line), who }))
}

/** When it was first acknowledged at a level that is promised; never where it was not. From then on no server may forget it. */
export const keptAt = ({ answers }: Effect, promised: (level: string) => boolean): number =>
  answers.find(({ outcome, level }) => outcome === 'ok' && promised(level))?.t ?? Number.POSITIVE_INFINITY
