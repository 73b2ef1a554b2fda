// Dead-letter queues of their own: what dies goes there, keeps its id and says where it came from.
import { describe, expect, test } from 'vitest'
import type { Message } from '../../lib/index.ts'
import { until } from '../crash/until.ts'
import { die, pair } from './dead-letter-pairs.ts'
import { EVERYWHERE, over, refusal } from './world.ts'

const numbers = ({ id, body, deliveries, attempts }: Message<string>) => [id, body, deliveries, attempts]

over((world) => {
  const { needs } = world

  describe('a message that dies where there is a dead-letter queue', () => {
    needs('reasons').test('comes there with its id, its deliveries, and why', async () => {
      const { source, dead } = await pair(world)
      const [id] = await die(source, dead, 'a')
      const [message] = (await dead.receive({ wait: '5s' })) as [Message<string>]
      expect(numbers(message)).toEqual([id, 'a', 2, 1])
      expect(message.deadLetterSource).toBe(source.name)
      expect(message.deadLetter).toEqual({
        source: source.name,
        reason: 'rejected',
        error: 'no a',
        diedAt: expect.any(Date),
      })
      expect(await source.stats()).toMatchObject({ ready: 0, inFlight: 0, dead: 0, moving: 0 })
      await message.complete()
      expect(await dead.stats()).toMatchObject({ ready: 0, inFlight: 0 })
    })

    test('goes there on the receive that finds it spent', async () => {
      const { source, dead } = await pair(world)
      await source.send('x')
      const [first] = (await source.receive({ wait: '5s' })) as [Message<string>]
      await first.release()
      expect(await source.receive()).toEqual([])
      const [message] = (await dead.receive({ wait: '5s' })) as [Message<string>]
      expect(message.deadLetterSource).toBe(source.name)
    })

    needs('results').test('is answered as dead to who awaits it, and is not stored again by its id', async () => {
      const { source, dead } = await pair(world)
      const [id] = (await die(source, dead, 'a')) as [string]
      expect(await refusal(source.result(id))).toMatchObject({ code: 'DeadLettered', message: /rejected no a/ })
      expect(await source.send('a', { id })).toEqual({ id })
      expect(await source.stats()).toMatchObject({ ready: 0 })
    })

    needs('lostReceipts').test('is lost to who had it', async () => {
      const { source, dead } = await pair(world)
      await source.send('x')
      const [message] = (await source.receive({ wait: '5s', visibility: 0 })) as [Message<string>]
      await until('it is spent', async () => {
        await source.receive()
        return (await dead.stats()).ready === 1
      })
      expect((await refusal(message.complete())).code).toBe('LostMessage')
    })

    needs('keys').test('frees its key, and holds none in the dead-letter queue', async () => {
      const { source, dead } = await pair(world)
      await source.send('one', { idempotencyKey: 'k' })
      const [message] = (await source.receive({ wait: '5s' })) as [Message<string>]
      await message.reject('why')
      expect(await source.send('two', { idempotencyKey: 'k' })).not.toHaveProperty('duplicate')
      const [letter] = (await dead.receive({ wait: '5s' })) as [Message<string>]
      await letter.complete()
      expect(await dead.send('three', { idempotencyKey: 'k' })).not.toHaveProperty('duplicate')
    })

    test('wakes who waits there', async () => {
      const { source, dead } = await pair(world)
      const waiting = dead.receive({ wait: '10s' })
      await source.send('x')
      const [message] = (await source.receive({ wait: '5s' })) as [Message<string>]
      await message.reject('why')
      expect(await waiting).toMatchObject([{ body: 'x' }])
    })

    needs('reasons').test('dies there for good, or goes on to a third queue', async () => {
      const last = world.queue<string>()
      await last.stats()
      const middle = world.queue<string>({ deadLetter: { queue: last.name, maxReceives: 1 } })
      await middle.stats()
      const first = world.queue<string>({ deadLetter: { queue: middle.name, maxReceives: 1 } })
      const [id] = await die(first, middle, 'x')
      const [message] = (await middle.receive({ wait: '5s' })) as [Message<string>]
      await message.reject('again')
      const [letter] = (await last.receive({ wait: '5s' })) as [Message<string>]
      expect(numbers(letter)).toEqual([id, 'x', 3, 1])
      expect(letter.deadLetter).toMatchObject({ source: middle.name, error: 'again' })
      await letter.reject('for good')
      expect((await last.deadLetters.list()).letters).toMatchObject([{ id, body: 'x', error: 'for good' }])
    })

    test('stays a dead letter of its queue where the dead-letter queue is gone', async () => {
      const { source, dead } = await pair(world)
      await world.client.queues.remove(dead.name)
      await source.send('x')
      const [message] = (await source.receive({ wait: '5s' })) as [Message<string>]
      await message.reject('why')
      await until('it is a dead letter', async () => (await source.stats()).dead === 1)
      expect(await source.stats()).toMatchObject({ moving: 0 })
      expect((await source.deadLetters.list()).letters).toMatchObject([{ body: 'x', reason: 'rejected', error: 'why' }])
      expect(await source.deadLetters.redrive()).toEqual({ redriven: 1, duplicates: 0 })
    })

    test('from several partitions, and many', async () => {
      const { source, dead } = await pair(world, { partitions: 3 })
      const bodies = Array.from({ length: 30 }, (_, i) => `m${i}`)
      const ids = await die(source, dead, ...bodies)
      const found: Message<string>[] = []
      while (found.length < 30) found.push(...(await dead.receive({ max: 30, wait: '5s' })))
      expect(found.map(({ id }) => id).sort()).toEqual([...ids].sort())
      expect(found.map(({ body }) => body).sort()).toEqual([...bodies].sort())
    })
  })
}, EVERYWHERE)
