import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { over, refusal } from './world.ts'

over((world) => {
  describe('a schema', () => {
    const video = z.object({ url: z.url(), size: z.coerce.number().default(1) })

    test('checks what is sent', async () => {
      const queue = world.queue({ schema: video })
      const error = await refusal(queue.send({ url: 'nowhere' } as never))
      expect(error.code).toBe('SchemaMismatch')
      expect(error.message).toMatch(/url/)
      const outcomes = await queue.sendMany([{ body: { url: 'x:y' } as never }, { body: {} as never }])
      expect(outcomes).toMatchObject([{ id: expect.any(String) }, { error: { code: 'SchemaMismatch' } }])
      expect((await queue.stats()).ready).toBe(1)
    })

    test('gives what it makes of a body, and puts misfits aside', async () => {
      const plain = world.queue({ partitions: 1 })
      for (const body of [{ url: 'http://a/', size: '7' }, { url: 5 }, 'text', { url: 'http://b/' }])
        await plain.send(body)
      const queue = world.client.queue(plain.name, { schema: video })
      const messages = await queue.receive({ max: 10 })
      expect(messages.map(({ body }) => body)).toEqual([
        { url: 'http://a/', size: 7 },
        { url: 'http://b/', size: 1 },
      ])
      const { letters } = await plain.deadLetters.list()
      expect(letters.map(({ body, reason }) => [body, reason])).toEqual([
        [{ url: 5 }, 'rejected'],
        ['text', 'rejected'],
      ])
      expect(letters[0]?.error).toMatch(/url/)
    })
  })

  describe("a queue of body: 'json'", () => {
    test('parses what is text, and leaves the rest', async () => {
      const queue = world.queue({ body: 'json', partitions: 1 })
      for (const body of ['{"a":[1,null]}', '"x"', '5', { b: 2 }]) await queue.send(body)
      const messages = await queue.receive({ max: 10 })
      expect(messages.map(({ body }) => body)).toEqual([{ a: [1, null] }, 'x', 5, { b: 2 }])
    })

    test('puts text that is not JSON aside where there is a schema', async () => {
      const plain = world.queue({ partitions: 1 })
      for (const body of ['{"a":', '{"a":1}']) await plain.send(body)
      const queue = world.client.queue(plain.name, { body: 'json', schema: z.object({ a: z.number() }) })
      expect((await queue.receive({ max: 10 })).map(({ body }) => body)).toEqual([{ a: 1 }])
      expect(await plain.deadLetters.count()).toBe(1)
    })
  })
})
