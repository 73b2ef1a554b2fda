import { describe, expect, test } from 'vitest'
import { EVERYWHERE, over, refusal } from './world.ts'

over((world) => {
  const { needs } = world

  describe('stats', () => {
    test('count each state over all partitions', async () => {
      const queue = world.queue({ partitions: 2 })
      expect(await queue.stats()).toEqual({
        ready: 0,
        delayed: 0,
        inFlight: 0,
        dead: 0,
        moving: 0,
        oldestAge: 0,
        processed: 0,
      })
      for (const body of ['a', 'b', 'c', 'd']) await queue.send(body)
      await queue.send('e', { delay: '15m' })
      await queue.send('f', { delay: '15m', idempotencyKey: 'k' })
      const [one] = await queue.receive()
      const [two] = await queue.receive()
      await queue.receive()
      await one?.reject('why')
      await two?.complete()
      expect(await queue.stats()).toMatchObject({ ready: 1, delayed: 2, inFlight: 1, dead: 1, processed: 0 })
    })

    test('say how old the oldest message is', async () => {
      const queue = world.queue()
      await queue.send('x')
      await expect.poll(async () => (await queue.stats()).oldestAge).toBeGreaterThan(20)
      expect((await queue.stats()).oldestAge).toBeLessThan(20_000)
    })
  })

  needs('looks').describe('peek', () => {
    test('shows all messages, page by page, and receives none', async () => {
      const queue = world.queue({ partitions: 2 })
      const sent = await queue.sendMany(Array.from({ length: 7 }, (_, body) => ({ body })))
      const found: string[] = []
      let cursor: string | undefined
      do {
        const page = await queue.peek({ limit: 3, ...(cursor !== undefined && { cursor }) })
        found.push(...page.messages.map(({ id }) => id))
        cursor = page.cursor
      } while (cursor !== undefined && found.length < 20)
      expect(found.sort()).toEqual(sent.map((one) => ('id' in one ? one.id : '')).sort())
      expect((await queue.stats()).ready).toBe(7)
    })

    test('shows what a message is and when it falls due', async () => {
      const queue = world.queue({ partitions: 1 })
      const { id } = await queue.send({ a: 1 }, { delay: '15m' })
      const { messages, cursor } = await queue.peek()
      expect(cursor).toBeUndefined()
      expect(messages).toMatchObject([{ id, body: { a: 1 }, deliveries: 0 }])
      expect((messages[0]?.dueAt.getTime() ?? 0) - Date.now()).toBeGreaterThan(800_000)
    })

    test('shows what is in flight, and its deliveries', async () => {
      const queue = world.queue({ partitions: 1 })
      await queue.send('x')
      const [message] = await queue.receive()
      await message?.release()
      await queue.receive()
      const { messages } = await queue.peek({ state: 'inFlight' })
      expect(messages).toMatchObject([{ id: message?.id, deliveries: 2 }])
      expect((messages[0]?.dueAt.getTime() ?? 0) - Date.now()).toBeGreaterThan(10_000)
    })

    needs('options').test('refuses bad options', async () => {
      const queue = world.queue()
      expect((await refusal(queue.peek({ state: 'dead' as 'ready' }))).code).toBe('InvalidOption')
      expect((await refusal(queue.peek({ cursor: '99_0_0' }))).code).toBe('InvalidOption')
      expect((await refusal(queue.peek({ limits: 5 } as object))).code).toBe('UnknownOption')
    })
  })

  describe('pause', () => {
    test('stops receiving in every client, and nothing else', async () => {
      const queue = world.queue()
      await queue.send('a')
      const [message] = await queue.receive()
      const other = world.same(await world.another(), queue)
      await queue.pause()
      await other.send('b')
      expect(await other.receive()).toHaveLength(0)
      await message?.complete()
      expect((await other.attributes()).paused).toBe(true)
      await other.resume()
      expect((await queue.attributes()).paused).toBe(false)
      expect((await queue.receive({ wait: '5s' })).map(({ body }) => body)).toEqual(['b'])
    })
  })

  describe('purge', () => {
    test('removes what is ready, delayed and in flight, not what is dead', async () => {
      const queue = world.queue({ partitions: 2 })
      for (const body of ['a', 'b', 'c']) await queue.send(body)
      await queue.send('d', { delay: '15m' })
      const [one] = await queue.receive()
      await one?.reject('why')
      const [two] = await queue.receive()
      await queue.purge()
      expect(await queue.stats()).toMatchObject({ ready: 0, delayed: 0, inFlight: 0, dead: 1 })
      expect((await refusal(two?.extend('1m') as Promise<void>)).code).toBe('MessageNotInFlight')
    })
  })
}, EVERYWHERE)
