import { describe, expect, test } from 'vitest'
import type { Message, Queue } from '../../lib/index.ts'
import { over, refusal } from './world.ts'

over((world) => {
  const take = async (queue: Queue<never, never> | Queue): Promise<Message> => {
    const [message] = await (queue as Queue).receive({ wait: '5s' })
    return message as Message
  }
  const key = { idempotencyKey: 'order 7' }

  describe('a second send under a key', () => {
    test('answers the first message while it is pending', async () => {
      const queue = world.queue()
      const { id } = await queue.send({ n: 1 }, key)
      expect(await queue.send({ n: 1 }, key)).toEqual({ id, duplicate: true })
      await take(queue)
      expect(await queue.send({ n: 1 }, key)).toEqual({ id, duplicate: true })
      expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 1 })
    })

    test('answers the result once it is done', async () => {
      const queue = world.queue()
      const { id } = await queue.send({ n: 1 }, key)
      await (await take(queue)).complete({ done: 'yes', at: new Date(0) })
      expect(await queue.send({ n: 1 }, key)).toEqual({ id, duplicate: true, result: { done: 'yes', at: new Date(0) } })
      expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 0, processed: 1 })
    })

    test('answers no result where the handler returned none', async () => {
      const queue = world.queue()
      const { id } = await queue.send({ n: 1 }, key)
      await (await take(queue)).complete()
      const answer = await queue.send({ n: 1 }, key)
      expect([answer.id, answer.duplicate, answer.result]).toEqual([id, true, undefined])
    })

    test('answers only that it is a duplicate where no results are kept', async () => {
      const queue = world.queue({ resultTtl: 0 })
      await queue.send({ n: 1 }, key)
      await (await take(queue)).complete('x')
      expect(await queue.send({ n: 1 }, key)).toEqual({ duplicate: true })
    })

    test('answers only that it is a duplicate once the record is gone', async () => {
      const queue = world.queue({ resultTtl: 200 })
      await queue.send({ n: 1 }, key)
      await (await take(queue)).complete('x')
      await expect.poll(() => queue.send({ n: 1 }, key)).toEqual({ duplicate: true })
    })

    test('is refused with another payload, pending or done', async () => {
      const queue = world.queue()
      const { id } = await queue.send({ n: 1 }, key)
      const pending = await refusal(queue.send({ n: 2 }, key))
      expect(pending).toMatchObject({ code: 'IdempotencyMismatch', message: expect.stringContaining(id as string) })
      await (await take(queue)).complete('x')
      expect((await refusal(queue.send({ n: 2 }, key))).code).toBe('IdempotencyMismatch')
    })

    test('is a new message after the first became a dead letter', async () => {
      const queue = world.queue()
      const { id } = await queue.send({ n: 1 }, key)
      await (await take(queue)).reject('why')
      const again = await queue.send({ n: 2 }, key)
      expect(again.duplicate).toBeUndefined()
      expect(again.id).not.toBe(id)
    })

    test('is a new message after a purge', async () => {
      const queue = world.queue()
      await queue.send({ n: 1 }, key)
      await queue.purge()
      expect((await queue.send({ n: 2 }, key)).duplicate).toBeUndefined()
    })

    test('is a new message in another queue', async () => {
      await world.queue().send(1, key)
      expect((await world.queue().send(1, key)).duplicate).toBeUndefined()
    })
  })

  test('of many sends at once under one key, by several clients, one is new', async () => {
    const queue = world.queue()
    await queue.stats()
    const other = world.same(await world.another(), queue)
    const count = world.store === 'memory' ? 6 : 60
    const sent = await Promise.all(Array.from({ length: count }, (_, i) => (i % 2 ? queue : other).send('x', key)))
    expect(sent.filter(({ duplicate }) => !duplicate)).toHaveLength(1)
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1)
    expect((await queue.stats()).ready).toBe(1)
  })

  test('keys that differ do not hinder each other', async () => {
    const queue = world.queue()
    const keys = ['a', 'b', 'ä', 'a ', 'A', 'k'.repeat(512)]
    const sent = await Promise.all(keys.map((idempotencyKey) => queue.send('x', { idempotencyKey })))
    expect(sent.map(({ duplicate }) => duplicate)).toEqual(keys.map(() => undefined))
  })

  test('a message with a key can be delayed, released and extended like any other', async () => {
    const queue = world.queue({ visibility: '1m' })
    const { id } = await queue.send('x', { ...key, delay: 200 })
    const first = await take(queue)
    expect(first.id).toBe(id)
    await first.extend('2m')
    await first.release()
    const second = await take(queue)
    expect(await queue.send('x', key)).toEqual({ id, duplicate: true })
    await second.complete(5)
    expect(await queue.send('x', key)).toEqual({ id, duplicate: true, result: 5 })
  })

  test('a send with a key that is repeated by its id answers as the first did', async () => {
    const queue = world.queue()
    const { id } = (await queue.send('x', key)) as { id: string }
    expect(await queue.send('x', { ...key, id })).toEqual({ id })
    await (await take(queue)).reject('why')
    expect(await queue.send('x', { ...key, id })).toEqual({ id })
    expect(await queue.stats()).toMatchObject({ ready: 0, dead: 1 })
  })
})
