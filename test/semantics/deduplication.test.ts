// FIFO queues tell a repeated send by its deduplication id, for five minutes from the first one (that the time ends is in
// test/lua, where the clock can be set).
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Message, Queue, QueueOptions } from '../../lib/index.ts'
import { EVERYWHERE, over, refusal } from './world.ts'

const one = { group: 'g', deduplicationId: 'd' }
const PER_GROUP = { deduplicationScope: 'messageGroup', partitions: 3 } as const

over((world) => {
  const { needs } = world
  const fifo = (options: QueueOptions = {}) => world.fifo({ partitions: 1, ...options }) as Queue
  const byContent = (options: QueueOptions = {}) => fifo({ contentBasedDeduplication: true, ...options })

  describe('a second send under a deduplication id', () => {
    test('stores nothing, and is answered with the first id and sequence number', async () => {
      const queue = fifo()
      const first = await queue.send('x', one)
      expect(first).toEqual({ id: expect.any(String), sequenceNumber: expect.stringMatching(/^\d{20}$/) })
      expect(await queue.send('another body', one)).toEqual({ ...first, duplicate: true })
      expect((await queue.receive({ max: 10 })).map(({ body }) => body)).toEqual(['x'])
    })

    test('is told also in one batch, singly or together', async () => {
      const queue = fifo()
      const [a, b] = await Promise.all([queue.send('x', one), queue.send('x', one)])
      expect(b).toEqual({ ...a, duplicate: true })
      const two = { body: 'y', group: 'g', deduplicationId: 'e' }
      const [c, d] = await queue.sendMany([two, two])
      expect(d).toEqual({ ...c, duplicate: true })
      expect(await queue.stats()).toMatchObject({ ready: 2 })
    })

    test('is told by every process', async () => {
      const queue = fifo()
      const first = await queue.send('x', one)
      const other = world.same(await world.another(), queue)
      expect(await other.send('x', one)).toEqual({ ...first, duplicate: true })
    })

    test('is told while the first is in flight, and after it was deleted', async () => {
      const queue = fifo()
      const first = await queue.send('x', one)
      const [message] = (await queue.receive()) as [Message]
      expect(await queue.send('x', one)).toEqual({ ...first, duplicate: true })
      await message.delete()
      expect(await queue.send('x', one)).toEqual({ ...first, duplicate: true })
      expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 0 })
    })

    test('is told after the first became a dead letter', async () => {
      const queue = fifo()
      await queue.send('x', one)
      const [message] = (await queue.receive()) as [Message]
      await message.reject('no use')
      expect(await queue.send('x', one)).toMatchObject({ duplicate: true })
    })

    test('is a new message once the queue was purged', async () => {
      const queue = fifo()
      const first = await queue.send('x', one)
      await queue.purge()
      const second = await queue.send('x', one)
      expect(second.duplicate).toBeUndefined()
      expect(second.sequenceNumber?.localeCompare(first.sequenceNumber as string)).toBe(1)
      expect((await queue.receive({ max: 10 })).map(({ id }) => id)).toEqual([second.id])
    })

    test('is not a repeat of what was sent under another', async () => {
      const queue = fifo()
      await queue.send('x', one)
      expect((await queue.send('x', { ...one, deduplicationId: 'e' })).duplicate).toBeUndefined()
      expect(await queue.stats()).toMatchObject({ ready: 2 })
    })
  })

  describe('the scope of a deduplication id', () => {
    test("is the queue: another group's is the same", async () => {
      const queue = fifo()
      const first = await queue.send('x', one)
      expect(await queue.send('x', { ...one, group: 'h' })).toEqual({ ...first, duplicate: true })
    })

    test("or each message group: another group's is another", async () => {
      const queue = fifo(PER_GROUP)
      const first = await queue.send('x', one)
      expect((await queue.send('x', { ...one, group: 'h' })).duplicate).toBeUndefined()
      expect(await queue.send('x', one)).toEqual({ ...first, duplicate: true })
      expect(await queue.stats()).toMatchObject({ ready: 2 })
    })
  })

  describe('deduplication by content', () => {
    test('goes by the SHA-256 of the body, which the receiver sees', async () => {
      const queue = byContent()
      const first = await queue.send('grüße', { group: 'g' })
      expect(await queue.send('grüße', { group: 'g', attributes: { kind: 'other' } })).toEqual({
        ...first,
        duplicate: true,
      })
      expect((await queue.send('gruß', { group: 'g' })).duplicate).toBeUndefined()
      const [message] = (await queue.receive()) as [Message]
      expect(message.deduplicationId).toBe(createHash('sha256').update('grüße').digest('hex'))
    })

    test('gives way to an id that is given', async () => {
      const queue = byContent()
      await queue.send('x', { group: 'g' })
      expect((await queue.send('x', one)).duplicate).toBeUndefined()
      expect(await queue.send('y', one)).toMatchObject({ duplicate: true })
      const messages = await queue.receive({ max: 10 })
      expect(messages.map(({ deduplicationId }) => deduplicationId)).toEqual([expect.stringMatching(/^\w{64}$/), 'd'])
    })

    test('can be switched on while the queue runs', async () => {
      const queue = fifo()
      expect((await refusal(queue.send('x', { group: 'g' }))).code).toBe('MissingDeduplicationId')
      await queue.configure({ contentBasedDeduplication: true })
      await queue.send('x', { group: 'g' })
      expect(await queue.send('x', { group: 'g' })).toMatchObject({ duplicate: true })
    })
  })

  needs('keys').describe('beside an idempotency key', () => {
    test('both hold: one from the send on, the other until the window after the completion', async () => {
      const queue = fifo()
      const first = await queue.send('x', { ...one, idempotencyKey: 'k' })
      expect(await queue.send('x', { ...one, idempotencyKey: 'other' })).toEqual({ ...first, duplicate: true })
      expect(await queue.send('x', { group: 'g', deduplicationId: 'd', idempotencyKey: 'k' })).toMatchObject({
        duplicate: true,
      })
      const [message] = (await queue.receive()) as [Message]
      await message.complete('done')
      const after = await queue.send('x', { group: 'g', deduplicationId: 'd2', idempotencyKey: 'k' })
      expect(after.duplicate).toBe(true)
      expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 0, processed: 1 })
    })
  })

  describe('a deduplication id is refused', () => {
    const bad: Record<string, unknown> = {
      'that is empty': '',
      'that is too long': 'd'.repeat(129),
      'with a space': 'a b',
      'with letters beyond ASCII': 'ü',
      'that is no text': 5,
    }
    for (const [is, deduplicationId] of Object.entries(bad)) {
      test(is, async () => {
        const call = fifo().send('x', { group: 'g', deduplicationId: deduplicationId as string })
        expect((await refusal(call)).code).toBe(
          world.code('InvalidName', typeof deduplicationId === 'number' ? 'SerializationException' : undefined),
        )
      })
    }

    test('on a standard queue', async () => {
      const queue = world.queue() as Queue
      expect((await refusal(queue.send('x', one))).code).toBe('WrongQueueType')
      const made = () => (world.queue({ contentBasedDeduplication: true }) as Queue).stats()
      expect((await refusal(made)).code).toBe(world.code('WrongQueueType', 'InvalidAttributeName'))
    })
  })

  test('an id with all the characters that it may have is told, also over the longest group', async () => {
    const characters = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)).join('')
    const queue = fifo(PER_GROUP)
    const options = { group: characters + 'g'.repeat(34), deduplicationId: 'd'.repeat(34) + characters }
    const first = await queue.send('x', options)
    expect(await queue.send('x', options)).toEqual({ ...first, duplicate: true })
    const [message] = (await queue.receive()) as [Message]
    expect(message).toMatchObject(options)
    await message.complete()
    expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 0 })
  })
}, EVERYWHERE)
