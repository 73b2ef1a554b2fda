// The sequence numbers of groups whose home has changed, long after: former homes are not asked any more.
import { describe, expect, test } from 'vitest'
import type { Queue } from '../../lib/index.ts'
import { groupHash } from '../../lib/key.ts'
import { repartitioning } from '../../lib/repartition.ts'
import { takeAll } from './repartitioned.ts'
import { over } from './world.ts'

over((world) => {
  describe('sequence numbers of a FIFO queue rise', () => {
    const fifo = async (partitions: number) => {
      const queue = world.client.queue(`rise${Math.random().toString(36).slice(2)}.fifo`, {
        deduplicationScope: 'messageGroup',
        partitions,
      })
      await queue.stats()
      return queue as Queue
    }
    let sends = 0
    const send = async (queue: Queue, group: string) => {
      const { sequenceNumber } = await queue.send('x', { group, deduplicationId: `d${++sends}` })
      return Number(sequenceNumber)
    }
    /** As if so much time had passed that former numbers do not count any more. */
    const later = (queue: Queue) => {
      const { map } = queue.backend.opened as { map: object }
      Object.assign(map, { candidates: (hash: number) => [(map as { home(hash: number): unknown }).home(hash)] })
    }
    const GROUP = ['a', 'b', 'c', 'd'].find((group) => groupHash(group) % 3 === 1) as string

    test.each([
      [1, 3],
      [3, 1],
    ])('in a group that was silent since before %i partitions became %i', async (from, to) => {
      const queue = await fifo(from)
      let last = 0
      for (let i = 0; i < 5; i++) last = await send(queue, GROUP)
      await queue.purge()
      await queue.repartition(to)
      later(queue)
      expect(await send(queue, GROUP)).toBeGreaterThan(last)
    })

    test('in a group that was last in a partition which has gone on while it was drained', async () => {
      const queue = await fifo(3)
      await send(queue, GROUP)
      await queue.repartition(1)
      let last = 0
      for (let i = 0; i < 5; i++) last = await send(queue, GROUP)
      await takeAll(queue, 6)
      const { lanes } = await queue.backend.open()
      // As if its marks had been forgotten.
      Object.assign(lanes[1]?.partition as object, { vacant: async () => [1, last] })
      await queue.repartition(1)
      expect(queue.backend.opened?.lanes.map(({ partition }) => partition.index)).not.toContain(1)
      expect(await send(queue, GROUP)).toBeGreaterThan(last)
    })

    test('also where the process died before it was said to all', async () => {
      const queue = await fifo(1)
      let last = 0
      for (let i = 0; i < 5; i++) last = await send(queue, GROUP)
      await queue.purge()
      await queue.backend.change((home) => repartitioning(home, 3))
      const next = world.same(await world.another(), queue) as Queue
      await next.stats()
      later(next)
      expect(await send(next, GROUP)).toBeGreaterThan(last)
    })
  })
})
