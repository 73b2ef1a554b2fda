// Receives and completions that meet travel together; each is as if it were alone.
import { describe, expect, test } from 'vitest'
import type { Message } from '../../lib/index.ts'
import { bodies, waiting } from './waits.ts'
import { over } from './world.ts'

const COUNT = 100
const numbers = Array.from({ length: COUNT }, (_, i) => i)
const patience = 20_000

over((world) => {
  async function filled(count = COUNT) {
    const queue = world.queue<number>({ partitions: 1 })
    await queue.sendMany(numbers.slice(0, count).map((body) => ({ body })))
    return queue
  }

  describe('many receives at once', () => {
    test('get messages of their own, in order, and no more than there are', { timeout: patience }, async () => {
      const queue = await filled(COUNT - 10)
      const got = await Promise.all(numbers.map(() => queue.receive()))
      expect(got.flat().map(({ body }) => body)).toEqual(numbers.slice(0, COUNT - 10))
      expect(got.every(({ length }) => length <= 1)).toBe(true)
      expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: COUNT - 10 })
    })

    test('get at most as many as each asked for', { timeout: patience }, async () => {
      const queue = await filled(20)
      const got = await Promise.all([3, 1, 10, 2, 10].map((max) => queue.receive({ max })))
      expect(got.map(({ length }) => length)).toEqual([3, 1, 10, 2, 4])
    })

    test('hide their messages for as long as each says', { timeout: patience }, async () => {
      const queue = await filled(4)
      const [short, long] = (await Promise.all([
        queue.receive({ visibility: '1s' }),
        queue.receive({ visibility: '1h', max: 3 }),
      ])) as [Message[], Message[]]
      expect([short.length, long.length]).toEqual([1, 3])
      const [back, ...more] = await queue.receive({ max: 10, wait: '10s' })
      expect([back?.id, back?.deliveries, more.length]).toEqual([short[0]?.id, 2, 0])
    })

    test('take no more together than may be in flight', { timeout: patience }, async () => {
      const queue = world.queue<number>({ partitions: 1, maxInFlight: 5 })
      await queue.sendMany(numbers.slice(0, 10).map((body) => ({ body })))
      const got = await Promise.allSettled(numbers.slice(0, 8).map(() => queue.receive()))
      expect(got.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
      for (const one of got) if (one.status === 'rejected') expect(one.reason.code).toBe('OverLimit')
    })

    test('that wait get each a message as they come, and none twice', { timeout: patience }, async () => {
      const queue = world.queue<number>({ partitions: 1 })
      await queue.stats()
      const got = Promise.all(numbers.slice(0, 20).map(() => bodies(queue, { max: 1 })))
      await waiting(queue, 1)
      for (const body of numbers.slice(0, 20)) await queue.send(body)
      expect((await got).flat().sort((a, b) => Number(a) - Number(b))).toEqual(numbers.slice(0, 20))
    })

    test('lose nothing when some are given up', { timeout: patience }, async () => {
      const queue = await filled()
      const ends = numbers.map(() => new AbortController())
      const got = numbers.map((i) => queue.receive({ visibility: '1h', signal: (ends[i] as AbortController).signal }))
      const told = Promise.allSettled(got)
      for (const i of numbers) if (i % 3 > 0) (ends[i] as AbortController).abort(new Error('never mind'))
      await new Promise(setImmediate)
      for (const end of ends) end.abort(new Error('never mind'))
      const taken = (await told).filter(({ status }) => status === 'fulfilled').length
      await expect.poll(() => queue.stats()).toMatchObject({ ready: COUNT - taken, inFlight: taken })
      expect((await queue.receive({ max: 1 })).every(({ attempts }) => attempts === 1)).toBe(true)
    })
  })

  test('deletes at once have each their own outcome', { timeout: patience }, async () => {
    const queue = await filled(30)
    const messages = await queue.receive({ max: 30, visibility: '1h' })
    for (const message of messages.slice(0, 10)) await message.release()
    const again = await queue.receive({ max: 5 })
    const told = await Promise.allSettled(messages.map(({ receipt }) => queue.delivery(receipt).delete()))
    // Five are in other hands, five are back in the queue: those receipts are lost.
    expect(told.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 10 }, () => 'rejected'),
      ...Array.from({ length: 20 }, () => 'fulfilled'),
    ])
    for (const one of told) if (one.status === 'rejected') expect(one.reason.code).toBe('LostMessage')
    expect(again).toHaveLength(5)
    expect(await queue.stats()).toMatchObject({ ready: 5, inFlight: 5 })
  })

  test('receives of a FIFO queue at once never share a group', { timeout: patience }, async () => {
    const queue = world.fifo<number>({ partitions: 1 })
    await queue.sendMany(
      numbers.slice(0, 20).map((body) => ({ body, group: `g${body % 4}`, deduplicationId: `${body}` })),
    )
    const got = await Promise.all(numbers.slice(0, 10).map(() => queue.receive({ max: 2 })))
    const groups = got.map((messages) => new Set(messages.map(({ group }) => group)))
    const all = groups.flatMap((group) => [...group])
    expect(new Set(all).size).toBe(all.length)
    expect(all.length).toBe(4)
  })
})
