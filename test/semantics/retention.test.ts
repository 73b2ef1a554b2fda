// Messages that are too old are not delivered. Ids tell when their messages were sent, so a test sends old ones by their ids.
import { describe, expect, test } from 'vitest'
import type { Message, Queue, QueueOptions } from '../../lib/index.ts'
import { EVERYWHERE, over, refusal } from './world.ts'

const MINUTE = 60_000

/** An id of partition 0 that was made so many ms ago. */
function idOf(age: number): string {
  const time = Math.floor(Date.now() - age)
    .toString(16)
    .padStart(12, '0')
  const rest = Math.floor(Math.random() * 0xffffffffffff)
    .toString(16)
    .padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8abc-${rest}`
}

const types = ['standard', 'FIFO', 'fair'] as const

over((world) => {
  const { needs } = world
  function queueOf(type: (typeof types)[number], options: QueueOptions = {}): Queue {
    if (type === 'FIFO') return world.fifo({ partitions: 1, ...options }) as Queue
    return world.queue({ partitions: 1, ...options }) as Queue
  }

  async function send(queue: Queue, type: (typeof types)[number], body: string, age?: number) {
    const id = age === undefined ? {} : { id: idOf(age) }
    const group = type === 'standard' ? {} : { group: 'g' }
    return queue.send(body, { ...id, ...group, ...(type === 'FIFO' && { deduplicationId: body }) })
  }

  const bodies = (messages: Message[]) => messages.map(({ body }) => body)

  for (const type of types) {
    describe(`on a ${type} queue a message`, () => {
      test('older than the retention is not delivered, and is gone', async () => {
        const queue = queueOf(type, { retention: '1m' })
        await send(queue, type, 'old', 2 * MINUTE)
        await send(queue, type, 'young', MINUTE / 2)
        await send(queue, type, 'new')
        expect(bodies(await queue.receive({ max: 10 }))).toEqual(['young', 'new'])
        expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 2, dead: 0 })
      })

      test('that is too old does not hide that there are no others', async () => {
        const queue = queueOf(type, { retention: '1m' })
        for (let i = 0; i < 5; i++) await send(queue, type, `old${i}`, 2 * MINUTE)
        expect(await queue.receive()).toEqual([])
        expect(await queue.stats()).toMatchObject({ ready: 0, delayed: 0 })
      })

      test('that comes back too old is not delivered again', async () => {
        const queue = queueOf(type)
        await send(queue, type, 'x', 2 * MINUTE)
        const [message] = (await queue.receive()) as [Message]
        await queue.configure({ retention: '1m' })
        await message.release()
        expect(await queue.receive()).toEqual([])
        expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 0, dead: 0 })
      })

      test('whose deadline has passed is not delivered again when it is too old', async () => {
        const queue = queueOf(type)
        await send(queue, type, 'x', 2 * MINUTE)
        await queue.configure({ retention: '1m' })
        await queue.configure({ retention: '5m' })
        expect((await queue.receive({ visibility: 20 })).length).toBe(1)
        await queue.configure({ retention: '1m' })
        await world.past(20)
        expect(await queue.receive()).toEqual([])
        expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 0 })
      })

      test('that is in flight can be completed however old it is', async () => {
        const queue = queueOf(type)
        await send(queue, type, 'x', 2 * MINUTE)
        const [message] = (await queue.receive()) as [Message]
        await queue.configure({ retention: '1m' })
        await message.complete()
        expect(await queue.stats()).toMatchObject({ inFlight: 0 })
      })
    })
  }

  test('a change of the retention concerns messages that are there', async () => {
    const queue = queueOf('standard')
    await send(queue, 'standard', 'x', 2 * MINUTE)
    await queue.configure({ retention: '1m' })
    expect(await queue.receive()).toEqual([])
  })

  needs('keys').test('a key is free again when its message was too old', async () => {
    const queue = queueOf('standard', { retention: '1m' })
    await queue.send('x', { id: idOf(2 * MINUTE), idempotencyKey: 'k' })
    expect(await queue.receive()).toEqual([])
    expect((await queue.send('x', { idempotencyKey: 'k' })).duplicate).toBeUndefined()
  })

  test('a message that was redriven begins its age anew', async () => {
    const queue = queueOf('standard')
    await send(queue, 'standard', 'x', 2 * MINUTE)
    const [message] = (await queue.receive()) as [Message]
    await message.reject('later')
    await queue.configure({ retention: '1m' })
    await queue.deadLetters.redrive()
    expect(bodies(await queue.receive())).toEqual(['x'])
  })

  describe('the age of a dead letter', () => {
    /** A message of two minutes ago that dies now, in its dead-letter queue. */
    async function deadOf(type: 'standard' | 'FIFO'): Promise<Queue> {
      const dead = queueOf(type)
      await dead.stats()
      const source = queueOf(type, { deadLetter: { queue: dead.name, maxReceives: 1 } })
      await send(source, type, 'x', 2 * MINUTE)
      const [message] = (await source.receive()) as [Message]
      await message.reject('no')
      await expect.poll(async () => (await dead.stats()).ready).toBe(1)
      return dead
    }

    test('goes on from its send in the dead-letter queue of a standard queue', async () => {
      const dead = await deadOf('standard')
      await dead.configure({ retention: '1m' })
      expect(await dead.receive()).toEqual([])
    })

    test('begins anew in the dead-letter queue of a FIFO queue', async () => {
      const dead = await deadOf('FIFO')
      await dead.configure({ retention: '1m' })
      expect(bodies(await dead.receive())).toEqual(['x'])
    })

    for (const type of ['standard', 'FIFO'] as const) {
      test(`begins anew when it is moved back, on a ${type} queue`, async () => {
        const dead = await deadOf(type)
        const to = queueOf(type, { retention: '1m' })
        await to.stats()
        await world.client.moves.start({ from: dead.name, to: to.name })
        expect(bodies(await to.receive({ wait: '10s' }))).toEqual(['x'])
      })
    }
  })

  test('a group goes on when its head is too old', async () => {
    const queue = queueOf('FIFO', { retention: '1m' })
    await send(queue, 'FIFO', 'old', 2 * MINUTE)
    await send(queue, 'FIFO', 'next')
    const [message] = (await queue.receive()) as [Message]
    expect(message.body).toBe('next')
    await message.complete()
    await send(queue, 'FIFO', 'last')
    expect(bodies(await queue.receive())).toEqual(['last'])
  })

  needs('options').describe('a retention is refused', () => {
    const bad: Record<string, [code: string, options: QueueOptions]> = {
      'of less than a minute': ['InvalidDuration', { retention: '59s' }],
      'of more than 365 days': ['InvalidDuration', { retention: '366d' }],
    }
    for (const [is, [code, options]] of Object.entries(bad)) {
      test(is, async () => {
        expect((await refusal(() => world.queue(options))).code).toBe(code)
      })
    }

    test('by a message whose delay is longer', async () => {
      const queue = queueOf('standard', { retention: '1m' })
      expect((await refusal(queue.send('x', { delay: '2m' }))).code).toBe('InvalidOption')
      expect(await queue.stats()).toMatchObject({ ready: 0, delayed: 0 })
    })
  })
}, EVERYWHERE)
