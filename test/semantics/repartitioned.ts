// Queues whose number of partitions another process changes.
import { partitionOf, shorten } from '../../lib/id.ts'
import type { Queue, Sent } from '../../lib/index.ts'
import { hashOfKey, keyDigest } from '../../lib/key.ts'
import type { World } from './world.ts'

export const numberOf = (sent: Sent | { id?: string }) => partitionOf(shorten(sent.id as string))

/** A key whose home among `count` partitions has the number. */
export function keyAt(number: number, count: number, name = 'key'): string {
  for (let i = 0; ; i++) if (hashOfKey(keyDigest(`${name} ${i}`)) % count === number) return `${name} ${i}`
}

/** A queue as this process knows it, and as another does that changes it. */
export async function two(world: World, partitions?: number) {
  const queue = world.queue({ ...(partitions && { partitions }), resultTtl: '1m' }) as Queue
  await queue.stats()
  return { queue, other: world.same(await world.another(), queue) as Queue }
}

export async function takeAll(queue: Queue, count: number): Promise<unknown[]> {
  const bodies: unknown[] = []
  while (bodies.length < count) {
    const messages = await queue.receive({ max: 10, wait: '5s' })
    if (messages.length === 0) break
    for (const message of messages) await message.complete(`did ${message.body}`)
    bodies.push(...messages.map(({ body }) => body))
  }
  return bodies.sort()
}
