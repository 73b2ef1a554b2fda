// All lanes that a process has made for a queue: a partition that stays keeps its lane, for batches are on their way in it.
import { isFifo } from './attributes.ts'
import { abandonLane, type Lane, type LaneOwner, makeLane } from './lane.ts'
import { numberOf } from './map.ts'
import type { Places } from './redis/home.ts'
import { partitionTag } from './redis/keys.ts'
import type { Level } from './redis/level.ts'
import { type Owner, Partition } from './redis/partition.ts'
import type { Shared } from './shared.ts'

export class Lanes {
  readonly #all = new Map<string, Lane>()

  constructor(
    private readonly shared: Shared,
    private readonly queue: string,
    private readonly owner: Owner & LaneOwner,
  ) {}

  /** Those of a map, the active ones first. */
  of({ places, drained }: Pick<Places, 'places' | 'drained'>): Lane[] {
    return [...places, ...drained].map((place) => this.#at(place))
  }

  /** From now on these are the queue's; the others hold nothing any more. */
  keep(lanes: Lane[]): void {
    for (const lane of this.#all.values()) lane.partition.dropped = !lanes.includes(lane.at(undefined))
  }

  /** Bytes of sends that are not answered yet. */
  get bytes(): number {
    let sum = 0
    for (const { sends, checkedSends, groupedSends } of this.#all.values())
      sum += sends.bytes + checkedSends.bytes + groupedSends.bytes
    return sum
  }

  abandon(): void {
    for (const lane of this.#all.values()) abandonLane(lane)
  }

  #at(place: string, level?: Level): Lane {
    const name = level ? `${place} ${level.text}` : place
    const known = this.#all.get(name)
    if (known) return known
    const { connection, inbox, client, namespace } = this.shared
    const [tag, fifo] = [partitionTag(namespace, this.queue, place), isFifo(this.queue)]
    const partition = new Partition(tag, numberOf(place), this.owner, connection.at(level), inbox, client, fifo)
    const lane = makeLane(partition, this.owner, level, (other) => this.#at(place, other))
    this.#all.set(name, lane)
    if (level) partition.dropped = this.#at(place).partition.dropped
    return lane
  }
}
