// How many messages may be in flight, and how large a message may be.
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { AttributeValue, Message, Queue, QueueOptions } from '../../lib/index.ts'
import { EVERYWHERE, over, refusal } from './world.ts'

over((world) => {
  const { needs } = world

  describe('as many messages in flight as may be', () => {
    async function filled(type: 'standard' | 'fair' | 'FIFO', options: QueueOptions = {}): Promise<Queue> {
      const own = { partitions: 1, maxInFlight: 2, ...options }
      const queue = (type === 'FIFO' ? world.fifo(own) : world.queue(own)) as Queue
      for (const name of ['a', 'b', 'c', 'd']) {
        await queue.send(name, {
          ...(type !== 'standard' && { group: name }),
          ...(type === 'FIFO' && { deduplicationId: name }),
        })
      }
      return queue
    }

    for (const type of ['standard', 'fair'] as const) {
      test(`refuse the next receive of a ${type} queue, until one is done`, async () => {
        const queue = await filled(type)
        const [first, second] = (await queue.receive({ max: 10 })) as [Message, Message]
        expect(second).toBeDefined()
        const error = await refusal(queue.receive())
        expect([error.code, error.message.includes('maxInFlight')]).toEqual(['OverLimit', true])
        await first.complete()
        expect((await queue.receive({ max: 10 })).length).toBe(1)
        expect((await refusal(queue.receive({ wait: '1s' }))).code).toBe('OverLimit')
        await second.release()
        expect((await queue.receive({ max: 10 })).length).toBe(1)
      })
    }

    test('are answered with nothing on a FIFO queue', async () => {
      const queue = await filled('FIFO')
      const [first] = (await queue.receive({ max: 10 })) as [Message]
      expect(await queue.receive()).toEqual([])
      await first.complete()
      expect((await queue.receive({ max: 10 })).length).toBe(1)
    })

    for (const type of ['standard', 'fair', 'FIFO'] as const) {
      test(`do not keep what comes back by its deadline from being received, on a ${type} queue`, async () => {
        const queue = await filled(type, { visibility: 150 })
        const first = await queue.receive({ max: 10 })
        expect(first.length).toBe(2)
        await sleep(200)
        const again = await queue.receive({ max: 10, visibility: '1h' })
        expect(again.map(({ deliveries }) => deliveries)).toEqual(again.map(() => 2))
        expect(again.length).toBeGreaterThan(0)
      })
    }

    test('can be more by configure', async () => {
      const queue = await filled('standard')
      await queue.receive({ max: 10 })
      await queue.configure({ maxInFlight: 3 })
      expect((await queue.receive({ max: 10 })).length).toBe(1)
    })
  })

  describe('the size of a message', () => {
    const KIB = 1024

    test('is that of its body', async () => {
      const queue = world.queue({ maxMessageSize: KIB }) as Queue
      await queue.send('x'.repeat(KIB))
      expect((await refusal(queue.send('x'.repeat(KIB + 1)))).code).toBe('MessageTooLarge')
      await queue.send('ü'.repeat(KIB / 2))
      expect((await refusal(queue.send('ü'.repeat(KIB / 2 + 1)))).code).toBe('MessageTooLarge')
    })

    // 5 for the name, 6 for the type, 3 for the value.
    const sized: Record<string, AttributeValue> = {
      'a text': 'abc',
      'a number': 123,
      bytes: Buffer.from('abc'),
    }
    for (const [is, value] of Object.entries(sized)) {
      test(`counts names, types and values of its attributes: ${is}`, async () => {
        const queue = world.queue({ maxMessageSize: KIB }) as Queue
        const attributes = { count: value }
        await queue.send('x'.repeat(KIB - 14), { attributes })
        expect((await refusal(queue.send('x'.repeat(KIB - 13), { attributes }))).code).toBe('MessageTooLarge')
        expect(await queue.stats()).toMatchObject({ ready: 1 })
      })
    }

    needs('keys').test('does not count its group, deduplication id, trace header and sender', async () => {
      const queue = world.fifo({ maxMessageSize: KIB }) as Queue
      await queue.send('x'.repeat(KIB), { group: 'g', deduplicationId: 'd', trace: 't'.repeat(100), sender: 's' })
      const [message] = (await queue.receive({ wait: '5s' })) as [Message]
      expect((message.body as string).length).toBe(KIB)
    })

    test('is looked at for each message of sendMany', async () => {
      const queue = world.queue({ maxMessageSize: KIB }) as Queue
      const outcomes = await queue.sendMany([{ body: 'x' }, { body: 'x'.repeat(KIB + 1) }, { body: 'y' }])
      expect(outcomes).toMatchObject([{ id: expect.any(String) }, { error: { code: 'MessageTooLarge' } }, {}])
      expect(await queue.stats()).toMatchObject({ ready: 2 })
    })

    test('may be the largest that SQS takes', async () => {
      const queue = world.queue() as Queue
      const body = 'x'.repeat(1024 * KIB)
      await queue.send(body)
      expect((await refusal(queue.send(`${body}x`))).code).toBe('MessageTooLarge')
      expect(((await queue.receive({ wait: '5s' }))[0] as Message).body).toBe(body)
    })
  })
}, EVERYWHERE)
