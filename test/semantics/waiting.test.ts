// A receive that finds nothing waits, and is woken by what happens. Waits are long, so that a wake-up that is missed is
// seen as a test that does not end in time; no test asserts how fast one is.
import { describe, expect, test } from 'vitest'
import type { Queue } from '../../lib/index.ts'
import { over } from './world.ts'

const LONG = '25s'
const patience = 15_000

over((world) => {
  const bodies = async (queue: Queue<never, never> | Queue, options = {}) => {
    const messages = await (queue as Queue).receive({ wait: LONG, max: 10, visibility: '1h', ...options })
    return messages.map(({ body }) => body)
  }

  /** Waits are on their way: the queue knows as many who wait. */
  async function waiting(queue: Queue<never, never> | Queue, count: number): Promise<void> {
    const { redis } = queue.backend.shared.connection
    const inboxes = async () => {
      const lanes = queue.backend.opened?.lanes ?? []
      const lists = await Promise.all(lanes.map(({ partition }) => redis.zrange(partition.keys[13] as string, 0, -1)))
      return Math.min(...lists.map((list) => list.length))
    }
    await expect.poll(inboxes, { timeout: 5_000, interval: 10 }).toBe(count)
  }

  describe('a receive that waits is woken', () => {
    test('by a send', { timeout: patience }, async () => {
      const queue = world.queue()
      const got = bodies(queue)
      await queue.send('x')
      expect(await got).toEqual(['x'])
    })

    test('by a send of another client', { timeout: patience }, async () => {
      const queue = world.queue()
      await queue.stats()
      const other = world.same(await world.another(), queue)
      const got = bodies(queue)
      await waiting(queue, 1)
      await other.send('x')
      expect(await got).toEqual(['x'])
    })

    test('when a message that it knows of falls due', { timeout: patience }, async () => {
      const queue = world.queue()
      await queue.send('x', { delay: 400 })
      expect(await bodies(queue)).toEqual(['x'])
    })

    test('when a message that is sent for later, while it waits, falls due', { timeout: patience }, async () => {
      const queue = world.queue()
      const got = bodies(queue)
      await waiting(queue, 1)
      await queue.send('x', { delay: 400 })
      expect(await got).toEqual(['x'])
    })

    test('when a deadline passes', { timeout: patience }, async () => {
      const queue = world.queue()
      await queue.send('x')
      await queue.receive({ visibility: 300 })
      expect(await bodies(queue)).toEqual(['x'])
    })

    test('when the deadline passes of what another client received meanwhile', { timeout: patience }, async () => {
      const queue = world.queue({ partitions: 1 })
      await queue.stats()
      const other = world.same(await world.another(), queue)
      const got = bodies(other)
      await waiting(queue, 1)
      // Sent and received in one breath: whoever is woken finds nothing.
      const taken = Promise.all([queue.send('x'), queue.receive({ visibility: 400, wait: '1s' })])
      expect(await got).toEqual(['x'])
      await taken
    })

    test('when a deadline is set to an earlier time', { timeout: patience }, async () => {
      const queue = world.queue()
      await queue.send('x')
      const [message] = await queue.receive({ visibility: '1h' })
      const got = bodies(world.same(await world.another(), queue))
      await waiting(queue, 1)
      await message?.extend(300)
      expect(await got).toEqual(['x'])
    })

    test('by a release', { timeout: patience }, async () => {
      const queue = world.queue()
      await queue.send('x')
      const [message] = await queue.receive()
      const got = bodies(queue)
      await waiting(queue, 1)
      await message?.release()
      expect(await got).toEqual(['x'])
    })

    test('when a message that was released for later falls due', { timeout: patience }, async () => {
      const queue = world.queue()
      await queue.send('x')
      const [message] = await queue.receive()
      const got = bodies(queue)
      await waiting(queue, 1)
      await message?.release({ delay: 400 })
      expect(await got).toEqual(['x'])
    })

    test('by a redrive', { timeout: patience }, async () => {
      const queue = world.queue()
      await queue.send('x')
      const [message] = await queue.receive()
      await message?.reject('why')
      const got = bodies(queue)
      await waiting(queue, 1)
      await queue.deadLetters.redrive()
      expect(await got).toEqual(['x'])
    })

    test('when the queue goes on after a pause', { timeout: patience }, async () => {
      const queue = world.queue()
      await queue.send('x')
      await queue.pause()
      const got = bodies(queue)
      await waiting(queue, 1)
      await queue.resume()
      expect(await got).toEqual(['x'])
    })
  })

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

    test('are not kept waiting by one that gave up', { timeout: patience }, async () => {
      const queue = world.queue()
      await queue.stats()
      const end = new AbortController()
      const given = bodies(queue, { wait: '10s', signal: end.signal })
      await waiting(queue, 1)
      const got = bodies(world.same(await world.another(), queue))
      await waiting(queue, 2)
      end.abort(new Error('never mind'))
      await expect(given).rejects.toThrow('never mind')
      await queue.send('x')
      expect(await got).toEqual(['x'])
    })

    test('are not kept waiting for a delayed message by one that gave up', { timeout: patience }, async () => {
      const queue = world.queue()
      await queue.stats()
      const end = new AbortController()
      const given = bodies(queue, { wait: '10s', signal: end.signal })
      await waiting(queue, 1)
      const got = bodies(world.same(await world.another(), queue))
      await waiting(queue, 2)
      end.abort(new Error('never mind'))
      await expect(given).rejects.toThrow('never mind')
      await queue.send('x', { delay: 400 })
      expect(await got).toEqual(['x'])
    })

    test('are not kept waiting by one whose wait ended before the message fell due', {
      timeout: patience,
    }, async () => {
      const queue = world.queue()
      await queue.stats()
      const short = bodies(queue, { wait: 1_000 })
      await waiting(queue, 1)
      const got = bodies(world.same(await world.another(), queue))
      await waiting(queue, 2)
      await queue.send('x', { delay: 1_500 })
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

  describe('a wait', () => {
    test('ends with nothing when it is over', async () => {
      expect(await bodies(world.queue(), { wait: 200 })).toEqual([])
    })

    test('ends when its signal aborts', async () => {
      const queue = world.queue()
      await queue.stats()
      const end = new AbortController()
      const got = bodies(queue, { signal: end.signal })
      await waiting(queue, 1)
      end.abort(new Error('never mind'))
      await expect(got).rejects.toThrow('never mind')
    })

    test('ends when the client is closed', async () => {
      const queue = world.queue()
      await queue.stats()
      const other = await world.another()
      const got = bodies(world.same(other, queue))
      got.catch(() => {})
      await waiting(queue, 1)
      await other.close()
      await expect(got).rejects.toMatchObject({ code: 'Closed' })
    })

    test('does not take what a paused queue holds', async () => {
      const queue = world.queue()
      await queue.pause()
      const got = bodies(queue, { wait: 300 })
      await queue.send('x')
      expect(await got).toEqual([])
      await queue.resume()
      expect(await bodies(queue)).toEqual(['x'])
    })
  })
})
