import { describe, expect, test } from 'vitest'
import type { Queue } from '../../lib/index.ts'
import type { BeyondSqs } from './endpoint/beyond.ts'
import { EVERYWHERE, over, refusal, type World } from './world.ts'

async function bodies(queue: Queue, max = 100): Promise<unknown[]> {
  const messages = await queue.receive({ max, wait: '5s' })
  return messages.map(({ body }) => body)
}

/** Stores to which many messages take long. */
const FEWER = new Set<World['store']>(['memory', 'endpoint'])

over((world) => {
  const { needs } = world

  describe('a send', () => {
    test('is answered with an id, and received with what was sent', async () => {
      const queue = world.queue()
      const { id, duplicate } = await queue.send({ hello: 'world' })
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      expect(duplicate).toBeUndefined()
      const [message] = await queue.receive({ wait: '5s' })
      expect(message).toMatchObject({ id, body: { hello: 'world' }, deliveries: 1, attempts: 1 })
      expect(Math.abs((message?.sentAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000)
    })

    const kinds: Record<string, [body: unknown, beyond?: BeyondSqs]> = {
      'an empty text': ['', 'values'],
      'a text with letters of all kinds': ['grüße 你好 🪃 \r\n'],
      'a text with a letter that XML does not have': ['a\0', 'values'],
      null: [null],
      'a number': [-1.5],
      'a date': [new Date(1_700_000_000_000), 'values'],
      'a deep value': [{ list: [1, 'two', { three: [null, true] }], 'key with spaces': {}, '': [] }],
    }
    for (const [name, [body, beyond]] of Object.entries(kinds)) {
      needs(beyond).test(`brings back ${name}`, async () => {
        const queue = world.queue()
        await queue.send(body)
        expect(await bodies(queue)).toEqual([body])
      })
    }

    needs('values').test('brings back bytes as they were', async () => {
      const queue = world.queue()
      const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)
      await queue.send(bytes)
      const [body] = (await bodies(queue)) as [Buffer]
      expect([...body]).toEqual([...bytes])
    })

    test('with a delay is not received before', async () => {
      const queue = world.queue()
      await queue.send('later', { delay: '1s' })
      await queue.send('now')
      expect(await bodies(queue, 10)).toEqual(['now'])
      expect(await queue.stats()).toMatchObject({ ready: 0, delayed: 1 })
      expect(await bodies(queue, 10)).toEqual(['later'])
    })

    test("gets the queue's delay unless it has one", async () => {
      const queue = world.queue({ delay: '15m' })
      await queue.send('usual')
      await queue.send('own', { delay: 0 })
      expect(await bodies(queue)).toEqual(['own'])
      expect(await queue.stats()).toMatchObject({ delayed: 1 })
    })

    needs('keys').test('again by its id stores nothing twice, before and after the completion', async () => {
      const queue = world.queue()
      const { id } = (await queue.send('once')) as { id: string }
      expect(await queue.send('once', { id })).toEqual({ id })
      const [message] = await queue.receive()
      expect(await queue.send('once', { id })).toEqual({ id })
      await message?.complete()
      expect(await queue.send('once', { id })).toEqual({ id })
      expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 0 })
    })

    test('of many at once answers each with its own id', async () => {
      const queue = world.queue()
      const count = FEWER.has(world.store) ? 50 : 1_200
      const sent = await Promise.all(Array.from({ length: count }, (_, i) => queue.send(i)))
      expect(new Set(sent.map(({ id }) => id)).size).toBe(count)
      expect((await queue.stats()).ready).toBe(count)
    })

    test('whose signal has aborted is not sent', async () => {
      const queue = world.queue()
      await expect(queue.send('x', { signal: AbortSignal.abort(new Error('never mind')) })).rejects.toThrow(
        'never mind',
      )
      expect((await queue.stats()).ready).toBe(0)
    })
  })

  describe('a send is refused, and nothing written,', () => {
    const refused: Record<
      string,
      [code: string, send: (queue: Queue) => Promise<unknown>, message?: RegExp, beyond?: BeyondSqs]
    > = {
      'for a body that is undefined': ['InvalidBody', (queue) => queue.send(undefined), /undefined/, 'values'],
      'for a body that cannot be stored, with its path': [
        'InvalidBody',
        (queue) => queue.send({ list: [1, { call: () => 1 }] }),
        /body\.list\[1\]\.call/,
        'values',
      ],
      'for a body that is too large': ['MessageTooLarge', (queue) => queue.send('x'.repeat(2_049)), /2048/],
      'for a bad delay': [
        'InvalidDuration',
        (queue) => queue.send('x', { delay: '3 weeks' }),
        /delay.*'3 weeks'/,
        'options',
      ],
      'for a delay that is too long': [
        'InvalidDuration',
        (queue) => queue.send('x', { delay: '366d' }),
        /365d/,
        'options',
      ],
      'for a key that is empty': ['InvalidName', (queue) => queue.send('x', { idempotencyKey: '' }), /./, 'keys'],
      'for a key that is too long': [
        'InvalidName',
        (queue) => queue.send('x', { idempotencyKey: 'k'.repeat(513) }),
        /./,
        'keys',
      ],
      'for an id that is none': ['InvalidName', (queue) => queue.send('x', { id: 'abc' }), /abc/, 'keys'],
      'for an id of another version': [
        'InvalidName',
        (queue) => queue.send('x', { id: '9b2c8a52-1c1c-4d6f-8a00-3c9f1e5a7b60' }),
        /./,
        'keys',
      ],
      'for an id of a partition that there is not': [
        'InvalidName',
        (queue) => queue.send('x', { id: '0190a5c2-1c1c-7fff-8a00-3c9f1e5a7b60' }),
        /./,
        'keys',
      ],
      'for an option that there is not, and says which was meant': [
        'UnknownOption',
        (queue) => queue.send('x', { dealy: 5 } as object),
        /`dealy`.*`delay`/,
        'options',
      ],
      'for options that are no object': [
        'InvalidOption',
        (queue) => queue.send('x', 5 as unknown as object),
        /./,
        'options',
      ],
    }
    for (const [name, [code, send, message = /./, beyond]] of Object.entries(refused)) {
      needs(beyond).test(name, async () => {
        const queue = world.queue({ maxMessageSize: 2_048 })
        await queue.stats()
        const error = await refusal(() => send(queue as Queue))
        expect(error.code).toBe(world.code(code))
        expect(error.message).toMatch(message)
        expect(await queue.stats()).toMatchObject({ ready: 0, delayed: 0 })
      })
    }

    test('but not for a body just small enough', async () => {
      const queue = world.queue({ maxMessageSize: 2_048 })
      await queue.send('x'.repeat(2_048))
      expect((await queue.stats()).ready).toBe(1)
    })
  })

  describe('sendMany', () => {
    needs('keys').test('answers each entry for itself, in order', async () => {
      const queue = world.queue({ maxMessageSize: 1_024 })
      const outcomes = await queue.sendMany([
        { body: 'one' },
        { body: 'x'.repeat(2_000) },
        { body: 'two', delay: '15m' },
        { body: 'three', idempotencyKey: 'k' },
        { body: 'three', idempotencyKey: 'k' },
        { body: 'four', idempotencyKey: 'k' },
        { body: () => 1 },
        { body: 'five', priority: 5 } as { body: string },
      ])
      const shown = outcomes.map((outcome) =>
        'error' in outcome ? (outcome.error as { code?: string }).code : outcome,
      )
      const id = expect.any(String)
      expect(shown).toEqual([
        { id },
        'MessageTooLarge',
        { id },
        { id },
        { id, duplicate: true },
        'IdempotencyMismatch',
        'InvalidBody',
        'UnknownOption',
      ])
      expect(await queue.stats()).toMatchObject({ ready: 2, delayed: 1 })
    })

    test('takes any iterable of any length', async () => {
      const queue = world.queue()
      const count = FEWER.has(world.store) ? 60 : 2_500
      function* entries() {
        for (let i = 0; i < count; i++) yield { body: i }
      }
      const outcomes = await queue.sendMany(entries())
      expect(outcomes).toHaveLength(count)
      expect((await queue.stats()).ready).toBe(count)
    })

    test('of nothing answers nothing', async () => {
      expect(await world.queue().sendMany([])).toEqual([])
    })

    test('keeps the order of what it sends', async () => {
      const queue = world.queue({ partitions: 1 })
      await queue.sendMany(Array.from({ length: 40 }, (_, body) => ({ body })))
      expect(await bodies(queue)).toEqual(Array.from({ length: 40 }, (_, i) => i))
    })
  })
}, EVERYWHERE)
