import { drain } from './drain.ts'
import { durable } from './durable.ts'
import { fair } from './fair.ts'
import { footprint } from './footprint.ts'
import { groups } from './groups.ts'
import { idle } from './idle.ts'
import { latency } from './latency.ts'
import { life } from './life.ts'
import { marks } from './marks.ts'
import { memory } from './memory.ts'
import { ordered } from './ordered.ts'
import { send } from './send.ts'
import { spread } from './spread.ts'
import { work } from './work.ts'

export const measures = {
  drain,
  durable,
  fair,
  footprint,
  groups,
  idle,
  latency,
  life,
  marks,
  memory,
  ordered,
  send,
  spread,
  work,
}

/** A measure by name, with the settings it takes. */
export type Measurement = {
  [Name in keyof typeof measures]: { measure: Name; settings: Parameters<(typeof measures)[Name]>[1] }
}[keyof typeof measures]
