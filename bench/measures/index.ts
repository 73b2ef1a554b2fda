import { drain } from './drain.ts'
import { idle } from './idle.ts'
import { latency } from './latency.ts'
import { life } from './life.ts'
import { marks } from './marks.ts'
import { memory } from './memory.ts'
import { send } from './send.ts'
import { work } from './work.ts'

export const measures = { drain, idle, latency, life, marks, memory, send, work }

/** A measure by name, with the settings it takes. */
export type Measurement = {
  [Name in keyof typeof measures]: { measure: Name; settings: Parameters<(typeof measures)[Name]>[1] }
}[keyof typeof measures]
