// A removal whose process dies on the way, or is slow.
import { describe, expect, test } from 'vitest'
import type { Queue } from '../../lib/index.ts'
import { over, refusal } from './world.ts'

over((world) => {
  const soon = () => performance.now() + 5_000
  const filled = async (partitions: number) => {
    const queue = world.queue({ partitions }) as Queue
    for (let i = 0; i < 6; i++) await queue.send(i)
    return queue
  }

  describe('a removal', () => {
    const steps = ['the home is marked', 'the name is struck', 'a partition is gone', 'all partitions are gone']
    test.each(steps.map((step, i) => [step, i]))(
      'whose process dies when %s is finished by who makes the queue',
      async (_, step) => {
        const queue = await filled(2)
        const { home } = queue.backend
        const seen = await home.look(soon())
        const marked = await home.change(seen?.version ?? 0, 'removing @', soon())
        const { version = 0, places = [] } = marked ?? {}
        if ((step as number) > 0) await home.strike(version, soon())
        for (const place of places.slice(0, Math.max((step as number) - 1, 0)))
          await home.removePartition(place, version, soon())
        expect((await refusal(world.client.queues.get(queue.name))).code).toBe('QueueDoesNotExist')
        const other = await world.another()
        const anew = await other.queues.create(queue.name, { partitions: 2, visibility: 8 })
        expect((await anew.stats()).ready).toBe(0)
        await anew.send('new')
        await queue.send('by the old handle')
        expect((await other.queues.list()).names).toContain(queue.name)
        // The one who was thought dead goes on: what was made anew stays.
        await home.strike(version, soon())
        for (const place of places) await home.removePartition(place, version, soon())
        await home.remove(version, soon())
        expect((await anew.stats()).ready).toBe(2)
        expect((await other.queues.list()).names).toContain(queue.name)
      },
    )

    test('is finished by who removes the queue again', async () => {
      const queue = await filled(2)
      const seen = await queue.backend.home.look(soon())
      await queue.backend.home.change(seen?.version ?? 0, 'removing @', soon())
      expect(await world.client.queues.remove(queue.name)).toBe(true)
      expect(await world.client.queues.remove(queue.name)).toBe(false)
      expect((await world.client.queues.list()).names).not.toContain(queue.name)
    })
  })

  describe('a queue that is removed while another opens it', () => {
    /** Another client's handle; `before`: run once, before it tells a partition. */
    async function late(queue: Queue, before: () => Promise<unknown>): Promise<Queue> {
      const handle = world.same(await world.another(), queue) as Queue
      const { home } = handle.backend
      const tell = home.tellPartition.bind(home)
      let once: Promise<unknown> | undefined
      home.tellPartition = async (...args) => {
        once ??= before()
        await once
        return tell(...args)
      }
      return handle
    }

    test('does not come back in part: its sends are refused, and nothing is left', async () => {
      const queue = await filled(2)
      const { lanes } = await queue.backend.open()
      const handle = await late(queue, () => world.client.queues.remove(queue.name))
      expect((await refusal(handle.send('lost?'))).code).toBe('QueueDoesNotExist')
      const { redis } = queue.backend.shared.connection
      for (const { partition } of lanes) expect(await redis.exists(partition.keys[14] as string)).toBe(0)
      await handle.send('makes it anew')
      expect((await handle.stats()).ready).toBe(1)
    })

    test('and made anew meanwhile stays as it was made', async () => {
      const queue = await filled(2)
      const admin = await world.another()
      const handle = await late(queue, async () => {
        await admin.queues.remove(queue.name)
        await (await admin.queues.create(queue.name, { partitions: 1 })).send('new')
      })
      expect((await refusal(handle.send('lost?'))).code).toBe('QueueDoesNotExist')
      expect((await (await admin.queues.get(queue.name)).stats()).ready).toBe(1)
    })

    test('has no old messages when it is made anew, though that one died with the partitions half made', async () => {
      const queue = await filled(2)
      const { home } = queue.backend
      const seen = await home.look(soon())
      if (!seen) throw new Error('the queue has a home')
      await world.client.queues.remove(queue.name)
      const fields = 'visibility 5 delay 0 maxReceives 1 resultTtl 9 idempotencyWindow 60000'
      for (const place of seen.places) await home.tellPartition(place, seen.version, fields, soon())
      const { lanes } = queue.backend.opened as { lanes: { partition: { keys: string[] } }[] }
      const { redis } = queue.backend.shared.connection
      for (const { partition } of lanes) await redis.zadd(partition.keys[0] as string, 1, 'a'.repeat(20))
      const anew = await (await world.another()).queues.create(queue.name, { partitions: 1 })
      expect((await anew.stats()).ready).toBe(0)
      await anew.repartition(2)
      expect((await anew.stats()).ready).toBe(0)
    })
  })
})
