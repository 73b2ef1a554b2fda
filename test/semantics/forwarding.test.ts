// Forwarding from one partition to many queues: one that takes nothing stops no other, and groups keep their order.
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Queue } from '../../lib/index.ts'
import { groupHash } from '../../lib/key.ts'
import { until } from '../crash/until.ts'
import { over } from './world.ts'

over((world) => {
  afterEach(() => vi.restoreAllMocks())
  const partitionOf = async (queue: Queue<never> | Queue) => {
    const [lane] = (await queue.backend.open()).lanes
    if (!lane) throw new Error('a queue has a partition')
    return lane.partition
  }

  describe('a queue that cannot be served', () => {
    test('stops no other: what goes there waits, and what went wrong is said', async () => {
      const client = await world.another()
      const source = world.queue({ partitions: 1 })
      const [first, last] = [world.queue(), world.queue()].sort((a, b) => (a.name < b.name ? -1 : 1)) as [Queue, Queue]
      for (const queue of [source, first, last]) await queue.stats()
      const mine = world.same(client, source)
      await mine.send('work')
      const [message] = await mine.receive({ wait: '5s' })
      const { outbox } = client.shared
      const told: string[] = []
      outbox.failed = (error) => told.push(error.message)
      const hold = vi.spyOn(outbox, 'forward').mockResolvedValue()
      await message?.complete(undefined, { send: [first, last].map(({ name: queue }) => ({ queue, body: 'x' })) })
      hold.mockRestore()
      const find = outbox.queue.bind(outbox)
      outbox.lease = 100
      vi.spyOn(outbox, 'queue').mockImplementation(async (name) => {
        if (name === first.name) throw new Error('its node is away')
        return find(name)
      })
      await outbox.forward(await partitionOf(mine))
      expect(told).toEqual(['its node is away'])
      expect([(await last.stats()).ready, (await first.stats()).ready]).toEqual([1, 0])
      expect(await source.stats()).toMatchObject({ moving: 1 })
      vi.restoreAllMocks()
      await until('it is tried again', async () => (await first.stats()).ready === 1)
    })
  })

  test('a call to forward that comes as the last one ends looks again', async () => {
    const queue = world.queue({ partitions: 1 })
    const partition = await partitionOf(queue)
    const { outbox } = world.client.shared
    const call = partition.call.bind(partition)
    for (let ticks = 0; ticks < 16; ticks++) {
      let [calls, replied] = [0, () => {}]
      const reply = new Promise<void>((resolve) => {
        replied = resolve
      })
      partition.call = async (...args) => {
        calls++
        const answer = await call(...args)
        replied()
        return answer
      }
      const first = outbox.forward(partition)
      await reply
      for (let i = 0; i < ticks; i++) await Promise.resolve()
      const before = calls
      await outbox.forward(partition)
      await first
      expect([ticks, calls > before]).toEqual([ticks, true])
    }
    partition.call = call
  })

  test('messages of a group that wait for others to be sent elsewhere keep their place, where older ones are', async () => {
    const options = { partitions: 1, deduplicationScope: 'messageGroup' as const }
    const dead = world.fifo<string>(options)
    await dead.stats()
    const source = world.fifo<string>({ ...options, deadLetter: { queue: dead.name, maxReceives: 5 } })
    // Two groups whose home is not partition 0 once there are four.
    const [away, here] = Array.from({ length: 40 }, (_, i) => `g${i}`).filter((one) => groupHash(one) % 4 !== 0)
    const send = (body: string, group = '') => source.send(body, { group, deduplicationId: body })
    const die = async (count: number) => {
      const messages = await source.receive({ max: 10, wait: '5s' })
      expect(messages).toHaveLength(count)
      await Promise.all(messages.map((message) => message.reject('no')))
    }
    await send('old', here)
    await die(1)
    await until('it has arrived', async () => (await dead.stats()).ready === 1)
    await dead.repartition(4)
    await send('other', away)
    await send('new', here)
    await die(2)
    await until(
      'both have arrived',
      async () => (await dead.stats()).ready === 3 && (await source.stats()).moving === 0,
    )
    const order: string[] = []
    for (let left = 3; left > 0; ) {
      for (const message of await dead.receive({ max: 1, wait: '5s' })) {
        if (message.group === here) order.push(message.body)
        await message.complete()
        left--
      }
    }
    expect(order).toEqual(['old', 'new'])
    for (const { partition } of (await dead.backend.open()).lanes)
      expect([partition.index, (await partition.stats(performance.now() + 5_000)).ready]).toEqual([partition.index, 0])
  })

  describe('an errand', () => {
    test('of a queue that is gone, or that fails, keeps no later one from being done', async () => {
      const client = await world.another()
      const { errands, outbox } = client.shared
      const gone = client.queue('a-errand')
      await gone.stats()
      errands.close()
      errands.period = 0
      const names = ['a-errand', 'b-errand', 'c-errand']
      for (const name of names) await errands.add('moves', name)
      await client.queues.remove(gone.name)
      const looked: string[] = []
      const told: string[] = []
      outbox.failed = (error) => told.push(error.message)
      const { mover } = errands as unknown as { mover: { look: (queue: string) => Promise<boolean> } }
      const look = mover.look.bind(mover)
      mover.look = async (queue) => {
        looked.push(queue)
        if (queue === 'b-errand') throw new Error('its node is away')
        return look(queue)
      }
      await errands.look()
      expect(looked.filter((name) => names.includes(name))).toEqual(names)
      expect(told).toEqual(['its node is away'])
    })
  })
})
