import { describe, expect, test } from 'vitest'
import { partitionOf, shorten } from '../../lib/id.ts'
import type { Queue } from '../../lib/index.ts'
import { over } from './world.ts'

over((world) => {
  const spread = async (queue: Queue) => {
    const { lanes } = await queue.backend.open()
    return Promise.all(lanes.map(async ({ partition }) => (await partition.stats(performance.now() + 5_000)).ready))
  }

  describe('a queue of several partitions', () => {
    test('takes plain messages in all of them, whether they are sent singly or together', async () => {
      const queue = world.queue({ partitions: 3 }) as Queue
      for (let i = 0; i < 12; i++) await queue.send(i)
      expect((await spread(queue)).every((ready) => ready > 0)).toBe(true)
      await queue.purge()
      for (let i = 0; i < 12; i++) await queue.sendMany([{ body: i }, { body: i }])
      expect((await spread(queue)).every((ready) => ready > 0)).toBe(true)
    })

    test('has each message in the partition that its id names', async () => {
      const queue = world.queue({ partitions: 4 }) as Queue
      const ids = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(async (body) => (await queue.send(body)).id as string))
      const counts = [0, 0, 0, 0]
      for (const id of ids) counts[partitionOf(shorten(id))]!++
      expect(await spread(queue)).toEqual(counts)
    })

    test('has one place for each key', async () => {
      const queue = world.queue({ partitions: 4 }) as Queue
      const keys = Array.from({ length: 12 }, (_, i) => `key ${i}`)
      const first = await Promise.all(keys.map((idempotencyKey) => queue.send('x', { idempotencyKey })))
      const second = await queue.sendMany(keys.map((idempotencyKey) => ({ body: 'x', idempotencyKey })))
      expect(second).toEqual(first.map(({ id }) => ({ id, duplicate: true })))
      expect((await spread(queue)).filter((ready) => ready > 0).length).toBeGreaterThan(1)
    })

    test('gives all that it holds to one who receives', async () => {
      const queue = world.queue({ partitions: 4 }) as Queue
      for (let i = 0; i < 20; i++) await queue.send(i)
      const seen: unknown[] = []
      while (seen.length < 20) {
        const messages = await queue.receive({ max: 3, wait: '5s' })
        if (messages.length === 0) break
        seen.push(...messages.map(({ body }) => body))
      }
      expect(new Set(seen).size).toBe(20)
    })

    test('lets no partition starve beside a full one', async () => {
      const queue = world.queue({ partitions: 2 }) as Queue
      const { lanes } = await queue.backend.open()
      const filled = (await queue.sendMany(Array.from({ length: 20 }, (_, body) => ({ body })))) as { id: string }[]
      const full = partitionOf(shorten(filled[0]?.id ?? ''))
      // Sends go round; one of the next two lands beside the full partition.
      for (let i = 0; i < 2; i++) await queue.send('rare')
      const seen: unknown[] = []
      for (let i = 0; i < 6; i++) seen.push(...(await queue.receive()).map(({ body }) => body))
      expect(seen).toContain('rare')
      expect([lanes.length, full]).toEqual([2, expect.any(Number)])
    })

    test('wakes one who waits from whichever partition', { timeout: 15_000 }, async () => {
      const queue = world.queue({ partitions: 4 }) as Queue
      await queue.stats()
      for (let i = 0; i < 4; i++) {
        const got = queue.receive({ wait: '25s' })
        await queue.send(i)
        const [message] = await got
        expect(message?.body).toBe(i)
        await message?.complete()
      }
    })

    test('completes, extends and releases where each message is', async () => {
      const queue = world.queue({ partitions: 3 }) as Queue
      for (let i = 0; i < 6; i++) await queue.send(i)
      const messages = (await Promise.all(Array.from({ length: 6 }, () => queue.receive({ wait: '5s' })))).flat()
      await Promise.all(messages.map((message) => message.extend('5m')))
      await Promise.all(messages.slice(0, 3).map((message) => message.complete()))
      await Promise.all(messages.slice(3).map((message) => message.release()))
      expect(await queue.stats()).toMatchObject({ ready: 3, inFlight: 0 })
    })
  })
})

over(
  (world) => {
    test('on a cluster a queue has as many partitions as there are masters, on different ones', async () => {
      const queue = world.queue()
      expect((await queue.attributes()).partitions).toBe(3)
      const { redis } = world.client.shared.connection
      const { lanes } = await queue.backend.open()
      const owners = lanes.map(
        ({ partition }) => (redis as unknown as { slots: string[][] }).slots[slot(partition.topic)]?.[0],
      )
      expect(new Set(owners).size).toBe(3)
    })
  },
  ['cluster'],
  'cluster',
)

function slot(key: string): number {
  const tag = /\{(.+?)\}/.exec(key)?.[1] ?? key
  let crc = 0
  for (const byte of Buffer.from(tag)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff
  }
  return crc % 16_384
}
