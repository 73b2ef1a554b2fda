// What travels with a message beside its body, and what the queue itself knows of it.
import { describe, expect, test } from 'vitest'
import type { AttributeValue, Message, Queue } from '../../lib/index.ts'
import { EVERYWHERE, over, refusal } from './world.ts'

type Given = Record<string, AttributeValue>

over((world) => {
  const { needs } = world

  async function sent(attributes: Given, asked?: string[]): Promise<Message> {
    const queue = world.queue() as Queue
    await queue.send('body', { attributes })
    const [message] = (await queue.receive({ wait: '5s', ...(asked && { attributes: asked }) })) as [Message]
    return message
  }

  describe('message attributes', () => {
    test('come as they were sent: texts, numbers and bytes, each with its type', async () => {
      const message = await sent({
        text: 'grüße 你好',
        number: 12.5,
        bytes: Uint8Array.from([0, 255, 10, 13]),
        precise: { type: 'Number', value: '12345678901234567890.123' },
      })
      expect(message.body).toBe('body')
      expect(message.attributes).toEqual({
        text: { type: 'String', value: 'grüße 你好' },
        number: { type: 'Number', value: '12.5' },
        bytes: { type: 'Binary', value: Buffer.from([0, 255, 10, 13]) },
        precise: { type: 'Number', value: '12345678901234567890.123' },
      })
    })

    test("keep a suffix of the sender's own", async () => {
      const message = await sent({
        count: { type: 'Number.int', value: 5 },
        picture: { type: 'Binary.png', value: Buffer.from('x') },
        words: { type: 'String.json', value: '{}' },
      })
      expect(message.attributes).toEqual({
        count: { type: 'Number.int', value: '5' },
        picture: { type: 'Binary.png', value: Buffer.from('x') },
        words: { type: 'String.json', value: '{}' },
      })
    })

    test('are none unless they were sent', async () => {
      expect((await sent({})).attributes).toEqual({})
    })

    test('stay with the message when it comes back', async () => {
      const queue = world.queue() as Queue
      await queue.send('x', { attributes: { a: '1' } })
      const [first] = (await queue.receive({ wait: '5s' })) as [Message]
      await first.release()
      const [second] = (await queue.receive({ wait: '5s' })) as [Message]
      expect(second.attributes).toEqual({ a: { type: 'String', value: '1' } })
    })

    needs('keys').test('go with an idempotency key: others under it are another message', async () => {
      const queue = world.queue() as Queue
      const options = { idempotencyKey: 'k', attributes: { a: '1' } }
      const first = await queue.send('x', options)
      expect(await queue.send('x', { ...options, trace: 'another' })).toEqual({ ...first, duplicate: true })
      const other = queue.send('x', { ...options, attributes: { a: '2' } })
      expect((await refusal(other)).code).toBe('IdempotencyMismatch')
      const [message] = (await queue.receive({ wait: '5s' })) as [Message]
      expect(message.attributes).toEqual({ a: { type: 'String', value: '1' } })
    })

    test('are sent by sendMany, each message with its own', async () => {
      const queue = world.queue({ partitions: 1 }) as Queue
      await queue.sendMany([{ body: 1, attributes: { n: 1 } }, { body: 2 }, { body: 3, attributes: { n: 3 } }])
      const got = await queue.receive({ max: 10 })
      expect(got.map(({ attributes }) => attributes['n']?.value)).toEqual(['1', undefined, '3'])
    })
  })

  describe('a receive shows', () => {
    const all = { kind: 'a', 'trace.id': 'b', 'trace.parent': 'c', tracer: 'd' }
    const filters: Record<string, [asked: string[] | undefined, names: string[]]> = {
      'all attributes unless it says which': [undefined, Object.keys(all)],
      'all that there are for All': [['All'], Object.keys(all)],
      'all that there are for .*': [['.*'], Object.keys(all)],
      'those of a name': [['kind'], ['kind']],
      'those of several names': [
        ['kind', 'trace.id', 'none'],
        ['kind', 'trace.id'],
      ],
      'those of a prefix': [['trace.*'], ['trace.id', 'trace.parent', 'tracer']],
      'none for an empty list': [[], []],
    }
    for (const [is, [asked, names]] of Object.entries(filters)) {
      test(is, async () => {
        expect(Object.keys((await sent(all, asked)).attributes).sort()).toEqual([...names].sort())
      })
    }
  })

  describe('attributes are refused', () => {
    const bad: Record<string, Given> = {
      'that are more than ten': Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`a${i}`, 'x'])),
      'with an empty name': { '': 'x' },
      'with a name of 257 characters': { ['n'.repeat(257)]: 'x' },
      'with other characters in the name': { 'a b': 'x' },
      'with a reserved name': { 'AWS.kind': 'x' },
      'with a dot at the end of the name': { 'a.': 'x' },
      'with two dots in the name': { 'a..b': 'x' },
      'with an empty value': { a: '' },
      'of a type that there is not': { a: { type: 'Text', value: 'x' } },
      'of a number that is none': { a: { type: 'Number', value: 'five' } },
      'of a number of 39 digits': { a: { type: 'Number', value: '1'.repeat(39) } },
      'of a number out of range': { a: { type: 'Number', value: '1e127' } },
      'of half a surrogate pair': { a: '\ud800' },
      'of bytes that are a text': { a: { type: 'Binary', value: 'x' } },
    }
    for (const [is, attributes] of Object.entries(bad)) {
      test(`${is}, and nothing is sent`, async () => {
        const queue = world.queue() as Queue
        expect((await refusal(queue.send('x', { attributes }))).code).toBe(world.code('InvalidAttribute'))
        expect(await queue.stats()).toMatchObject({ ready: 0 })
      })
    }
  })

  describe('a message tells', () => {
    test('when it was sent, how often and when first it was received', async () => {
      const queue = world.queue({ partitions: 1 }) as Queue
      const before = Date.now()
      await queue.send('x')
      const after = Date.now()
      const [first] = (await queue.receive()) as [Message]
      expect(first.sentAt.getTime()).toBeGreaterThanOrEqual(before - 5)
      expect(first.sentAt.getTime()).toBeLessThanOrEqual(after + 5)
      expect(first.firstReceivedAt.getTime()).toBeGreaterThanOrEqual(first.sentAt.getTime() - 5)
      await first.release({ delay: 50 })
      const [second] = (await queue.receive({ wait: '5s' })) as [Message]
      expect([first.deliveries, second.deliveries]).toEqual([1, 2])
      expect(second.firstReceivedAt).toEqual(first.firstReceivedAt)
      expect(second.sentAt).toEqual(first.sentAt)
    })

    test('its sender and nothing else, again and again', async () => {
      const queue = world.queue({ partitions: 1 }) as Queue
      for (const body of ['x', 'y']) await queue.send(body, { sender: 'bob' })
      const messages = (await queue.receive({ max: 2 })) as Message[]
      expect(messages.map(({ body, sender }) => [body, sender])).toEqual([
        ['x', 'bob'],
        ['y', 'bob'],
      ])
    })

    test('its trace header and its sender, and none where there was none', async () => {
      const queue = world.queue({ partitions: 1 }) as Queue
      const trace = 'Root=1-5e3d83c1-e6a0db584ab0a2f4;Sampled=1'
      await queue.send('x', { trace, sender: 'AIDAEXAMPLE' })
      await queue.send('y')
      const [first, second] = (await queue.receive({ max: 2 })) as [Message, Message]
      expect([first.trace, first.sender]).toEqual([trace, 'AIDAEXAMPLE'])
      const nobody = world.store === 'endpoint' ? world.client.shared.namespace : undefined
      expect([second.trace, second.sender, second.group, second.attributes]).toEqual([undefined, nobody, undefined, {}])
    })

    test('on a FIFO queue also its group, deduplication id and sequence number', async () => {
      const queue = world.fifo() as Queue
      const options = { group: 'g', deduplicationId: 'd', attributes: { a: '1' }, trace: 't', sender: 's' }
      const { sequenceNumber } = await queue.send('x', options)
      const [message] = (await queue.receive({ wait: '5s' })) as [Message]
      expect(message).toMatchObject({ ...options, attributes: { a: { type: 'String', value: '1' } }, sequenceNumber })
    })

    needs('looks').test('the same to one who only looks', async () => {
      const queue = world.queue() as Queue
      await queue.send({ deep: [1] }, { attributes: { a: '1' }, trace: 't', group: 'g' })
      expect((await queue.peek()).messages).toMatchObject([{ body: { deep: [1] }, deliveries: 0 }])
      const [message] = (await queue.receive({ wait: '5s' })) as [Message]
      await message.reject('why')
      expect((await queue.deadLetters.list()).letters).toMatchObject([{ body: { deep: [1] }, error: 'why' }])
    })
  })
}, EVERYWHERE)
