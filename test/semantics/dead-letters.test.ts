import { describe, expect, test } from 'vitest'
import type { Message, Queue } from '../../lib/index.ts'
import { over, refusal } from './world.ts'

over((world) => {
  async function dead(queue: Queue<never, never> | Queue, ...bodies: string[]): Promise<string[]> {
    const ids: string[] = []
    for (const body of bodies) {
      const { id } = await (queue as Queue).send(body)
      const [message] = (await (queue as Queue).receive({ wait: '5s' })) as [Message]
      await message.reject(`no ${body}`)
      ids.push(id as string)
    }
    return ids
  }

  describe('dead letters', () => {
    test('are listed with their history, the oldest first, in pages', async () => {
      const queue = world.queue({ partitions: 1 })
      const ids = await dead(queue, 'a', 'b', 'c')
      const first = await queue.deadLetters.list({ limit: 2 })
      expect(first.letters).toMatchObject([
        { id: ids[0], body: 'a', reason: 'rejected', error: 'no a', deliveries: 1, attempts: 1 },
        { id: ids[1], body: 'b', error: 'no b' },
      ])
      const { sentAt, firstReceivedAt, diedAt } = first.letters[0] ?? {}
      for (const at of [sentAt, firstReceivedAt, diedAt]) expect(at).toBeInstanceOf(Date)
      const second = await queue.deadLetters.list({ limit: 2, cursor: first.cursor as string })
      expect(second).toMatchObject({ letters: [{ id: ids[2] }] })
      expect(second.cursor).toBeUndefined()
    })

    test('are counted over all partitions', async () => {
      const queue = world.queue({ partitions: 3 })
      expect(await queue.deadLetters.count()).toBe(0)
      await dead(queue, 'a', 'b', 'c', 'd')
      expect(await queue.deadLetters.count()).toBe(4)
      expect((await queue.deadLetters.list()).letters).toHaveLength(4)
    })

    test('are redriven: all, or those named, or the oldest', async () => {
      const queue = world.queue({ partitions: 1 })
      const ids = await dead(queue, 'a', 'b', 'c', 'd')
      expect(await queue.deadLetters.redrive({ ids: [ids[1] as string] })).toEqual({ redriven: 1, duplicates: 0 })
      expect(await queue.deadLetters.redrive({ limit: 1 })).toEqual({ redriven: 1, duplicates: 0 })
      const back = await queue.receive({ max: 10 })
      expect(back.map(({ body, deliveries, attempts }) => [body, deliveries, attempts]).sort()).toEqual([
        ['a', 2, 1],
        ['b', 2, 1],
      ])
      expect(await queue.deadLetters.redrive()).toEqual({ redriven: 2, duplicates: 0 })
      expect(await queue.deadLetters.count()).toBe(0)
    })

    test('stay when their key is another message’s now', async () => {
      const queue = world.queue()
      await queue.send('one', { idempotencyKey: 'k' })
      const [message] = await queue.receive({ wait: '5s' })
      await message?.reject('why')
      await queue.send('two', { idempotencyKey: 'k' })
      expect(await queue.deadLetters.redrive()).toEqual({ redriven: 0, duplicates: 1 })
      expect(await queue.deadLetters.count()).toBe(1)
    })

    test('have their key pending again once they are redriven', async () => {
      const queue = world.queue()
      const { id } = await queue.send('one', { idempotencyKey: 'k' })
      const [message] = await queue.receive({ wait: '5s' })
      await message?.reject('why')
      await queue.deadLetters.redrive()
      expect(await queue.send('one', { idempotencyKey: 'k' })).toEqual({ id, duplicate: true })
      expect((await refusal(queue.send('two', { idempotencyKey: 'k' }))).code).toBe('IdempotencyMismatch')
    })

    test('are removed: those named, the oldest, or all', async () => {
      const queue = world.queue({ partitions: 1 })
      const ids = await dead(queue, 'a', 'b', 'c', 'd')
      expect(await queue.deadLetters.remove({ ids: [ids[2] as string] })).toBe(1)
      expect(await queue.deadLetters.remove({ limit: 1 })).toBe(1)
      expect((await queue.deadLetters.list()).letters.map(({ body }) => body)).toEqual(['b', 'd'])
      expect(await queue.deadLetters.remove()).toBe(2)
      expect(await queue.deadLetters.remove()).toBe(0)
    })

    test('refuse bad options', async () => {
      const { deadLetters } = world.queue()
      expect((await refusal(deadLetters.list({ cursor: 'abc' }))).code).toBe('InvalidOption')
      expect((await refusal(deadLetters.list({ limit: 0 }))).code).toBe('InvalidOption')
      expect((await refusal(deadLetters.redrive({ ids: ['abc'] }))).code).toBe('InvalidName')
      expect((await refusal(deadLetters.remove({ id: 'abc' } as object))).code).toBe('UnknownOption')
    })
  })

  test('a long reason says how much of it is missing', async () => {
    const queue = world.queue()
    await queue.send('x')
    const [message] = await queue.receive({ wait: '5s' })
    await message?.reject(`${'é'.repeat(3_000)}!`)
    const { letters } = await queue.deadLetters.list()
    expect(letters[0]?.error).toMatch(/^é{2000}… \(1001 characters more\)$/)
  })
})

over(
  (world) => {
    test('many dead letters are redriven and removed in steps', async () => {
      const queue = world.queue({ partitions: 2 })
      await queue.sendMany(Array.from({ length: 450 }, (_, body) => ({ body })))
      for (let left = 450; left > 0; ) {
        const messages = await queue.receive({ max: 500 })
        await Promise.all(messages.map((message) => message.reject('why')))
        left -= messages.length
      }
      expect(await queue.deadLetters.redrive({ limit: 130 })).toEqual({ redriven: 130, duplicates: 0 })
      expect(await queue.deadLetters.redrive()).toEqual({ redriven: 320, duplicates: 0 })
      expect(await queue.stats()).toMatchObject({ ready: 450, dead: 0 })
    })
  },
  ['redis', 'valkey', 'cluster'],
  'speed',
)
