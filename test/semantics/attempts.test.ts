// A receive from a FIFO queue that has a name: its repeat answers the same messages, for its answer may have been lost.
import { describe, expect, test } from 'vitest'
import type { Message, Queue, QueueOptions } from '../../lib/index.ts'
import { groupHash } from '../../lib/key.ts'
import { EVERYWHERE, over, refusal } from './world.ts'

const shape = (messages: Message[]) => messages.map(({ id, body, deliveries, group }) => [id, body, deliveries, group])

over((world) => {
  async function filled(options: QueueOptions = {}): Promise<Queue> {
    const queue = world.fifo({ partitions: 1, contentBasedDeduplication: true, ...options }) as Queue
    for (const name of ['a1', 'a2', 'b1', 'b2', 'c1']) await queue.send(name, { group: name.slice(0, 1) })
    return queue
  }

  describe('the repeat of an attempt', () => {
    test('answers the same messages in the same order, as the same deliveries', async () => {
      const queue = await filled()
      const first = await queue.receive({ max: 3, attemptId: 'one' })
      expect(first.length).toBe(3)
      const again = await queue.receive({ max: 3, attemptId: 'one' })
      expect(shape(again)).toEqual(shape(first))
      expect(again.map(({ sequenceNumber }) => sequenceNumber)).toEqual(first.map((one) => one.sequenceNumber))
      expect(await queue.stats()).toMatchObject({ ready: 2, inFlight: 3 })
    })

    test('answers them to another process, which can end them', async () => {
      const queue = await filled()
      const first = await queue.receive({ max: 2, attemptId: 'one' })
      const other = world.same(await world.another(), queue)
      const again = await other.receive({ max: 2, attemptId: 'one' })
      expect(shape(again)).toEqual(shape(first))
      await Promise.all(again.map((message) => message.complete()))
      expect(await queue.stats()).toMatchObject({ ready: 3, inFlight: 0 })
    })

    test('hides them anew', async () => {
      const queue = await filled()
      await queue.receive({ max: 2, attemptId: 'one', visibility: 300 })
      await queue.receive({ max: 2, attemptId: 'one', visibility: '1h' })
      await world.past(300)
      expect((await queue.receive({ max: 10 })).map(({ group }) => group)).not.toContain('a')
    })

    test('answers others when one of them is done', async () => {
      const queue = await filled()
      const [first] = (await queue.receive({ max: 2, attemptId: 'one' })) as [Message]
      await first.complete()
      const again = await queue.receive({ max: 10, attemptId: 'one' })
      expect(again.map(({ body }) => body)).toEqual(['b1', 'b2', 'c1'])
    })

    test('receives them once more when their deadline has passed', async () => {
      const queue = await filled()
      await queue.receive({ max: 2, attemptId: 'one', visibility: 50 })
      await world.past(50)
      const again = await queue.receive({ max: 10, attemptId: 'one' })
      expect(again.map(({ body, deliveries }) => `${body} ${deliveries}`).sort()).toEqual([
        'a1 2',
        'a2 2',
        'b1 1',
        'b2 1',
        'c1 1',
      ])
    })

    test('finds the partition of the attempt', async () => {
      const queue = await filled({ partitions: 3, deduplicationScope: 'messageGroup' })
      for (const attemptId of ['one', 'two', 'three']) {
        const first = await queue.receive({ attemptId })
        expect(shape(await queue.receive({ attemptId }))).toEqual(shape(first))
      }
    })
  })

  describe('the repeat of an attempt, with several partitions,', () => {
    const several = { deduplicationScope: 'messageGroup', contentBasedDeduplication: true } as const
    const names = ['one', 'two', 'three', 'four']
    const homed = (at: number) => [...Array(100).keys()].map(String).find((one) => groupHash(one) % 3 === at) as string
    /** A group whose home among three is so many behind where a receive of this name begins. */
    const groupBehind = (name: string, steps: number) => homed((groupHash(name) + steps) % 3)

    test('answers the same, though other partitions were empty then and are not now', async () => {
      const queue = world.fifo({ partitions: 3, ...several }) as Queue
      for (const attemptId of names) {
        await queue.send('first', { group: groupBehind(attemptId, 2) })
        const first = await queue.receive({ max: 10, attemptId })
        expect(first).toHaveLength(1)
        for (const steps of [0, 1]) await queue.send('other', { group: groupBehind(attemptId, steps) })
        expect(shape(await queue.receive({ max: 10, attemptId }))).toEqual(shape(first))
        expect((await queue.stats()).ready).toBe(2)
        await queue.purge()
      }
    })

    test('answers the same, though their number has changed', async () => {
      const queue = world.fifo({ partitions: 1, ...several }) as Queue
      const groups = names.map((name) => `g${name}`)
      for (const group of groups) await queue.send('first', { group })
      const firsts: Message[][] = []
      for (const attemptId of names) firsts.push(await queue.receive({ attemptId }))
      const other = world.same(await world.another(), queue)
      await other.repartition(4)
      for (const group of 'abcdefgh') await other.send('later', { group })
      for (const one of [other, queue]) {
        for (const [i, attemptId] of names.entries()) {
          expect(shape(await one.receive({ attemptId }))).toEqual(shape(firsts[i] as Message[]))
        }
      }
      await other.repartition(1)
      expect(shape(await queue.receive({ attemptId: 'one' }))).toEqual(shape(firsts[0] as Message[]))
      expect((await queue.stats()).ready).toBe(8)
    })

    test('answers the same to one who has not heard of their new number', async () => {
      const queue = world.fifo({ partitions: 1, ...several }) as Queue
      await queue.stats()
      const other = world.same(await world.another(), queue)
      await other.repartition(3)
      await other.send('first', { group: homed(1) })
      const first = await other.receive({ attemptId: 'one' })
      await other.send('later', { group: homed(0) })
      expect(shape(await queue.receive({ attemptId: 'one' }))).toEqual(shape(first))
    })

    test('answers what is in a partition that is drained now', async () => {
      const queue = world.fifo({ partitions: 3, ...several }) as Queue
      const groups = [...Array(100).keys()].map(String).filter((group) => groupHash(group) % 3 === 2)
      await queue.send('first', { group: groups[0] as string })
      const first = await queue.receive({ attemptId: 'one' })
      await queue.repartition(1)
      await queue.send('later', { group: groups[1] as string })
      expect(shape(await queue.receive({ attemptId: 'one' }))).toEqual(shape(first))
    })
  })

  test('another attempt answers other messages', async () => {
    const queue = await filled()
    const first = await queue.receive({ max: 2, attemptId: 'one' })
    const other = await queue.receive({ max: 10, attemptId: 'two' })
    const ids = [...first, ...other].map(({ id }) => id)
    expect(new Set(ids).size).toBe(5)
  })

  test('two receives under one name at a time hold the same messages', async () => {
    const queue = await filled()
    const [one, two] = await Promise.all([
      queue.receive({ max: 2, attemptId: 'one' }),
      queue.receive({ max: 2, attemptId: 'one' }),
    ])
    expect(shape(two)).toEqual(shape(one))
  })

  describe('an attempt is refused', () => {
    test('on a standard queue', async () => {
      expect((await refusal(world.queue().receive({ attemptId: 'one' }))).code).toBe('WrongQueueType')
    })

    for (const [is, attemptId] of Object.entries({
      'without a name': '',
      'with a space': 'a b',
      'of 129 characters': 'a'.repeat(129),
    })) {
      test(is, async () => {
        expect((await refusal((world.fifo() as Queue).receive({ attemptId }))).code).toBe(world.code('InvalidName'))
      })
    }
  })
}, EVERYWHERE)
