// What producers and workers saw, written outside Redis: a line for each event, in a file for each process, on disk before
// the process goes on. Times are of the machine's monotonic clock, which all its processes share and nobody sets.
import { openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Deed, Delivery } from './job.ts'

/** ms since the machine began, to the microsecond. */
export const now = (): number => Number(process.hrtime.bigint() / 1000n) / 1000

export type Outcome = 'ok' | 'duplicate' | 'refused' | 'unknown'

/** The answer is yes: the message is there, or was before. */
export const granted = ({ outcome }: { outcome: Outcome }): boolean => outcome === 'ok' || outcome === 'duplicate'

/** What became of a delivery. `completed`: the system has said that this completion counts. */
export type DeliveryEvent = 'started' | 'ended' | 'completed' | 'lost' | 'aborted' | 'failed' | 'dropped'

export interface SentLine {
  event: 'sent'
  t: number
  effect: string
  level: string
  key?: string | undefined
  group?: string | undefined
  place?: number | undefined
  delay?: number | undefined
  deed?: Deed | undefined
}

export interface AnsweredLine {
  event: 'answered'
  t: number
  effect: string
  level: string
  outcome: Outcome
  id?: string | undefined
  /** The name of the error. */
  error?: string | undefined
  took: number
}

export interface DeliveryLine {
  event: DeliveryEvent
  t: number
  effect: string
  id: string
  receive: number
  fence?: number | undefined
  group?: string | undefined
  place?: number | undefined
  /** At which the worker completes. */
  level: string
}

export interface TroubleLine {
  event: 'trouble'
  t: number
  error: string
}

/** How a process is, once a second. */
export interface VitalsLine {
  event: 'vitals'
  t: number
  /** MiB, after a collection where the process may ask for one. */
  heap: number
  sockets: number
  /** Sockets, timers, and what else keeps the process going. */
  handles: number
  /** How late the event loop was at worst since the last line, ms. */
  lag: number
}

export interface MarkLine {
  event: 'mark'
  t: number
  text: string
}

export type Line = SentLine | AnsweredLine | DeliveryLine | TroubleLine | VitalsLine | MarkLine

export class Recorder {
  readonly #file: number

  constructor(directory: string, who: string) {
    this.#file = openSync(join(directory, `${who}.lines`), 'a')
  }

  write(line: Line): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`)
  }

  delivery(event: DeliveryEvent, { job, id, receive, fence, group }: Delivery, level: string): void {
    this.write({ event, t: now(), effect: job.effect, id, receive, fence, group, place: job.place, level })
  }

  trouble(error: unknown): void {
    this.write({
      event: 'trouble',
      t: now(),
      error: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    })
  }
}
