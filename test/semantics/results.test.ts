import { describe, expect, test } from 'vitest'
import type { Message, Queue } from '../../lib/index.ts'
import { over, refusal } from './world.ts'

over((world) => {
  const take = async (queue: Queue<never, never> | Queue): Promise<Message> => {
    const [message] = await (queue as Queue).receive({ wait: '5s' })
    return message as Message
  }
  type Answer = { id: string }

  // Less than after which one who waits looks again by itself, so that what comes in time was told.
  describe('a result', { timeout: 29_000 }, () => {
    test('is there at once when the message is done', async () => {
      const queue = world.queue()
      const sent = await queue.send('x')
      await (await take(queue)).complete({ sum: 3 })
      expect(await queue.result(sent)).toEqual({ sum: 3 })
      expect(await queue.result(sent.id as string)).toEqual({ sum: 3 })
    })

    test('is awaited', async () => {
      const queue = world.queue()
      const { id } = (await queue.send('x')) as Answer
      const result = queue.result(id)
      await (await take(queue)).complete('later')
      expect(await result).toBe('later')
    })

    test('is awaited by another client, and by several', async () => {
      const queue = world.queue()
      const { id } = (await queue.send('x')) as Answer
      const other = world.same(await world.another(), queue)
      const results = Promise.all([queue.result(id), other.result(id), other.result(id)])
      await other.stats()
      await (await take(queue)).complete('for all')
      expect(await results).toEqual(['for all', 'for all', 'for all'])
    })

    test('is found by the key', async () => {
      const queue = world.queue()
      await queue.send('x', { idempotencyKey: 'k' })
      const result = queue.result({ idempotencyKey: 'k' })
      await (await take(queue)).complete([1])
      expect(await result).toEqual([1])
    })

    test('is undefined when there was none, or when its record is gone', async () => {
      const queue = world.queue({ resultTtl: 0 })
      const { id } = (await queue.send('x')) as Answer
      await (await take(queue)).complete('not kept')
      expect(await queue.result(id)).toBeUndefined()
    })

    test('does not come in time', async () => {
      const queue = world.queue()
      const { id } = (await queue.send('x')) as Answer
      const error = await refusal(queue.result(id, { timeout: 150 }))
      expect(error).toMatchObject({ code: 'ResultTimeout', message: expect.stringContaining(id) })
      expect((await refusal(queue.result({ idempotencyKey: 'unknown' }, { timeout: 100 }))).code).toBe('ResultTimeout')
    })

    test('will never come, for the message is a dead letter', async () => {
      const queue = world.queue()
      const { id } = (await queue.send('x', { idempotencyKey: 'k' })) as Answer
      const [byId, byKey] = [refusal(queue.result(id)), refusal(queue.result({ idempotencyKey: 'k' }))]
      // Both are known to wait: a first look has told each that it is pending.
      await queue.stats()
      const message = await take(queue)
      await queue.stats()
      await message.reject('no url')
      for (const error of [await byId, await byKey, await refusal(queue.result(id))]) {
        expect(error).toMatchObject({ code: 'DeadLettered', message: expect.stringContaining('no url') })
      }
    })

    test('is no longer awaited when the signal aborts', async () => {
      const queue = world.queue()
      const { id } = (await queue.send('x')) as Answer
      const end = new AbortController()
      const result = queue.result(id, { signal: end.signal })
      setImmediate(() => end.abort(new Error('never mind')))
      await expect(result).rejects.toThrow('never mind')
    })

    test('is refused for what names no message', async () => {
      const queue = world.queue()
      expect((await refusal(queue.result({}))).code).toBe('InvalidOption')
      expect((await refusal(queue.result('abc'))).code).toBe('InvalidName')
      expect((await refusal(queue.result({ idempotencyKey: '' }))).code).toBe('InvalidName')
    })
  })
})
