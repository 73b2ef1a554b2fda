// A queue with a dead-letter queue, and messages that have died.
import type { Queue } from '../../lib/index.ts'
import { until } from '../crash/until.ts'
import type { World } from './world.ts'

/** A queue and its dead-letter queue. */
export async function pair(world: World, options: { partitions?: number; maxReceives?: number } = {}) {
  const { partitions = 1, maxReceives = 1 } = options
  const dead = world.queue<string>({ partitions })
  await dead.stats()
  const source = world.queue<string>({ partitions, visibility: '1h', deadLetter: { queue: dead.name, maxReceives } })
  await source.stats()
  return { source, dead }
}

/** Messages that have died, once all are in the dead-letter queue. */
export async function die(source: Queue<string>, dead: Queue<string>, ...bodies: string[]): Promise<string[]> {
  const there = (await dead.stats()).ready
  const sent = await Promise.all(bodies.map((body) => source.send(body)))
  for (let left = bodies.length; left > 0; ) {
    const messages = await source.receive({ max: left, wait: '5s' })
    await Promise.all(messages.map((message) => message.reject(`no ${message.body}`)))
    left -= messages.length
  }
  await until('they have arrived', async () => (await dead.stats()).ready === there + bodies.length)
  return sent.map(({ id }) => id as string)
}
