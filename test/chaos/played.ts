// Histories as a run of the fault harness leaves them, made up line by line.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { History } from '../../chaos/history.ts'
import type { DeliveryEvent, Line, Outcome } from '../../chaos/recorder.ts'
import type { Played } from '../../chaos/scenario.ts'
import { temporaryDirectory } from '../harness/temporary.ts'

/** What each process wrote. */
export type Written = Record<string, Line[]>

export function played(written: Written, dead: string[] = []): Played {
  using directory = temporaryDirectory()
  for (const [who, lines] of Object.entries(written))
    writeFileSync(join(directory.path, `${who}.lines`), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const history = new History(directory.path)
  return { quick: false, random: undefined as never, on: 'boomerang', history, dead, producers: [], workers: [] }
}

export const sent = (
  t: number,
  effect: string,
  more: { level?: string; group?: string; place?: number } = {},
): Line => ({
  event: 'sent',
  t,
  effect,
  level: 'memory',
  ...more,
})

export const answered = (
  t: number,
  effect: string,
  outcome: Outcome = 'ok',
  more: { error?: string; took?: number; level?: string } = {},
): Line => ({
  event: 'answered',
  t,
  effect,
  level: 'memory',
  outcome,
  took: 1,
  ...more,
})

interface Told {
  id?: string
  level?: string
  receive?: number
  fence?: number
  group?: string
  place?: number
}

/** Of a delivery; one message of each effect, unless its id is given. */
export const delivery = (t: number, event: DeliveryEvent, effect: string, more: Told = {}): Line => ({
  event,
  t,
  effect,
  id: effect,
  receive: 1,
  level: 'memory',
  ...more,
})

export const vitals = (t: number, more: { heap?: number; sockets?: number; handles?: number } = {}): Line => ({
  event: 'vitals',
  t,
  heap: 50,
  sockets: 2,
  handles: 5,
  lag: 0,
  ...more,
})

export const mark = (t: number, text: string): Line => ({ event: 'mark', t, text })
