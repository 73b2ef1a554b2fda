// Making a queue and changing it, at its home: look, decide, and write if nobody has changed the home meanwhile.
import {
  type Changes,
  changed,
  differing,
  type Stored,
  storedOf,
  textOf,
  toFields,
  unlike,
} from './attribute-fields.ts'
import { checkTogether, needsOnePartition } from './attribute-rules.ts'
import { checkDeadLetterQueue } from './dead-letter-queue.ts'
import {
  AttributesDiffer,
  PurgeInProgress,
  QueueDeletedRecently,
  QueueDoesNotExist,
  QueueNameExists,
} from './errors.ts'
import type { Declared, Home } from './redis/home.ts'
import type { Level } from './redis/level.ts'
import { finishRemoval } from './removal.ts'

/** What a handle wants of its queue when it is opened; without `make` it is none that is not there. */
export interface Wanted {
  stored: Changes
  partitions: number | undefined
  update: boolean
  make: boolean
  /** What its sends and completions take that do not say it; undefined for memory. */
  level?: Level | undefined
  /** Nothing is sent by this one, so that it is not the one by which a FIFO queue's sends keep their order. */
  sends?: false
}

/** What a caller wants of a home that says this, if anything; or throws. It is asked again when the home has changed. */
export type Decision = (found: Declared) => Promise<string | undefined> | string | undefined
/** The same where there is none: the fields of the queue to be made, and its partitions' places. */
export type Making = () => Promise<{ above: number; fields: string; places: string }>

/** The home as it is when the decision is carried out. A home that is being removed counts as none. */
export async function declare(home: Home, deadline: number, decide: Decision, make?: Making): Promise<Declared> {
  for (;;) {
    const seen = await home.look(deadline)
    if (seen && !seen.removing) {
      const fields = await decide(seen)
      const written = fields === undefined ? seen : await home.change(seen.version, fields, deadline)
      if (written) return written
      continue
    }
    if (!make) throw missing(home.queue)
    const { above, fields, places } = await make()
    if (seen) await finishRemoval(home, seen, deadline)
    else {
      const made = await home.make(above, fields, places, deadline)
      if (made) return made
    }
  }
}

export function missing(queue: string): QueueDoesNotExist {
  return new QueueDoesNotExist(`queue ${queue} does not exist: it was removed or never made`)
}

/** How a queue is made that is not there: with these attributes, and not within the window of its removal. */
export function making(
  home: Home,
  { stored, partitions, tags = '' }: { stored: Changes; partitions: number | undefined; tags?: string },
  window: number,
  deadline: number,
): Making {
  return async () => {
    const merged = changed(storedOf({}), stored)
    const count = partitions ?? (needsOnePartition(merged) ? 1 : home.usualPartitions)
    checkTogether(home.queue, merged, count)
    await checkDeadLetterQueue(home, stored.deadLetterQueue, deadline)
    const removed = await home.removed(deadline)
    if (window > 0 && removed.at !== undefined && removed.now - removed.at < window) {
      const left = Math.ceil((removed.at + window - removed.now) / 1000)
      throw new QueueDeletedRecently(
        `queue ${home.queue} was removed a moment ago; it can be made anew in ${left} s (\`deleteWindow\`)`,
      )
    }
    // What is left of a removed queue goes when a partition of the new one is made in its place.
    const after = removed.version > 0 ? `after ${removed.version}` : ''
    return { above: removed.version, fields: `${toFields(stored)} ${tags} ${after}`, places: home.places(count) }
  }
}

/** The first use of a handle: what is unset is written, what differs is refused, or changed where `update` says so. */
export function using(
  home: Home,
  { stored, partitions, update }: { stored: Changes; partitions: number | undefined; update: boolean },
  deadline: number,
): Decision {
  return (found) => {
    const names = differing(found.fields, stored)
    const set = names.find((name) => found.fields[name] !== undefined)
    if (set && !update) throw differ(home.queue, set, found.fields[set] as string, textOf(set, stored[set]))
    if (partitions !== undefined && partitions !== found.places.length)
      throw differ(home.queue, 'partitions', String(found.places.length), String(partitions))
    return names.length === 0 ? undefined : changing(home, stored, deadline)(found)
  }
}

/** `queues.create` on a queue that is there: each attribute that is given equals the stored one or the default. */
export function agreeing(
  home: Home,
  { stored, partitions }: { stored: Changes; partitions: number | undefined },
): Decision {
  return (found) => {
    const name =
      unlike(found.fields, stored) ??
      (partitions !== undefined && partitions !== found.places.length ? 'partitions' : undefined)
    if (name === undefined) return undefined
    const error = new QueueNameExists(
      `a queue already exists with the name ${home.queue} and a different value for attribute ${name}`,
    )
    error.attribute = name
    throw error
  }
}

/** Attributes that are to be others from now on. */
export function changing(home: Home, changes: Changes, deadline: number): Decision {
  return async (found) => {
    const names = differing(found.fields, changes)
    if (names.length === 0) return undefined
    checkTogether(home.queue, merge(found, changes), found.places.length)
    if (names.includes('deadLetterQueue')) await checkDeadLetterQueue(home, changes.deadLetterQueue, deadline)
    return `${toFields(changes)} modified @`
  }
}

export function pausing(paused: boolean): Decision {
  return (found) => (found.paused === paused ? undefined : `paused ${paused ? '1' : '-'}`)
}

/** A purge, unless there was one within the window; `name` tells it from those of others when its answer was lost. */
export function purging(home: Home, window: number, name: string): Decision {
  return ({ fields, now }) => {
    if (fields.purge === name) return undefined
    const left = fields.purged === undefined ? 0 : Number(fields.purged) + window - now
    if (window === 0 || left <= 0) return `purged @ purge ${name}`
    throw Object.assign(
      new PurgeInProgress(
        `queue ${home.queue} was purged a moment ago; it can be purged again in ${Math.ceil(left / 1000)} s (\`purgeWindow\`)`,
      ),
      { queue: home.queue },
    )
  }
}

function merge(found: Declared, changes: Changes): Stored {
  return changed(storedOf(found.fields), changes)
}

function differ(queue: string, name: string, stored: string, given: string): AttributesDiffer {
  const way =
    name === 'partitions'
      ? `change it with queue.repartition(${given}) or \`boomerang repartition ${queue} ${given}\`, or open the queue without \`partitions\``
      : `change it with queue.configure(…), with \`boomerang configure ${queue}\`, or with \`update: true\` in the one place that owns the queue`
  return new AttributesDiffer(`queue ${queue} has \`${name}\` ${stored}, this process wants ${given}: ${way}`)
}
