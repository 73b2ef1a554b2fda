// Groups on standard queues: tenants, of whom the quiet ones come before the noisy ones.
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Message, Queue, QueueOptions } from '../../lib/index.ts'
import { EVERYWHERE, over, refusal } from './world.ts'

const bodies = (messages: Message[]) => messages.map(({ body }) => body)
const many = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}${i}`)

/** Each body goes to the tenant of its first letter; what begins with a dash belongs to nobody. */
async function give(queue: Queue, ...names: string[]): Promise<void> {
  const tenant = (name: string) => (name.startsWith('-') ? {} : { group: name.slice(0, 1) })
  for (const name of names) await queue.send(name, tenant(name))
}

over((world) => {
  const { needs } = world
  /** A tenant is noisy with three messages in flight. */
  const fair = (options: QueueOptions = {}) =>
    world.queue({ partitions: 1, noisy: { inFlight: 3, share: 0.1 }, ...options }) as Queue

  describe('a quiet tenant', () => {
    test('comes before a noisy one that has waited for longer', async () => {
      const queue = fair()
      await give(queue, ...many('n', 10))
      expect((await queue.receive({ max: 3 })).length).toBe(3)
      await give(queue, 'q1', 'q2')
      expect(bodies(await queue.receive({ max: 2 })).sort()).toEqual(['q1', 'q2'])
      expect(bodies(await queue.receive({ max: 1 }))[0]).toMatch(/^n/)
    })

    test('comes in the order of its own messages', async () => {
      const queue = fair()
      await give(queue, 'q1', 'r1', 'q2')
      const got = bodies(await queue.receive({ max: 10 })) as string[]
      expect(got.sort()).toEqual(['q1', 'q2', 'r1'])
      expect(got.filter((name) => name.startsWith('q'))).toEqual(['q1', 'q2'])
    })

    test('is one whose messages are few in flight, of however many waiting', async () => {
      const queue = fair()
      await give(queue, ...many('a', 2), ...many('b', 2))
      const got = bodies(await queue.receive({ max: 4 }))
      expect(got.sort()).toEqual(['a0', 'a1', 'b0', 'b1'])
    })
  })

  describe('a message without a group', () => {
    test('is a tenant of its own: it comes before noisy ones', async () => {
      const queue = fair()
      await give(queue, ...many('n', 10))
      await queue.receive({ max: 3 })
      await give(queue, '-1')
      expect(bodies(await queue.receive())).toEqual(['-1'])
    })

    test('waits its turn beside quiet tenants', async () => {
      const queue = fair()
      await give(queue, 'q1')
      await sleep(2)
      await give(queue, '-1')
      expect(bodies(await queue.receive())).toEqual(['q1'])
      expect(bodies(await queue.receive())).toEqual(['-1'])
    })
  })

  describe('a noisy tenant', () => {
    test('goes on where no other waits', async () => {
      const queue = fair()
      await give(queue, ...many('n', 8))
      await queue.receive({ max: 3 })
      expect((await queue.receive({ max: 10 })).length).toBe(5)
    })

    test('comes after one that is noisy with fewer messages in flight', async () => {
      const queue = fair()
      await give(queue, ...many('a', 10))
      await queue.receive({ max: 6 })
      await give(queue, ...many('b', 10))
      await queue.receive({ max: 4 })
      expect(bodies(await queue.receive())[0]).toMatch(/^b/)
    })

    test('is quiet again when its messages are done', async () => {
      const queue = fair()
      await give(queue, ...many('n', 5))
      const first = await queue.receive({ max: 4 })
      await Promise.all(first.map((message) => message.complete()))
      await sleep(2)
      await give(queue, 'q1')
      expect(bodies(await queue.receive())).toEqual(['n4'])
    })

    test('is not noisy for less than its share of all in flight', async () => {
      const queue = fair({ noisy: { inFlight: 3, share: 0.9 } })
      await give(queue, ...many('n', 10))
      await give(queue, ...many('-', 5))
      expect((await queue.receive({ max: 8 })).length).toBe(8)
      expect(await queue.stats()).toMatchObject({ ready: 7, inFlight: 8 })
      const others = await queue.receive({ max: 7 })
      expect(others.length).toBe(7)
    })
  })

  describe('a message of a tenant', () => {
    test('has its group, and no sequence number', async () => {
      const queue = fair()
      expect(await queue.send('x', { group: 'g' })).toEqual({ id: expect.any(String) })
      const [message] = (await queue.receive()) as [Message]
      expect([message.group, message.sequenceNumber, message.deduplicationId]).toEqual(['g', undefined, undefined])
    })

    needs('lostReceipts').test('goes through all states as any other', async () => {
      const queue = fair({ deadLetter: { maxReceives: 3 } })
      await queue.send('later', { group: 'g', delay: '1h' })
      expect(await queue.stats()).toMatchObject({ ready: 0, delayed: 1 })
      await queue.purge()
      await queue.send('x', { group: 'g', delay: 200 })
      const [first] = (await queue.receive({ wait: '10s' })) as [Message]
      await first.extend('1h')
      await first.release({ delay: 100 })
      const [second] = (await queue.receive({ wait: '10s', visibility: 100 })) as [Message]
      const [third] = (await queue.receive({ wait: '10s' })) as [Message]
      expect([second.deliveries, third.deliveries, third.group]).toEqual([2, 3, 'g'])
      expect((await refusal(second.complete())).code).toBe('LostMessage')
      await third.reject('no use')
      expect(await queue.deadLetters.redrive()).toMatchObject({ redriven: 1 })
      const [fourth] = (await queue.receive({ wait: '10s' })) as [Message]
      expect([fourth.deliveries, fourth.attempts, fourth.group]).toEqual([4, 1, 'g'])
      await fourth.complete()
      expect(await queue.stats()).toMatchObject({ ready: 0, delayed: 0, inFlight: 0, dead: 0 })
    })

    test('counts for its tenant until it is done, also when it came back', async () => {
      const queue = fair({ visibility: 150 })
      await give(queue, ...many('n', 3))
      await queue.receive({ max: 3 })
      const again = await queue.receive({ max: 3, wait: '10s', visibility: '1h' })
      expect(again.map(({ deliveries }) => deliveries)).toEqual([2, 2, 2])
      await Promise.all(again.map((message) => message.complete()))
      expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 0 })
    })

    needs('keys').test('is told by its id and by its idempotency key, which is one of its group', async () => {
      const queue = fair()
      const first = await queue.send('x', { group: 'g', idempotencyKey: 'k' })
      expect(await queue.send('x', { group: 'g', idempotencyKey: 'k' })).toEqual({ ...first, duplicate: true })
      expect((await queue.send('x', { group: 'h', idempotencyKey: 'k' })).duplicate).toBeUndefined()
      expect(await queue.send('x', { group: 'g', id: first.id as string, idempotencyKey: 'k' })).toEqual(first)
      expect((await queue.sendMany([{ body: 'y', group: 'g' }, { body: 'z' }])).length).toBe(2)
      expect(await queue.stats()).toMatchObject({ ready: 4 })
    })

    test('is shown by peek, and removed by purge', async () => {
      const queue = fair()
      await give(queue, 'a1', '-1', 'b1')
      expect((await queue.peek()).messages.map(({ body }) => body).sort()).toEqual(['-1', 'a1', 'b1'])
      const page = await queue.peek({ limit: 2 })
      const rest = await queue.peek({ limit: 2, cursor: page.cursor as string })
      expect([...page.messages, ...rest.messages].length).toBe(3)
      await queue.receive({ max: 1 })
      await queue.purge()
      expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 0 })
      await give(queue, 'a2')
      expect(bodies(await queue.receive())).toEqual(['a2'])
    })
  })

  test('tenants have a home each over several partitions', async () => {
    const queue = fair({ partitions: 3 })
    const names = Array.from({ length: 24 }, (_, i) => `${String.fromCharCode(97 + (i % 8))}${i}`)
    await Promise.all(names.map((name) => queue.send(name, { group: name.slice(0, 1) })))
    const seen: unknown[] = []
    while (seen.length < names.length) {
      const some = await queue.receive({ max: 5, wait: '5s' })
      if (some.length === 0) break
      seen.push(...bodies(some))
      await Promise.all(some.map((message) => message.complete()))
    }
    expect(seen.sort()).toEqual([...names].sort())
  })

  describe('a group is refused', () => {
    for (const [is, group] of Object.entries({
      'that is empty': '',
      'of 129 characters': 'g'.repeat(129),
      'with a space': 'a b',
    })) {
      test(is, async () => {
        expect((await refusal(fair().send('x', { group }))).code).toBe(world.code('InvalidName'))
      })
    }
  })
}, EVERYWHERE)
