// The map of a queue's partitions: which take new messages, which are drained, and where what has a home of its own (by a
// key, a group or an id) may be. A home is a number below the count of active partitions, so a new count moves homes; what
// is pending or remembered stays where it is, and is asked for there first.
import type { Stored } from './attribute-fields.ts'
import { milliseconds } from './duration.ts'
import { clock } from './id.ts'
import type { Lane } from './lane.ts'
import { MAX_VISIBILITY } from './limits.ts'
import type { Declared, Places } from './redis/home.ts'

export class PartitionMap {
  /** In the order of their numbers, which are their indexes too. */
  readonly active: Lane[]
  /** Of the attributes and the map: a call that was routed by this map is made with this version. */
  readonly version: string
  /** The number of active partitions has changed at some time. */
  readonly changed: boolean
  readonly #byNumber: Map<number, Lane>
  readonly #formers: { count: number; until: number }[]
  /** The candidates where there were no others. */
  readonly #alone: Lane[][]

  constructor(lanes: Lane[], declared: Declared, attributes: Stored) {
    this.active = lanes.slice(0, declared.places.length)
    this.version = String(declared.version)
    this.changed = declared.formers.length > 0
    this.#byNumber = new Map(lanes.map((lane) => [lane.partition.index, lane]))
    this.#alone = this.active.map((lane) => [lane])
    const kept = keptFor(attributes)
    this.#formers = declared.formers.map(({ count, at }) => ({ count, until: at + kept }))
  }

  /** The active ones, then those that are drained. */
  get all(): Lane[] {
    return [...this.#byNumber.values()]
  }

  /** The partition with the number, if the queue has it. */
  at(number: number): Lane | undefined {
    return this.#byNumber.get(number)
  }

  /** Where something with this hash goes when it is new. */
  home(hash: number): Lane {
    return this.active[hash % this.active.length] as Lane
  }

  /**
   * Where something with this hash may be, in the order in which to ask. All but the last are former homes: they answer for
   * what they still have, and store nothing new. The last is its home.
   */
  candidates(hash: number): Lane[] {
    const alone = this.#alone[hash % this.active.length] as Lane[]
    if (this.#formers.length === 0) return alone
    const now = clock.now()
    const [home] = alone as [Lane]
    const found: Lane[] = []
    for (const { count, until } of this.#formers) {
      const lane = until > now ? this.at(hash % count) : undefined
      if (lane && lane !== home && !found.includes(lane)) found.push(lane)
    }
    return found.length === 0 ? alone : [...found, home]
  }
}

/** For how many ms after a change something that was sent before may still be pending, in flight, recorded or marked. */
export function keptFor({ retention, idempotencyWindow, resultTtl }: Stored): number {
  return retention + milliseconds(MAX_VISIBILITY, 'visibility') + Math.max(2 * idempotencyWindow, resultTtl)
}

export const numberOf = (place: string) => Number.parseInt(place, 10)

/** The map with `count` active partitions: new ones with names of `fresh`, former ones with the names that they had. */
export function planned(now: Places, count: number, fresh: string[]): Places {
  const known = new Map([...now.places, ...now.drained, ...now.dropped].map((place) => [numberOf(place), place]))
  const beyond = (list: string[]) => list.filter((place) => numberOf(place) >= count)
  return {
    places: Array.from({ length: count }, (_, i) => known.get(i) ?? (fresh[i] as string)),
    drained: beyond([...now.places, ...now.drained]).sort((a, b) => numberOf(a) - numberOf(b)),
    dropped: beyond(now.dropped),
    formers: now.formers.filter((former) => former.count !== now.places.length),
  }
}
