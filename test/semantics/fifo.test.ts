// FIFO queues: the order of a group, and what holds it up.
import { describe, expect, test } from 'vitest'
import type { Message, Queue, QueueOptions } from '../../lib/index.ts'
import { EVERYWHERE, over, refusal } from './world.ts'

const bodies = (messages: Message[]) => messages.map(({ body }) => body)

/** Sends bodies to a group: each named by the group and a number. */
async function give(queue: Queue, ...names: string[]): Promise<void> {
  for (const name of names) await queue.send(name, { group: name.slice(0, 1) })
}

over((world) => {
  const { needs } = world
  const fifo = (options: QueueOptions = {}) =>
    world.fifo({ partitions: 1, contentBasedDeduplication: true, ...options }) as Queue

  describe('a group', () => {
    test('comes in the order in which it was sent, several in one receive', async () => {
      const queue = fifo()
      await give(queue, 'a1', 'a2', 'a3', 'a4')
      expect(bodies(await queue.receive({ max: 3 }))).toEqual(['a1', 'a2', 'a3'])
    })

    test('is locked while one of its messages is in flight, and other groups go on', async () => {
      const queue = fifo()
      await give(queue, 'a1', 'a2', 'b1')
      const [first] = (await queue.receive()) as [Message]
      expect(first.body).toBe('a1')
      expect(bodies(await queue.receive({ max: 10 }))).toEqual(['b1'])
      expect(bodies(await queue.receive({ max: 10 }))).toEqual([])
      await first.complete()
      expect(bodies(await queue.receive({ max: 10 }))).toEqual(['a2'])
    })

    test('is locked until all that were received of it are done', async () => {
      const queue = fifo()
      await give(queue, 'a1', 'a2', 'a3')
      const [first, second] = (await queue.receive({ max: 2 })) as [Message, Message]
      await first.complete()
      expect(bodies(await queue.receive())).toEqual([])
      await second.complete()
      expect(bodies(await queue.receive())).toEqual(['a3'])
    })

    test('that has much waiting does not hold up the others', async () => {
      const queue = fifo()
      await give(queue, ...Array.from({ length: 20 }, (_, i) => `a${i}`), 'b1', 'c1')
      expect(bodies(await queue.receive({ max: 3 }))).toEqual(['a0', 'a1', 'a2'])
      expect(bodies(await queue.receive({ max: 3 }))).toEqual(['b1', 'c1'])
    })

    test('comes again from its head when the deadline has passed', async () => {
      const queue = fifo({ visibility: 200 })
      await give(queue, 'a1', 'a2', 'a3')
      await queue.receive({ max: 2 })
      const again = await queue.receive({ max: 10, wait: '10s', visibility: '1h' })
      expect(again.map(({ body, deliveries }) => [body, deliveries])).toEqual([
        ['a1', 2],
        ['a2', 2],
        ['a3', 1],
      ])
    })

    test('gives nothing while its head is invisible, though a later message is visible', async () => {
      const queue = fifo()
      await give(queue, 'a1', 'a2', 'a3')
      const [, second] = (await queue.receive({ max: 2 })) as [Message, Message]
      await second.extend(0)
      expect(bodies(await queue.receive({ max: 10 }))).toEqual([])
    })

    test('gives what stands before the first invisible message', async () => {
      const queue = fifo()
      await give(queue, 'a1', 'a2', 'a3', 'a4')
      const [first, second] = (await queue.receive({ max: 3 })) as [Message, Message]
      await second.extend(0)
      await first.extend(0)
      expect(bodies(await queue.receive({ max: 10 }))).toEqual(['a1', 'a2'])
    })

    test('is receivable at once, from its head, when visibility is set to 0', async () => {
      const queue = fifo()
      await give(queue, 'a1', 'a2')
      const [first] = (await queue.receive()) as [Message]
      await first.extend(0)
      const [again] = (await queue.receive()) as [Message]
      expect([again.body, again.deliveries]).toEqual(['a1', 2])
    })

    test('waits for a message that was released with a delay, and other groups go on', async () => {
      const queue = fifo()
      await give(queue, 'a1', 'a2', 'b1')
      const [first] = (await queue.receive()) as [Message]
      await first.release({ delay: '1h' })
      expect(bodies(await queue.receive({ max: 10 }))).toEqual(['b1'])
      await give(queue, 'c1', 'c2')
      const [soon] = (await queue.receive()) as [Message]
      await soon.release({ delay: 400 })
      expect(bodies(await queue.receive({ max: 10, wait: '10s' }))).toEqual(['c1', 'c2'])
    })

    test('goes on when its head becomes a dead letter', async () => {
      const queue = fifo({ deadLetter: { maxReceives: 1 } })
      await give(queue, 'a1', 'a2', 'a3')
      const [first] = (await queue.receive()) as [Message]
      await first.reject('no use')
      const [second] = (await queue.receive()) as [Message]
      expect(second.body).toBe('a2')
      await second.extend(0)
      expect(bodies(await queue.receive({ wait: '5s' }))).toEqual(['a3'])
      expect(await queue.deadLetters.count()).toBe(2)
    })

    test('wakes who waits for it when it goes on', { timeout: 15_000 }, async () => {
      const queue = fifo()
      const other = world.same(await world.another(), queue)
      await give(queue, 'a1', 'a2')
      const [first] = (await queue.receive()) as [Message]
      const next = other.receive({ wait: '20s' })
      await expect.poll(async () => (await queue.stats()).inFlight).toBe(1)
      await first.complete()
      expect(bodies(await next)).toEqual(['a2'])
    })
  })

  describe('a receipt of a FIFO queue', () => {
    const changes: Record<string, (message: Message) => Promise<void>> = {
      complete: (message) => message.complete('late'),
      delete: (message) => message.delete(),
      release: (message) => message.release(),
      reject: (message) => message.reject('late'),
    }
    for (const [name, change] of Object.entries(changes)) {
      test(`ends with its deadline: ${name} fails, though nobody has the message`, async () => {
        const queue = fifo()
        await give(queue, 'a1')
        const [message] = (await queue.receive({ visibility: 50 })) as [Message]
        await world.past(50)
        // SQS gives back by a change of visibility.
        const code = world.code('ReceiptExpired', name === 'release' ? 'MessageNotInFlight' : undefined)
        expect(await refusal(change(message))).toMatchObject({ code, receipt: message.receipt })
        expect((await queue.receive({ wait: '5s' }))[0]).toMatchObject({ body: 'a1', deliveries: 2 })
      })
    }

    test('completes from another process, and its group goes on', async () => {
      const queue = fifo()
      await give(queue, 'a1', 'a2')
      const [first] = (await queue.receive()) as [Message]
      await world
        .same(await world.another(), queue)
        .delivery(first.receipt)
        .complete()
      expect(bodies(await queue.receive())).toEqual(['a2'])
    })
  })

  describe('a message of a FIFO queue', () => {
    test('needs a group, and a deduplication id or a queue that makes one', async () => {
      const queue = fifo({ contentBasedDeduplication: false })
      expect((await refusal(queue.send('x', { deduplicationId: 'd' }))).code).toBe('MissingGroup')
      expect((await refusal(queue.send('x', { group: 'g' }))).code).toBe('MissingDeduplicationId')
      expect((await refusal(queue.send('x'))).code).toBe('MissingGroup')
      expect(await queue.stats()).toMatchObject({ ready: 0 })
    })

    test("waits for the queue's delay, and may have none of its own", async () => {
      const late = fifo({ delay: '15m' })
      expect((await refusal(late.send('a1', { group: 'a', delay: '1s' }))).code).toBe('WrongQueueType')
      await late.send('a1', { group: 'a', delay: 0 })
      expect(await late.stats()).toMatchObject({ ready: 0, delayed: 1 })
      const queue = fifo({ delay: 400 })
      await queue.send('a1', { group: 'a' })
      expect(bodies(await queue.receive({ wait: '10s' }))).toEqual(['a1'])
    })

    test('has a sequence number of 20 digits that rises within the group', async () => {
      const queue = fifo()
      const sent = []
      for (const name of ['a1', 'b1', 'a2', 'a3']) sent.push(await queue.send(name, { group: name.slice(0, 1) }))
      const numbers = sent.map(({ sequenceNumber }) => sequenceNumber as string)
      for (const number of numbers) expect(number).toMatch(/^\d{20}$/)
      const ofA = [numbers[0], numbers[2], numbers[3]]
      expect([...new Set(ofA)].sort()).toEqual(ofA)
      const got = (await queue.receive({ max: 10 })).filter(({ group }) => group === 'a')
      expect(got.map(({ sequenceNumber }) => sequenceNumber)).toEqual(ofA)
    })

    test('is shown by peek as long as it waits', async () => {
      const queue = fifo()
      await give(queue, 'a1', 'b1')
      expect((await queue.peek()).messages.map(({ body }) => body).sort()).toEqual(['a1', 'b1'])
      await queue.receive({ max: 10 })
      expect((await queue.peek()).messages).toEqual([])
      expect((await queue.peek({ state: 'inFlight' })).messages.length).toBe(2)
    })

    needs('keys').test('has a result, by its id and by the key in its group', async () => {
      const queue = fifo({ deduplicationScope: 'messageGroup', partitions: 3 })
      const { id } = await queue.send('x', { group: 'g', idempotencyKey: 'k' })
      const [message] = (await queue.receive()) as [Message]
      await message.complete('done')
      expect(await queue.result({ id: id as string })).toBe('done')
      expect(await queue.result({ idempotencyKey: 'k', group: 'g' })).toBe('done')
    })
  })

  test('groups keep their order over several partitions, and none is lost', async () => {
    const queue = fifo({ deduplicationScope: 'messageGroup', partitions: 3 })
    const groups = ['a', 'b', 'c', 'd', 'e', 'f']
    const names = Array.from({ length: 5 }, (_, i) => groups.map((group) => `${group}${i}`)).flat()
    await Promise.all(names.map((name) => queue.send(name, { group: name.slice(0, 1) })))
    const seen: string[] = []
    while (seen.length < names.length) {
      const messages = await queue.receive({ max: 4, wait: '5s' })
      if (messages.length === 0) break
      seen.push(...(bodies(messages) as string[]))
      await Promise.all(messages.map((message) => message.complete()))
    }
    for (const group of groups) {
      const own = (list: string[]) => list.filter((name) => name.startsWith(group))
      expect(own(seen)).toEqual(own(names))
    }
  })
}, EVERYWHERE)
