// The number of partitions changes while a queue is used, by another process than those that use it.
import { describe, expect, test } from 'vitest'
import { type Queue, type Sent, Worker } from '../../lib/index.ts'
import { until } from '../crash/until.ts'
import { keyAt, numberOf, takeAll, two } from './repartitioned.ts'
import { over, refusal } from './world.ts'

over((world) => {
  describe('messages without a key', () => {
    test('go to active partitions, also from one who has not heard of the change', async () => {
      const { queue, other } = await two(world, 4)
      await other.repartition(1)
      const single = await Promise.all(Array.from({ length: 8 }, (_, i) => queue.send(i)))
      const many = (await queue.sendMany(Array.from({ length: 8 }, (_, body) => ({ body })))) as Sent[]
      expect([...single, ...many].map(numberOf)).toEqual(new Array(16).fill(0))
      expect(new Set([...single, ...many].map(({ id }) => id)).size).toBe(16)
      expect(await other.stats()).toMatchObject({ ready: 16 })
    })

    test('are received from drained partitions until nothing is left', async () => {
      const { queue, other } = await two(world, 3)
      for (let i = 0; i < 9; i++) await queue.send(i)
      expect(await other.repartition(1)).toEqual({ partitions: 1, draining: 2 })
      expect(await takeAll(other, 9)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    })

    test('are not doubled by a send with the id of one in a drained partition', async () => {
      const { queue, other } = await two(world, 3)
      const sent = (await queue.sendMany(Array.from({ length: 6 }, (_, body) => ({ body })))) as { id: string }[]
      const plain = await Promise.all(Array.from({ length: 3 }, (_, i) => queue.send(i)))
      const ids = [...sent, ...plain].map(({ id }) => id as string)
      await other.repartition(1)
      for (const one of [queue, other]) {
        expect(await Promise.all(ids.map((id) => one.send('again', { id })))).toEqual(ids.map((id) => ({ id })))
      }
      expect(await queue.stats()).toMatchObject({ ready: 9 })
      expect(await takeAll(queue, 9)).toHaveLength(9)
      expect(await other.result(ids[0] as string)).toMatch(/^did/)
    })

    test('with the id of a partition that is gone are stored once', async () => {
      const { queue, other } = await two(world, 3)
      const ids: string[] = []
      while (ids.length < 3) {
        const sent = await queue.send('x')
        if (numberOf(sent) === 2) ids.push(sent.id as string)
      }
      await queue.purge()
      expect(await other.repartition(1)).toEqual({ partitions: 1, draining: 0 })
      for (const one of [queue, other]) {
        expect(await Promise.all(ids.map((id) => one.send('x', { id })))).toEqual(ids.map((id) => ({ id })))
      }
      expect(await queue.stats()).toMatchObject({ ready: 3 })
      await takeAll(other, 3)
      expect(await queue.result(ids[0] as string)).toBe('did x')
    })
  })

  describe('one who waits', () => {
    test('receives what comes to a new partition', async () => {
      const { queue, other } = await two(world, 1)
      const waits = [queue.receive({ wait: '25s' }), queue.receive({ wait: '25s' })]
      await other.repartition(3)
      for (const number of [1, 2]) await other.send(number, { idempotencyKey: keyAt(number, 3) })
      const got = (await Promise.all(waits)).flat()
      expect(got.map(({ body }) => body).sort()).toEqual([1, 2])
    })

    test('receives by another handle of the same client too', async () => {
      const { queue, other } = await two(world, 1)
      const twin = world.same(world.client, queue) as Queue
      await twin.stats()
      const waits = [queue.receive({ wait: '25s' }), twin.receive({ wait: '25s' })]
      await other.repartition(2)
      for (const name of ['one', 'two']) await other.send('x', { idempotencyKey: keyAt(1, 2, name) })
      expect((await Promise.all(waits)).flat()).toHaveLength(2)
    })
  })

  test('a worker works on new partitions, and on drained ones', async () => {
    const { queue, other } = await two(world, 2)
    const seen: unknown[] = []
    const worker = new Worker(queue, ({ body }) => void seen.push(body))
    await worker.start()
    await other.repartition(4)
    for (const number of [0, 1, 2, 3]) await other.send(number, { idempotencyKey: keyAt(number, 4) })
    await until('all are done', () => seen.length === 4)
    await worker.stop()
    for (const n of [4, 5, 6, 7]) await queue.send(n)
    await other.repartition(1)
    const second = new Worker(other, ({ body }) => void seen.push(body))
    await second.start()
    await until('all are done', () => seen.length === 8)
    await second.stop()
    expect(seen.sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  test('what is asked of all partitions is asked of those too that one has not heard of', async () => {
    const { queue, other } = await two(world, 1)
    await other.repartition(3)
    for (const number of [0, 1, 2]) await other.send(number, { idempotencyKey: keyAt(number, 3) })
    expect(await queue.stats()).toMatchObject({ ready: 3 })
    const [third, fourth] = [await world.another(), await world.another()].map((one) => world.same(one, queue) as Queue)
    await Promise.all([third?.stats(), fourth?.stats()])
    await other.repartition(5)
    for (const number of [3, 4]) await other.send(number, { idempotencyKey: keyAt(number, 5, 'later') })
    expect((await third?.peek({ limit: 10 }))?.messages).toHaveLength(5)
    expect(await fourth?.purge()).toBe(5)
  })

  describe('a drained partition', () => {
    test('is dropped once nothing is left in it, and taken back', async () => {
      const { queue, other } = await two(world, 3)
      const tags = (await queue.backend.open()).lanes.map(({ partition }) => partition.tag)
      for (let i = 0; i < 6; i++) await queue.send(i)
      expect(await other.repartition(1)).toEqual({ partitions: 1, draining: 2 })
      await other.purge()
      expect(await other.repartition(1)).toEqual({ partitions: 1, draining: 0 })
      expect(await queue.receive()).toEqual([])
      expect(queue.backend.opened?.lanes).toHaveLength(1)
      await other.repartition(3)
      expect((await other.backend.open()).lanes.map(({ partition }) => partition.tag)).toEqual(tags)
      const sent: Sent[] = []
      for (let i = 0; i < 9; i++) sent.push(await queue.send(i))
      expect(new Set(sent.map(numberOf)).size).toBe(3)
      expect(await takeAll(queue, 9)).toHaveLength(9)
    })

    test('is dropped by one who opens the queue', async () => {
      const { queue, other } = await two(world, 2)
      for (let i = 0; i < 4; i++) await queue.send(i)
      await other.repartition(1)
      await other.purge()
      const third = world.same(await world.another(), queue) as Queue
      await third.stats()
      expect(third.backend.opened?.lanes).toHaveLength(1)
    })

    test('is paused and purged with the others', async () => {
      const { queue, other } = await two(world, 2)
      for (let i = 0; i < 4; i++) await queue.send(i)
      await other.repartition(1)
      await other.pause()
      expect(await queue.receive({ max: 10 })).toEqual([])
      expect(await queue.purge()).toBe(4)
    })
  })

  test('a queue that was removed and made anew with other partitions says so once', async () => {
    const { queue, other } = await two(world)
    await queue.send('x')
    const admin = await world.another()
    await admin.queues.remove(queue.name)
    const anew = admin.queue(queue.name, { partitions: 5 })
    await anew.stats()
    expect(await refusal(queue.send('x'))).toMatchObject({ code: 'QueueDoesNotExist' })
    await queue.send('x')
    expect(await anew.stats()).toMatchObject({ ready: 1 })
    expect((await queue.attributes()).partitions).toBe(5)
    expect(other.name).toBe(queue.name)
  })

  test('removing a queue removes its drained and dropped partitions', async () => {
    const { queue, other } = await two(world, 4)
    const all = (await queue.backend.open()).lanes
    for (let i = 0; i < 8; i++) await queue.send(i)
    await other.repartition(3)
    await other.purge()
    await other.repartition(2)
    await other.repartition(1)
    await world.client.queues.remove(queue.name)
    const { redis } = queue.backend.shared.connection
    const left = await Promise.all(all.map(({ partition }) => redis.exists(partition.keys[14] as string)))
    expect(left).toEqual([0, 0, 0, 0])
  })

  test('a home that has lost its last change is put above its partitions again', async () => {
    const { queue, other } = await two(world, 2)
    const { redis } = queue.backend.shared.connection
    const home = `boomerang:{${queue.backend.shared.namespace}/${queue.name}}:meta`
    const before = await redis.hgetall(home)
    await other.repartition(3)
    await redis.del(home)
    await redis.hset(home, before)
    expect(await queue.send('x')).toHaveProperty('id')
    expect(await queue.stats()).toMatchObject({ ready: 1 })
    expect(await (world.same(await world.another(), queue) as Queue).stats()).toMatchObject({ ready: 1 })
  })

  test('a FIFO queue has 1 partition unless it deduplicates by group', async () => {
    const one = world.client.queue(`fifo${Date.now()}.fifo`)
    await one.stats()
    expect(await refusal(one.repartition(2))).toMatchObject({
      code: 'InvalidOption',
      message: expect.stringContaining('exactly 1 partition'),
    })
    expect(await one.repartition(1)).toEqual({ partitions: 1, draining: 0 })
    await one.configure({ deduplicationScope: 'messageGroup' })
    expect(await one.repartition(2)).toEqual({ partitions: 2, draining: 0 })
    await world.client.queues.remove(one.name)
  })

  test('a former number that counts no longer is forgotten by the next change', async () => {
    const { queue } = await two(world, 1)
    const { home } = queue.backend
    const deadline = performance.now() + 5_000
    await queue.repartition(2)
    const seen = await home.look(deadline)
    await home.change(seen?.version as number, 'formers 5:1,1:99999999999999', deadline)
    await queue.repartition(3)
    expect((await home.look(deadline))?.formers.map(({ count }) => count)).toEqual([1, 2])
  })

  test('is refused with a number that cannot be, and by a process that wants another', async () => {
    const { queue, other } = await two(world, 2)
    for (const count of [0, 4097, 1.5, '3' as unknown as number]) {
      expect(await refusal(queue.repartition(count))).toMatchObject({ code: 'InvalidOption' })
    }
    await other.repartition(3)
    const third = (await world.another()).queue(queue.name, { partitions: 2 })
    const { code, message } = await refusal(third.stats())
    expect([code, message]).toEqual(['AttributesDiffer', expect.stringContaining('queue.repartition(2)')])
  })
})
