// Messages that come to a queue whose number of partitions has changed: what has a home goes where others of it are.
import { describe, expect, test } from 'vitest'
import type { Message } from '../../lib/index.ts'
import { groupHash } from '../../lib/key.ts'
import { until } from '../crash/until.ts'
import { over } from './world.ts'

/** A group whose home moves when one partition becomes three. */
const MOVES = ['a', 'b', 'c', 'd'].find((group) => groupHash(group) % 3 !== 0) as string

over((world) => {
  const named = (type: string) => `${type}${Math.random().toString(36).slice(2)}.fifo`

  async function fifoPair() {
    const scope = { deduplicationScope: 'messageGroup', partitions: 1 } as const
    const dead = world.client.queue<string>(named('dead'), scope)
    await dead.stats()
    const source = world.client.queue<string>(named('source'), {
      ...scope,
      deadLetter: { queue: dead.name, maxReceives: 1 },
    })
    const die = async (...bodies: string[]) => {
      for (const body of bodies) await source.send(body, { group: MOVES, deduplicationId: body })
      const [ready, messages] = [(await dead.stats()).ready, await source.receive({ max: 10, wait: '5s' })]
      for (const message of messages) await message.reject('why')
      await until('all have arrived', async () => (await dead.stats()).ready === ready + bodies.length)
    }
    return { source, dead, die }
  }

  async function all(queue: { receive: (options: object) => Promise<Message<string>[]> }, count: number) {
    const found: Message<string>[] = []
    await until('all have come', async () => {
      const batch = await queue.receive({ max: 10, wait: 200 })
      for (const message of batch) await message.complete()
      found.push(...batch)
      return found.length === count
    })
    return found
  }

  describe('a dead-letter queue that grows', () => {
    test('takes messages of a group behind those that are at its former home', async () => {
      const { dead, die } = await fifoPair()
      await die('1', '2')
      await dead.repartition(3)
      await die('3')
      const found = await all(dead, 3)
      expect(found.map(({ body }) => body)).toEqual(['1', '2', '3'])
      const numbers = found.map(({ sequenceNumber }) => sequenceNumber as string)
      expect([...numbers].sort()).toEqual(numbers)
    })

    test('takes them at their new home when nothing is left at the former one, with higher sequence numbers', async () => {
      const { dead, die } = await fifoPair()
      await die('1', '2')
      const before = await all(dead, 2)
      await dead.repartition(3)
      await die('3')
      const [after] = await all(dead, 1)
      expect(after?.origin.lane.partition.index).toBe(groupHash(MOVES) % 3)
      expect(Number(after?.sequenceNumber)).toBeGreaterThan(
        Math.max(...before.map((one) => Number(one.sequenceNumber))),
      )
    })

    test('gives all back, from partitions that are drained, too', async () => {
      const { source, dead, die } = await fifoPair()
      await dead.repartition(3)
      await die('1', '2')
      await dead.repartition(1)
      await die('3')
      await world.client.moves.start({ from: dead.name })
      expect((await all(source, 3)).map(({ body }) => body).sort()).toEqual(['1', '2', '3'])
    })
  })

  test('a follow-up is a duplicate of one under its key at the former home', async () => {
    const next = world.client.queue<string>(`next${Math.random().toString(36).slice(2)}`, { partitions: 1 })
    const keys = Array.from({ length: 8 }, (_, i) => `k${i}`)
    for (const key of keys) await next.send(key, { idempotencyKey: key })
    await next.repartition(5)
    const queue = world.queue<string>()
    await queue.send('work')
    const [message] = (await queue.receive({ wait: '5s' })) as [Message<string>]
    const send = keys.map((key) => ({ queue: next, body: key, idempotencyKey: key }))
    await message.complete(undefined, { send: [...send, { queue: next, body: 'new', idempotencyKey: 'new' }] })
    await until('all have arrived', async () => (await queue.stats()).moving === 0)
    expect(await next.stats()).toMatchObject({ ready: 9, dead: 0 })
  })
})
