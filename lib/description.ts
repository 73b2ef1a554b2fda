// What there is to know of a queue: its attributes as they are stored, and what else its home says.
import { arnOf } from './arn.ts'
import { type Stored, storedOf } from './attribute-fields.ts'
import type { Declared } from './redis/home.ts'

export interface Description extends Stored {
  arn: string
  /** When it was made, and when an attribute was last changed. */
  created: Date
  modified: Date
  partitions: number
  paused: boolean
}

export function describe(
  { fields, places, paused }: Declared,
  { name, shared }: { name: string; shared: { region: string; namespace: string } },
): Description {
  const created = Number(fields.created)
  return {
    ...storedOf(fields),
    arn: arnOf(shared.region, shared.namespace, name),
    created: new Date(created),
    modified: new Date(Number(fields.modified ?? created)),
    partitions: places.length,
    paused,
  }
}
