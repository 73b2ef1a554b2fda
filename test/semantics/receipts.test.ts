// How long a receipt is good for, on standard queues and on FIFO queues.
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Message, Queue } from '../../lib/index.ts'
import { EVERYWHERE, over, refusal } from './world.ts'

const types = ['standard', 'FIFO'] as const

over((world) => {
  const { needs } = world

  async function received(type: (typeof types)[number], visibility?: number | string) {
    const options = { partitions: 1 }
    const queue = (type === 'FIFO' ? world.fifo(options) : world.queue(options)) as Queue
    await queue.send('x', type === 'FIFO' ? { group: 'g', deduplicationId: 'd' } : {})
    const [message] = (await queue.receive({ wait: '5s', ...(visibility !== undefined && { visibility }) })) as [
      Message,
    ]
    return { queue, message }
  }

  for (const type of types) {
    describe(`a message of a ${type} queue`, () => {
      test('is hidden for 12 hours in all, counted from its receive', async () => {
        const { queue, message } = await received(type)
        await sleep(10)
        expect(await refusal(message.extend('12h'))).toMatchObject({
          code: 'VisibilityTooLong',
          receipt: message.receipt,
        })
        await message.extend('11h')
        const elsewhere = world.same(await world.another(), queue).delivery(message.receipt)
        expect((await refusal(elsewhere.extend('12h'))).code).toBe('VisibilityTooLong')
        await elsewhere.extend('11h')
        expect(await queue.stats()).toMatchObject({ inFlight: 1 })
      })

      test('counts the 12 hours anew when it is received again', async () => {
        const { queue, message } = await received(type, 50)
        const [again] = (await queue.receive({ wait: '5s', visibility: '12h' })) as [Message]
        expect(again.deliveries).toBe(2)
        expect((await refusal(message.extend('1m'))).code).toBe(world.code('LostMessage'))
      })

      test('that was received for no time at all is receivable at once', async () => {
        const { queue, message } = await received(type, 0)
        const [again] = (await queue.receive({ wait: '5s' })) as [Message]
        expect([again.id, again.deliveries]).toEqual([message.id, 2])
      })

      test('whose deadline has passed cannot be hidden again', async () => {
        const { message } = await received(type, 30)
        await world.past(30)
        const error = await refusal(message.extend('1m'))
        expect(error).toMatchObject({ code: 'MessageNotInFlight', receipt: message.receipt })
      })

      test('that is done cannot be hidden', async () => {
        const { message } = await received(type)
        await message.complete()
        expect((await refusal(message.extend('1m'))).code).toBe('MessageNotInFlight')
      })

      needs('release').test('that is done, or was given back, cannot be hidden', async () => {
        const { queue, message } = await received(type)
        await message.release({ delay: '1h' })
        expect((await refusal(message.extend('1m'))).code).toBe('MessageNotInFlight')
        const done = await received(type)
        await done.message.complete()
        expect((await refusal(done.message.extend('1m'))).code).toBe('MessageNotInFlight')
        expect(await queue.stats()).toMatchObject({ delayed: 1 })
      })

      needs('lostReceipts').test('is not touched by an older receipt of it', async () => {
        const { queue, message } = await received(type, 50)
        const [again] = (await queue.receive({ wait: '5s' })) as [Message]
        const stale = queue.delivery(message.receipt)
        for (const change of [
          () => stale.complete(),
          () => stale.release(),
          () => stale.reject('x'),
          () => stale.extend(0),
        ]) {
          expect(await refusal(change())).toMatchObject({ code: 'LostMessage', receipt: message.receipt })
        }
        await queue.delivery(again.receipt).complete()
        expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 0, dead: 0 })
      })

      test('that is done can be deleted again, by any of its receipts', async () => {
        const { queue, message } = await received(type, 50)
        const [again] = (await queue.receive({ wait: '5s' })) as [Message]
        await again.delete()
        await queue.delivery(again.receipt).delete()
        await queue.delivery(message.receipt).delete()
      })

      test('has another receipt in each delivery', async () => {
        const { queue, message } = await received(type, 30)
        const [again] = (await queue.receive({ wait: '5s' })) as [Message]
        expect(again.receipt).not.toBe(message.receipt)
        expect(message.receipt).toMatch(/^[\w-]+$/)
      })
    })
  }

  test('on a standard queue an expired receipt still deletes, as long as nobody has received the message again', async () => {
    const { queue, message } = await received('standard', 30)
    await world.past(30)
    await message.delete()
    expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 0 })
  })

  test('on a FIFO queue an expired receipt deletes nothing', async () => {
    const { queue, message } = await received('FIFO', 30)
    await world.past(30)
    expect(await refusal(message.delete())).toMatchObject({ code: 'ReceiptExpired', receipt: message.receipt })
    expect((await queue.receive()).map(({ id }) => id)).toEqual([message.id])
  })

  test('on a FIFO queue several receipts of one call are judged each for itself', async () => {
    const queue = world.fifo({ partitions: 1, contentBasedDeduplication: true }) as Queue
    for (const body of ['a', 'b']) await queue.send(body, { group: body })
    const [long] = (await queue.receive()) as [Message]
    const [short] = (await queue.receive({ visibility: 30 })) as [Message]
    await world.past(30)
    const outcomes = await Promise.allSettled([short.delete(), long.delete()])
    expect(outcomes).toMatchObject([{ reason: { code: 'ReceiptExpired' } }, { status: 'fulfilled' }])
    expect(await queue.stats()).toMatchObject({ ready: 1, inFlight: 0 })
  })
}, EVERYWHERE)
