// At which level of durability a worker completes the messages of a queue.
import { type Durability, levelOf } from '../lib/durability.ts'
import type { Queue } from '../lib/queue.ts'
import type { Level } from '../lib/redis/level.ts'

/** The worker's own; the queue's where it has none. */
export function levelFor({ backend }: Queue, durability: Durability | undefined): Level | undefined {
  return levelOf(durability, backend.level)
}

/** A level that cannot be given is refused before a handler runs. */
export async function checkLevel(queue: Queue, durability: Durability | undefined): Promise<void> {
  const level = levelFor(queue, durability)
  const { backend } = queue
  if (level)
    await Promise.all(backend.opened?.lanes.map((lane) => lane.at(level).partition.check(backend.deadline())) ?? [])
}
