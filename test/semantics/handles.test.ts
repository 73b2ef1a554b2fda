// What a client holds on to, and whether it is heard.
import { describe, expect, test } from 'vitest'
import { over, refusal } from './world.ts'

over((world) => {
  describe('a handle that its client has forgotten', () => {
    test('goes on, and another of its queue can be made', async () => {
      const queue = world.queue()
      await queue.stats()
      const forgotten = await world.client.queues.get(queue.name)
      const waiting = forgotten.receive({ wait: '5s' })
      world.client.forget(forgotten)
      world.client.forget(forgotten)
      await forgotten.send('one')
      expect((await waiting).map(({ body }) => body)).toEqual(['one'])
      expect((await world.client.queues.get(queue.name)).name).toBe(queue.name)
    })

    test('of a FIFO queue leaves the order of others alone', async () => {
      const queue = world.fifo({ contentBasedDeduplication: true })
      await queue.stats()
      const forgotten = await world.client.queues.get(queue.name)
      world.client.forget(forgotten)
      const sends = Array.from({ length: 20 }, (_, i) => queue.send(`${i}` as never, { group: 'g' }))
      await Promise.all(sends)
      const received = await queue.receive({ max: 20 })
      expect(received.map(({ body }) => body)).toEqual(Array.from({ length: 20 }, (_, i) => `${i}`))
    })
  })

  describe('ping', () => {
    test('answers how long Redis takes', async () => {
      expect(await world.client.ping()).toBeGreaterThan(0)
      expect(await world.client.ping({ timeout: '5s' })).toBeLessThan(5_000)
    })

    test('is refused by a client that is closed, and with options that there are not', async () => {
      const client = await world.another()
      expect((await refusal(client.ping({ timeOut: 5 } as object))).code).toBe('UnknownOption')
      await client.close()
      expect((await refusal(client.ping())).code).toBe('Closed')
    })
  })
})
