// The steps by which the map of a queue's partitions changes, each at the home in one script, and only if nothing else was
// changed there since the last look. After each the map is whole: a process that dies leaves one that others go on with.
import { storedOf } from './attribute-fields.ts'
import { needsOnePartition } from './attribute-rules.ts'
import type { Decision } from './declaring.ts'
import { InvalidOption } from './errors.ts'
import { keptFor, numberOf, type PartitionMap, planned } from './map.ts'
import type { Declared, Home, Places } from './redis/home.ts'
import type { Told } from './spread.ts'

/** `count` active partitions. */
export function repartitioning(home: Home, count: number): Decision {
  return (found) => {
    const { places, fields, now } = found
    if (places.length === count) return undefined
    if (count > 1 && needsOnePartition(storedOf(fields))) {
      throw new InvalidOption(
        `queue ${home.queue} deduplicates in the whole queue (\`deduplicationScope: 'queue'\`), so it has exactly 1 partition`,
      )
    }
    const kept = keptFor(storedOf(fields))
    const formers = found.formers.filter(({ at }) => at + kept > now)
    const next = planned({ ...found, formers }, count, home.places(count).split(','))
    return `${fieldsOf({ ...next, formers: [...next.formers, { count: places.length, at: now }] })} flooring 1`
  }
}

/** Whether something of a change is left to do: partitions are drained, or sequence numbers are not above all former ones yet. */
export const unsettled = ({ drained, fields }: Declared) => drained.length > 0 || fields.flooring !== undefined

/**
 * Drained partitions that were found empty go. On a FIFO queue the numbers that any partition has given, as far as by a former
 * map, are below those to come in all: a former home is asked for its numbers only as long as it counts.
 */
export async function settling(seen: Declared, map: PartitionMap, told: Told[], deadline: number): Promise<Decision> {
  const empty = await vacant(seen, map, deadline)
  const { drained, dropped, fields } = seen
  const due = fields.flooring === undefined ? [] : told
  const floor = Math.max(Number(fields.sequenceFloor ?? 0), ...[...due, ...empty].map(({ sequence }) => sequence))
  const gone = empty.map(({ place }) => place)
  const left = fieldsOf({
    ...seen,
    drained: drained.filter((place) => !gone.includes(place)),
    dropped: [...dropped, ...gone],
  })
  const fifo = storedOf(fields).fifo ? ` sequenceFloor ${floor}` : ''
  const done = empty.length === 0 && due.length === 0
  // Only if nothing was changed since.
  return (found) => (done || found.version !== seen.version ? undefined : `${left}${fifo} flooring -`)
}

/** The drained places of a map in which nothing is left, each with the last number that it gave. */
async function vacant({ drained }: Declared, map: PartitionMap, deadline: number) {
  const answers = await Promise.all(
    drained.map(async (place) => {
      const [left, sequence = 0] = (await map.at(numberOf(place))?.partition.vacant(deadline)) ?? []
      return { place, sequence, is: left === 1 }
    }),
  )
  return answers.filter(({ is }) => is)
}

function fieldsOf({ places, drained, dropped, formers }: Places): string {
  const texts = { places, drained, dropped, formers: formers.map(({ count, at }) => `${count}:${at}`) }
  return Object.entries(texts)
    .map(([name, list]) => `${name} ${list.join() || '-'}`)
    .join(' ')
}
