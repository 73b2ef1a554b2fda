// Several receives wait for the same queue: none keeps another waiting.
import { describe, expect, test } from 'vitest'
import { keyAt } from './repartitioned.ts'
import { bodies, waiting } from './waits.ts'
import { EVERYWHERE, over } from './world.ts'

const patience = 15_000

over((world) => {
  const { needs } = world

  /** Two have waited, the first of them no longer; what the other gets. Not awaited here: it is waiting still. */
  async function oneGaveUp() {
    const queue = world.queue()
    await queue.stats()
    const end = new AbortController()
    const given = bodies(queue, { wait: '10s', signal: end.signal })
    await waiting(queue, 1)
    const got = bodies(world.same(await world.another(), queue))
    await waiting(queue, 2)
    end.abort(new Error('never mind'))
    await expect(given).rejects.toThrow('never mind')
    return { queue, got }
  }

  describe('several that wait', () => {
    test('each get a message of their own, in one client', { timeout: patience }, async () => {
      const queue = world.queue()
      await queue.stats()
      const got = Promise.all([1, 2, 3, 4].map(() => bodies(queue, { max: 1 })))
      await waiting(queue, 1)
      await queue.sendMany(['a', 'b', 'c', 'd'].map((body) => ({ body })))
      expect((await got).flat().sort()).toEqual(['a', 'b', 'c', 'd'])
    })

    test('each get a message of their own, in several clients', { timeout: patience }, async () => {
      const queue = world.queue()
      await queue.stats()
      const others = [queue, world.same(await world.another(), queue), world.same(await world.another(), queue)]
      const got = Promise.all(others.map((other) => bodies(other, { max: 1 })))
      await waiting(queue, 3)
      await queue.sendMany(['a', 'b', 'c'].map((body) => ({ body })))
      expect((await got).flat().sort()).toEqual(['a', 'b', 'c'])
    })

    needs('keys').test(
      'each get a message of their own when two partitions wake them at once',
      { timeout: patience },
      async () => {
        const queue = world.queue({ partitions: 2 })
        await queue.stats()
        const other = world.same(await world.another(), queue)
        for (let turn = 0; turn < 3; turn++) {
          const got = Promise.all([1, 2].map(() => bodies(queue, { max: 1 })))
          await waiting(queue, 1)
          const sent = [0, 1].map((number) => other.send(number, { idempotencyKey: keyAt(number, 2, `turn ${turn}`) }))
          await new Promise(setImmediate)
          // Not awake meanwhile, so that both wake-ups are read in one go.
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
          expect((await got).flat().sort()).toEqual([0, 1])
          await Promise.all(sent)
        }
      },
    )

    test('are not kept waiting by one that gave up', { timeout: patience }, async () => {
      const { queue, got } = await oneGaveUp()
      await queue.send('x')
      expect(await got).toEqual(['x'])
    })

    test('are not kept waiting for a delayed message by one that gave up', { timeout: patience }, async () => {
      const { queue, got } = await oneGaveUp()
      await queue.send('x', { delay: 400 })
      expect(await got).toEqual(['x'])
    })

    test('are not kept waiting by one whose wait ended before the message fell due', {
      timeout: patience,
    }, async () => {
      const queue = world.queue()
      await queue.stats()
      const other = world.same(await world.another(), queue)
      await other.stats()
      const short = bodies(queue, { wait: 3_000 })
      await waiting(queue, 1)
      const got = bodies(other)
      await waiting(queue, 2)
      await queue.send('x', { delay: 3_500 })
      expect(await short).toEqual([])
      expect(await got).toEqual(['x'])
    })

    test('are not kept waiting by a client that has gone', { timeout: patience }, async () => {
      const queue = world.queue()
      await queue.stats()
      const gone = await world.another()
      const lost = bodies(world.same(gone, queue), { wait: '10s' })
      lost.catch(() => {})
      await waiting(queue, 1)
      const got = bodies(queue)
      await waiting(queue, 2)
      await gone.close()
      await queue.send('x')
      expect(await got).toEqual(['x'])
    })
  })
}, EVERYWHERE)
