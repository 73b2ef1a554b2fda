import { describe, expect, test } from 'vitest'
import { over } from '../semantics/world.ts'
import { give, tasks, useShift } from './shift.ts'

over(
  (world) => {
    const shift = useShift()

    /** A worker that has fetched ahead: short handlers have shown it that it may, and one hangs now. */
    async function withSomeAhead(queue: ReturnType<typeof tasks>, options = {}) {
      const worker = await shift().worker(queue, { visibility: '1m', ...options })
      const short = Array.from({ length: 30 }, (_, i) => ({ body: { name: `s${i}` } }))
      await queue.sendMany([
        ...short,
        { body: { name: 'hangs', do: 'hang' } },
        ...short.map(({ body }) => ({ body: { name: `t${body.name}` } })),
      ])
      await shift().runs('hangs')
      return worker
    }

    describe('stop', () => {
      test('waits for the handlers that run, and completes their messages', async () => {
        const queue = tasks(world)
        await give(queue, { name: 'a', do: 'hang', with: 'done' })
        const worker = await shift().worker(queue)
        await shift().runs('a')
        const stopped = worker.stop()
        shift().end('a')
        await stopped
        expect(shift().events).toContain('completed a')
        expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 0 })
      })

      test('takes nothing more', async () => {
        const queue = tasks(world)
        const worker = await shift().worker(queue, { concurrency: 2 })
        await give(queue, { name: 'a', do: 'hang' })
        await shift().runs('a')
        const stopped = worker.stop()
        await give(queue, 'b')
        shift().end('a')
        await stopped
        expect(shift().started).toEqual(['a'])
        expect(await queue.stats()).toMatchObject({ ready: 1, inFlight: 0 })
      })

      test('after its grace aborts the signals, and gives the messages back uncounted', async () => {
        const queue = tasks(world, { visibility: '1h', partitions: 1 })
        await give(queue, { name: 'a', do: 'hang' }, { name: 'b', do: 'hang' })
        const worker = await shift().worker(queue, { concurrency: 2 })
        await shift().runs('a', 'b')
        await worker.stop({ grace: 50 })
        expect(shift().signals.get('a')?.reason).toMatchObject({ code: 'Closed' })
        expect(shift().events).toEqual(expect.arrayContaining(['released a', 'released b']))
        const back = await queue.receive({ max: 2 })
        expect(back.map(({ deliveries, attempts }) => [deliveries, attempts])).toEqual([
          [2, 1],
          [2, 1],
        ])
      })

      test('leaves the message of a handler that ignores its signal until its deadline', async () => {
        const queue = tasks(world, { visibility: '20s' })
        await give(queue, { name: 'a', do: 'ignore' })
        const worker = await shift().worker(queue)
        await shift().runs('a')
        await worker.stop({ grace: 0 })
        expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 1 })
        shift().end('a')
      })

      test('gives back at once, uncounted, what was fetched ahead', async () => {
        const queue = tasks(world, { partitions: 1 })
        const worker = await withSomeAhead(queue)
        const { ahead } = worker.health()
        expect(ahead).toBeGreaterThan(0)
        const stopped = worker.stop({ grace: '1m' })
        // A fetch that was on its way may have brought more.
        await expect.poll(async () => (await queue.stats()).inFlight).toBe(1)
        await expect.poll(() => shift().count('released')).toBeGreaterThanOrEqual(ahead)
        shift().end('hangs')
        await stopped
        expect((await queue.stats()).inFlight).toBe(0)
        const back = await queue.receive({ max: 100 })
        expect(new Set(back.map(({ attempts }) => attempts))).toEqual(new Set([1]))
      })

      test('of a worker that has nothing to do is done', async () => {
        const worker = await shift().worker(tasks(world))
        await shift().happened('idle')
        await worker.stop()
        expect(worker.health().running).toBe(false)
      })

      test('of a worker that never started is done', async () => {
        const worker = await shift().worker(tasks(world))
        await worker[Symbol.asyncDispose]()
        expect(worker.health().running).toBe(false)
      })

      test('called twice at once ends both times', async () => {
        const queue = tasks(world)
        await give(queue, { name: 'a', do: 'hang' })
        const worker = await shift().worker(queue)
        await shift().runs('a')
        const both = Promise.all([worker.stop(), worker.stop()])
        shift().end('a')
        await both
        expect(shift().events).toContain('completed a')
      })

      test('loses none of many messages, and runs none twice', async () => {
        const queue = tasks(world, { partitions: 2, visibility: '1h' })
        const count = 400
        await queue.sendMany(Array.from({ length: count }, (_, i) => ({ body: { name: `m${i}` } })))
        for (let round = 1; round <= 3; round++) {
          const worker = await shift().worker(queue, { concurrency: 10 })
          await expect
            .poll(() => shift().started.length, { interval: 1 })
            .toBeGreaterThanOrEqual(Math.min(round * 100, count))
          await worker.stop()
          const { ready, inFlight } = await queue.stats()
          expect([inFlight, ready + shift().count('completed')]).toEqual([0, count])
        }
        expect(new Set(shift().started).size).toBe(shift().started.length)
      })
    })

    describe('fetching ahead', () => {
      test('can be forbidden', async () => {
        const worker = await withSomeAhead(tasks(world, { partitions: 1 }), { ahead: false })
        expect(worker.health()).toMatchObject({ inFlight: 1, ahead: 0 })
        shift().end('hangs')
      })

      test('gives back what waited for too long behind a slow handler', async () => {
        const queue = tasks(world, { partitions: 1 })
        const worker = await withSomeAhead(queue, { visibility: '6s' })
        const { ahead } = worker.health() // it may be fetching more
        expect(ahead).toBeGreaterThan(0)
        await expect.poll(() => shift().count('released')).toBeGreaterThanOrEqual(ahead)
        await expect.poll(() => worker.health().ahead).toBe(0)
        const other = await queue.receive({ wait: '5s' })
        expect(other).toHaveLength(1)
        await other[0]?.release()
        shift().end('hangs')
        await shift().happened('completed hangs')
      })
    })
  },
  ['redis', 'valkey', 'cluster'],
  'speed',
)
