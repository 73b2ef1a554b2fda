// What a queue's attributes do where a call says nothing.
import { expect, test } from 'vitest'
import { waiting } from './waits.ts'
import { EVERYWHERE, over } from './world.ts'

over((world) => {
  test('a receive without `wait` waits as long as the queue says', { timeout: 15_000 }, async () => {
    const queue = world.queue({ partitions: 1, wait: '20s' })
    await queue.stats()
    const got = queue.receive()
    await waiting(queue, 1)
    await queue.send('x')
    expect((await got).map(({ body }) => body)).toEqual(['x'])
  })

  test('a receive with a `wait` of its own waits for that, not as long as the queue says', async () => {
    const queue = world.queue({ partitions: 1, wait: '20s' })
    expect(await queue.receive({ wait: 0 })).toEqual([])
  })

  test('120,000 messages may be in flight unless the queue says otherwise', async () => {
    for (const queue of [world.queue(), world.fifo()]) {
      await queue.stats()
      expect((await queue.attributes()).maxInFlight).toBe(120_000)
    }
  })
}, EVERYWHERE)
