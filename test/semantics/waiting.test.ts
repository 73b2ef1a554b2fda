// A receive that finds nothing waits, and is woken by what happens. Waits are long, so that a wake-up that is missed is
// seen as a test that does not end in time; no test asserts how fast one is.
import { describe, expect, test } from 'vitest'
import { bodies, waiting } from './waits.ts'
import { EVERYWHERE, over } from './world.ts'

const patience = 15_000

over((world) => {
  const { needs } = world

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

  describe('a wait', () => {
    test('ends with nothing when it is over', async () => {
      expect(await bodies(world.queue(), { wait: 200 })).toEqual([])
    })

    test('that ends before it has asked takes nothing', { timeout: patience }, async () => {
      const queue = world.queue()
      await queue.stats()
      const other = world.same(await world.another(), queue)
      await other.stats()
      const end = new AbortController()
      const given = other.receive({ wait: '10s', signal: end.signal })
      setImmediate(() => end.abort(new Error('never mind'))) // while it subscribes
      await expect(given).rejects.toThrow('never mind')
      await other.send('x')
      expect((await other.receive({ wait: '5s' })).map(({ deliveries }) => deliveries)).toEqual([1])
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

    needs('handles').test('ends when the client is closed', async () => {
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
}, EVERYWHERE)
