import { describe, expect, test } from 'vitest'
import type { Message, Queue } from '../../lib/index.ts'
import type { BeyondSqs } from './endpoint/beyond.ts'
import { EVERYWHERE, over, refusal } from './world.ts'

async function one(queue: Queue<never> | Queue, wait: number | string = '10s'): Promise<Message> {
  const [message] = await (queue as Queue).receive({ wait })
  if (!message) throw new Error('nothing was received')
  return message
}

const gone = { ready: 0, delayed: 0, inFlight: 0, dead: 0 }

over((world) => {
  const { needs } = world

  describe('a receive', () => {
    test('answers nothing when there is nothing', async () => {
      expect(await world.queue().receive()).toEqual([])
    })

    test('takes as many as are asked for, oldest first', async () => {
      const queue = world.queue({ partitions: 1 })
      for (const body of [1, 2, 3, 4, 5]) await queue.send(body)
      expect((await queue.receive({ max: 3 })).map(({ body }) => body)).toEqual([1, 2, 3])
      expect((await queue.receive({ max: 3 })).map(({ body }) => body)).toEqual([4, 5])
    })

    test('hides a message from everybody else', async () => {
      const queue = world.queue()
      await queue.send('x')
      await one(queue)
      const other = world.same(await world.another(), queue)
      expect((await other.receive({ max: 10 })).length).toBe(0)
      expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 1 })
    })

    test('hands a message out again after its deadline, with the next numbers', async () => {
      const queue = world.queue({ visibility: 150 })
      await queue.send('x')
      const first = await one(queue)
      const second = await one(queue)
      expect([second.id, second.deliveries, second.attempts]).toEqual([first.id, 2, 2])
      if (world.store !== 'endpoint') expect(second.fence).toBeGreaterThan(first.fence)
      expect(Math.abs(second.firstReceivedAt.getTime() - first.firstReceivedAt.getTime())).toBeLessThan(60)
    })

    test('hands out what came back before the backlog', async () => {
      const queue = world.queue({ partitions: 1, visibility: 100 })
      await queue.send('old')
      await one(queue)
      await queue.send('new')
      await world.past(100)
      expect((await queue.receive({ max: 2 })).map(({ body }) => body)).toEqual(['old', 'new'])
    })

    test('can hide for another time than the queue says', async () => {
      const queue = world.queue({ visibility: '1h' })
      await queue.send('x')
      await queue.receive({ visibility: 100, wait: '5s' })
      expect((await one(queue)).deliveries).toBe(2)
    })

    needs('fences').test('gives rising fences in a partition', async () => {
      const queue = world.queue({ partitions: 1 })
      await queue.sendMany([1, 2, 3, 4].map((body) => ({ body })))
      const fences = [...(await queue.receive({ max: 2 })), ...(await queue.receive({ max: 2 }))].map(
        ({ fence }) => fence,
      )
      expect([...fences].sort((a, b) => a - b)).toEqual(fences)
      expect(new Set(fences).size).toBe(4)
    })

    const refused: Record<string, [code: string, options: object, beyond?: BeyondSqs]> = {
      'no message': ['InvalidOption', { max: 0 }],
      'too many': ['InvalidOption', { max: 501 }, 'options'],
      'half a message': ['InvalidOption', { max: 1.5 }],
      'too long a wait': ['InvalidDuration', { wait: '2h' }],
      'a wait without a unit': ['InvalidDuration', { wait: '20' }, 'options'],
      'too long a visibility': ['InvalidDuration', { visibility: '13h' }],
      'an option that there is not': ['UnknownOption', { visibilty: 5 }, 'options'],
    }
    for (const [name, [code, options, beyond]] of Object.entries(refused)) {
      needs(beyond).test(`of ${name} is refused`, async () => {
        expect((await refusal(world.queue().receive(options))).code).toBe(world.code(code))
      })
    }
  })

  describe('a message that was received', () => {
    async function received(options = {}): Promise<{ queue: Queue; message: Message }> {
      const queue = world.queue(options) as Queue
      await queue.send('x')
      return { queue, message: await one(queue) }
    }

    test('is gone once it is completed', async () => {
      const { queue, message } = await received()
      await message.complete()
      expect(await queue.stats()).toMatchObject(gone)
    })

    test('is gone once it is deleted', async () => {
      const { queue, message } = await received()
      await message.delete()
      expect(await queue.stats()).toMatchObject(gone)
    })

    test('can be completed again: it is done', async () => {
      const { message } = await received()
      await Promise.all([message.complete(), message.complete()])
      await message.complete()
      await message.delete()
    })

    test('stays hidden for as long as it is extended', async () => {
      const { queue, message } = await received()
      await message.extend('1h')
      const [hidden] = (await queue.peek({ state: 'inFlight' })).messages
      expect((hidden?.dueAt.getTime() ?? 0) - Date.now()).toBeGreaterThan(1_800_000)
      expect((await queue.receive()).length).toBe(0)
      await message.complete()
    })

    test('is receivable at once when it is extended by nothing', async () => {
      const { queue, message } = await received()
      await message.extend(0)
      expect((await one(queue)).deliveries).toBe(2)
    })

    test('is receivable at once when it is released, and the attempt counts', async () => {
      const { queue, message } = await received()
      await message.release()
      const again = await one(queue)
      expect([again.deliveries, again.attempts]).toEqual([2, 2])
    })

    needs('release').test('is receivable later when it is released with a delay', async () => {
      const { queue, message } = await received()
      await message.release({ delay: '1h' })
      expect(await queue.stats()).toMatchObject({ delayed: 1, inFlight: 0 })
      await queue.send('soon')
      const soon = await one(queue)
      await soon.release({ delay: 300 })
      expect((await one(queue)).id).toBe(soon.id)
    })

    test('is a dead letter when it is rejected', async () => {
      const { queue, message } = await received()
      await message.reject('no url')
      expect(await queue.stats()).toMatchObject({ ...gone, dead: 1 })
      const { letters } = await queue.deadLetters.list()
      expect(letters).toMatchObject([{ id: message.id, body: 'x', reason: 'rejected', error: 'no url', deliveries: 1 }])
    })

    test('takes only one of two ways at once', async () => {
      const { queue, message } = await received()
      const outcomes = await Promise.allSettled([message.release(), message.reject('no'), message.complete()])
      expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1)
      const { ready, inFlight, dead } = await queue.stats()
      expect(ready + inFlight + dead).toBeLessThanOrEqual(1)
    })

    const changes: Record<string, (message: Message) => Promise<void>> = {
      complete: (message) => message.complete('late'),
      delete: (message) => message.delete(),
      extend: (message) => message.extend('1m'),
      release: (message) => message.release(),
      reject: (message) => message.reject('late'),
    }
    for (const [name, change] of Object.entries(changes)) {
      const hides = name === 'extend' || name === 'release'
      needs(hides ? undefined : 'lostReceipts').test(`cannot be changed (${name}) by one who has lost it`, async () => {
        const { queue, message } = await received({ visibility: 100 })
        const next = (await queue.receive({ wait: '10s', visibility: '1h' }))[0] as Message
        expect((await refusal(change(message))).code).toBe(world.code('LostMessage'))
        expect(await queue.stats()).toMatchObject({ ...gone, inFlight: 1 })
        await next.complete()
        expect(await queue.stats()).toMatchObject(gone)
      })
    }

    needs('options').test('refuses bad arguments', async () => {
      const { message } = await received()
      expect((await refusal(message.extend('13h'))).code).toBe('InvalidDuration')
      expect((await refusal(message.release({ dely: 3 } as object))).code).toBe('UnknownOption')
      expect((await refusal(message.reject(5 as unknown as string))).code).toBe('InvalidOption')
      expect((await refusal(message.complete((() => 1) as never))).code).toBe('InvalidBody')
    })

    test('goes to the dead letters when it was received too often', async () => {
      const queue = world.queue({ visibility: 80, deadLetter: { maxReceives: 2 } })
      await queue.send('poison')
      await one(queue)
      await one(queue)
      await expect.poll(async () => [(await queue.receive()).length, (await queue.stats()).dead]).toEqual([0, 1])
      const { letters } = await queue.deadLetters.list()
      expect(letters).toMatchObject([{ body: 'poison', reason: 'maxReceives', deliveries: 2, attempts: 2 }])
    })
  })

  test('two clients never get one message at a time, and lose none', async () => {
    const queue = world.queue()
    const other = world.same(await world.another(), queue)
    const count = world.store === 'memory' || world.store === 'endpoint' ? 40 : 400
    await queue.sendMany(Array.from({ length: count }, (_, body) => ({ body })))
    const seen: unknown[] = []
    const take = async (from: Queue) => {
      for (;;) {
        const messages = await from.receive({ max: 7 })
        seen.push(...messages.map(({ body }) => body))
        await Promise.all(messages.map((message) => message.complete()))
        const { ready, inFlight } = await from.stats()
        if (ready + inFlight === 0) return
      }
    }
    await Promise.all([take(queue as Queue), take(other as Queue)])
    expect((seen as number[]).sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i))
  })
}, EVERYWHERE)
