// Receives that wait. Waits are long, so that a wake-up that is missed is seen as a test that does not end in time.
import { expect } from 'vitest'
import type { Queue } from '../../lib/index.ts'

// As long as SQS waits at the most.
const LONG = '20s'

export async function bodies(queue: Queue<never, never> | Queue, options = {}): Promise<unknown[]> {
  const messages = await (queue as Queue).receive({ wait: LONG, max: 10, visibility: '1h', ...options })
  return messages.map(({ body }) => body)
}

/** Waits are on their way: the queue knows as many who wait. */
export async function waiting(queue: Queue<never, never> | Queue, count: number): Promise<void> {
  const { redis } = queue.backend.shared.connection
  const inboxes = async () => {
    const lanes = queue.backend.opened?.lanes ?? []
    const lists = await Promise.all(lanes.map(({ partition }) => redis.zrange(partition.keys[13] as string, 0, -1)))
    return Math.min(...lists.map((list) => list.length))
  }
  await expect.poll(inboxes, { interval: 10 }).toBe(count)
}
