// Where a message belongs that comes from another queue's outbox, by what its entry says.
import { partitionOf } from './id.ts'
import { groupHash, hashOfKey } from './key.ts'
import type { Lane } from './lane.ts'
import type { PartitionMap } from './map.ts'
import type { Leaving } from './redis/transit.ts'

/**
 * Where it may be stored, in the order in which to try: former homes of its group or key, which take it only if others of those are
 * there, then its home; or the partition that its id names.
 */
export function candidatesOf(map: PartitionMap, entry: Leaving): Lane[] {
  const hash = hashOf(entry)
  return hash === undefined ? [map.home(partitionOf(entry.short))] : map.candidates(hash)
}

/** Number of the place to try next, after the one that it has. */
export function nextPlace(map: PartitionMap, entry: Leaving): number {
  const candidates = candidatesOf(map, entry)
  const tried = candidates.findIndex(({ partition }) => partition.index === entry.place)
  return (candidates[Math.min(tried + 1, candidates.length - 1)] as Lane).partition.index
}

/** Whether it has a home, and its place is another one. */
export function isAway(map: PartitionMap, entry: Leaving): boolean {
  return hashOf(entry) !== undefined && candidatesOf(map, entry).at(-1)?.partition.index !== entry.place
}

// A dead letter holds no key, so any place will do for it.
function hashOf({ kind, group, key }: Leaving): number | undefined {
  if (group !== undefined) return groupHash(group)
  return key === undefined || kind === 'd' ? undefined : hashOfKey(key)
}
