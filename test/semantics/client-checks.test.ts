// Attributes that only clients check: one who knew others goes by the new ones from its next call on, and refuses nothing for ever.
import { describe, expect, test, vi } from 'vitest'
import type { Attributes, Message, Queue, SendOptions } from '../../lib/index.ts'
import { over, refusal } from './world.ts'

const BIG = 'x'.repeat(2_000)

over((world) => {
  /** The queue as a process has it that knows it as it was before these changes. */
  async function changed(queue: Queue, changes: Attributes): Promise<Queue> {
    await queue.stats()
    const other = world.same(await world.another(), queue)
    await other.stats()
    await queue.configure(changes)
    return other
  }
  const standard = (attributes: Attributes = {}) => world.queue({ partitions: 2, ...attributes }) as Queue
  const fifo = (attributes: Attributes = {}) => world.fifo({ partitions: 1, ...attributes }) as Queue

  /** By these a message gets into a queue; they reject where it is refused. */
  const ways: Record<string, (queue: Queue, body: string, options: SendOptions) => Promise<unknown>> = {
    'a send': (queue, body, options) => queue.send(body, options),
    'a send under a key': (queue, body, options) => queue.send(body, { ...options, idempotencyKey: 'k' }),
    'a send of a group': (queue, body, options) => queue.send(body, { ...options, group: 'g' }),
    sendMany: async (queue, body, options) => {
      const [outcome] = await queue.sendMany([{ ...options, body }])
      if (outcome && 'error' in outcome) throw outcome.error
    },
    'a message that follows a completion': async (queue, body, options) => {
      const source = world.queue({ partitions: 1 })
      await source.send('x')
      const [message] = (await source.receive({ wait: '5s' })) as [Message]
      await message.complete(undefined, { send: [{ queue, body, ...options }] })
    },
  }

  describe.each(Object.keys(ways))('%s', (name) => {
    const put = ways[name] as (typeof ways)[string]
    const putFifo = (queue: Queue, body: string, options: SendOptions = {}) =>
      put(queue, body, { group: 'g', ...options })

    test('goes by a maxMessageSize that was raised, or lowered', async () => {
      await put(await changed(standard({ maxMessageSize: 1_024 }), { maxMessageSize: 4_096 }), BIG, {})
      const lowered = await changed(standard(), { maxMessageSize: 1_024 })
      expect(await refusal(put(lowered, BIG, {}))).toMatchObject({ code: 'MessageTooLarge', limit: 1_024 })
      expect((await lowered.stats()).ready).toBe(0)
    })

    test('goes by a maxMessageSize that was raised, or lowered, on a FIFO queue', async () => {
      const options = { deduplicationId: '1' }
      await putFifo(await changed(fifo({ maxMessageSize: 1_024 }), { maxMessageSize: 4_096 }), BIG, options)
      const lowered = await changed(fifo(), { maxMessageSize: 1_024 })
      expect((await refusal(putFifo(lowered, BIG, options))).code).toBe('MessageTooLarge')
    })

    test('goes by contentBasedDeduplication that was switched on, or off', async () => {
      await putFifo(await changed(fifo(), { contentBasedDeduplication: true }), 'x')
      const off = await changed(fifo({ contentBasedDeduplication: true }), { contentBasedDeduplication: false })
      expect((await refusal(putFifo(off, 'x'))).code).toBe('MissingDeduplicationId')
      expect((await off.stats()).ready).toBe(0)
    })

    test('goes by a retention that was made longer, or shorter', async () => {
      const options = { delay: '5d' as const }
      await put(await changed(standard(), { retention: '10d' }), 'x', options)
      const shorter = await changed(standard({ retention: '10d' }), { retention: '1d' })
      expect((await refusal(put(shorter, 'x', options))).code).toBe('InvalidOption')
    })
  })

  describe('a deduplication id', () => {
    const both = (queue: Queue) =>
      Promise.all(['a', 'b'].map((group) => queue.send('x', { group, deduplicationId: '1' })))

    test('counts in each group from the next send on when the scope has become that', async () => {
      const other = await changed(fifo(), { deduplicationScope: 'messageGroup' })
      expect((await both(other)).map(({ duplicate }) => duplicate)).toEqual([undefined, undefined])
    })

    test('counts in the queue from the next send on when the scope has become that', async () => {
      const other = await changed(fifo({ deduplicationScope: 'messageGroup' }), { deduplicationScope: 'queue' })
      expect((await both(other)).map(({ duplicate }) => duplicate)).toEqual([undefined, true])
    })

    test('that was given stays when contentBasedDeduplication is switched off', async () => {
      const other = await changed(fifo({ contentBasedDeduplication: true }), { contentBasedDeduplication: false })
      const sent = ['a', 'b'].map((body) =>
        other.send(body, { group: 'g', ...(body === 'b' && { deduplicationId: '1' }) }),
      )
      expect((await Promise.allSettled(sent)).map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
      expect((await other.receive({ max: 10 })).map(({ body }) => body)).toEqual(['b'])
    })
  })

  test('of messages that go together those that fit are sent, though others do not any more', async () => {
    const other = await changed(standard(), { maxMessageSize: 1_024 })
    const sent = await Promise.allSettled(['a', BIG, 'b', BIG].map((body) => other.send(body)))
    expect(sent.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected'])
    expect((await other.stats()).ready).toBe(2)
  })

  test('messages that waited behind a batch that learned of a change go by it, too', async () => {
    const other = await changed(standard(), { maxMessageSize: 1_024 })
    const sent = await Promise.allSettled(Array.from({ length: 200 }, (_, i) => other.send(i === 199 ? BIG : 'x')))
    expect(sent.filter(({ status }) => status === 'rejected')).toHaveLength(1)
    expect((await other.stats()).ready).toBe(199)
  })

  test('sends to a FIFO queue keep their order, though one has to look the attributes up', async () => {
    const other = await changed(fifo({ maxMessageSize: 1_024, contentBasedDeduplication: true }), {
      maxMessageSize: 4_096,
    })
    await Promise.all(['1', BIG, '3'].map((body) => other.send(body, { group: 'g' })))
    expect((await other.receive({ max: 10 })).map(({ body }) => body)).toEqual(['1', BIG, '3'])
  })

  test('a message with a schema is looked up, too', async () => {
    const queue = standard({ maxMessageSize: 1_024 })
    await queue.stats()
    const schema = { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } } as const
    const other = (await world.another()).queue(queue.name, { schema })
    await other.stats()
    await queue.configure({ maxMessageSize: 4_096 })
    expect(await other.send(BIG)).toHaveProperty('id')
  })

  test('however much is refused, the attributes are looked up once in a while', async () => {
    const queue = standard({ maxMessageSize: 1_024 })
    await queue.stats()
    const look = vi.spyOn(queue.backend, 'look')
    const refused = async (send: () => Promise<unknown>) => expect((await refusal(send())).code).toBe('MessageTooLarge')
    await Promise.all(Array.from({ length: 20 }, () => refused(() => queue.send(BIG))))
    await refused(() => queue.send(BIG))
    expect(look).toHaveBeenCalledTimes(1)
  })

  test('who asks for the attributes goes by them', async () => {
    const other = await changed(standard({ maxMessageSize: 1_024 }), { maxMessageSize: 4_096 })
    await other.attributes()
    const look = vi.spyOn(other.backend, 'look')
    await other.send(BIG)
    expect(look).not.toHaveBeenCalled()
  })

  describe('a receive', () => {
    test('waits for as long as the queue says now: longer', async () => {
      const queue = standard()
      const other = await changed(queue, { wait: '20s' })
      const received = other.receive()
      await queue.send('x')
      expect(await received).toHaveLength(1)
    })

    test('waits for as long as the queue says now: not at all', async () => {
      const other = await changed(standard({ wait: '20s' }), { wait: 0 })
      const begun = performance.now()
      expect(await other.receive()).toEqual([])
      expect(performance.now() - begun).toBeLessThan(15_000)
    })
  })
})
