import { describe, expect, test } from 'vitest'
import { EVERYWHERE, over, refusal } from './world.ts'

over((world) => {
  const { needs } = world

  describe('a receipt as text', () => {
    async function received(options: { idempotencyKey?: string } = {}) {
      const queue = world.queue<string, string>({ partitions: 3, deadLetter: { maxReceives: 5 } })
      const { id } = await queue.send('body', options)
      const [message] = await queue.receive({ wait: '5s' })
      const elsewhere = world.same(await world.another(), queue)
      return { queue, elsewhere, id: id as string, receipt: message?.receipt as string }
    }

    needs('options').test('names the message and its delivery', async () => {
      const { elsewhere, id, receipt } = await received()
      const delivery = elsewhere.delivery(receipt)
      expect(delivery).toMatchObject({ id, deliveries: 1, receipt })
      expect(Math.abs(delivery.sentAt.getTime() - Date.now())).toBeLessThan(60_000)
    })

    needs('results').test('completes in another process, with a result, and once', async () => {
      const { queue, elsewhere, id, receipt } = await received()
      await elsewhere.delivery(receipt).complete('done')
      expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 0, dead: 0 })
      expect(await queue.result({ id }, { timeout: '5s' })).toBe('done')
      await elsewhere.delivery(receipt).complete('again')
    })

    test('marks the key that the message was sent with', async () => {
      const { queue, elsewhere, receipt } = await received({ idempotencyKey: 'order 1' })
      await elsewhere.delivery(receipt).delete()
      expect(await queue.send('body', { idempotencyKey: 'order 1' })).toMatchObject({ duplicate: true })
      expect(await queue.stats()).toMatchObject({ processed: 1 })
    })

    test('extends, releases and rejects', async () => {
      const { queue, elsewhere, id, receipt } = await received()
      await elsewhere.delivery(receipt).extend('1h')
      await elsewhere.delivery(receipt).release()
      const [second] = await queue.receive({ wait: '5s' })
      expect(second).toMatchObject({ id, deliveries: 2 })
      expect(await refusal(elsewhere.delivery(receipt).extend('1h'))).toMatchObject({
        code: world.code('LostMessage'),
        receipt,
      })
      await elsewhere.delivery(second?.receipt as string).reject('no use')
      const { letters } = await queue.deadLetters.list()
      expect(letters).toMatchObject([{ id, reason: 'rejected', error: 'no use' }])
    })

    needs('attempts').test('gives its attempt back where it could not begin', async () => {
      const { queue, elsewhere, receipt } = await received()
      await elsewhere.delivery(receipt).release({ counted: false })
      const [second] = await queue.receive({ wait: '5s' })
      expect(second).toMatchObject({ deliveries: 2, attempts: 1 })
      await second?.release({ counted: true })
      const [third] = await queue.receive({ wait: '5s' })
      expect(third).toMatchObject({ deliveries: 3, attempts: 2 })
      expect(await refusal(third?.release({ counted: 'no' as never }) as Promise<void>)).toMatchObject({
        code: 'InvalidOption',
      })
    })

    test('that is none is refused at once', async () => {
      const { elsewhere } = await received()
      const code = world.code('InvalidName', 'ReceiptHandleIsInvalid')
      expect(await refusal(() => elsewhere.delivery('garbage').delete())).toMatchObject({ code })
      expect(await refusal(() => elsewhere.delivery('').delete())).toMatchObject({ code })
    })

    test('of another queue is refused', async () => {
      const { queue, receipt } = await received()
      const { partitions } = await queue.attributes()
      const other = world.queue({ partitions })
      expect(await refusal(other.delivery(receipt).delete())).toMatchObject({
        code: world.code('InvalidName', 'ReceiptHandleIsInvalid'),
      })
      expect(await queue.stats()).toMatchObject({ inFlight: 1 })
    })
  })
}, EVERYWHERE)
