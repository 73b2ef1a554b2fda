import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Queue, Worker, type WorkerOptions } from '../../lib/index.ts'
import { over, refusal } from '../semantics/world.ts'
import { give, type Task, tasks, useShift } from './shift.ts'

const empty = { ready: 0, delayed: 0, inFlight: 0, dead: 0 }

over((world) => {
  const shift = useShift()

  describe('a handler that returns', () => {
    test('completes its message, and its result is kept', async () => {
      const queue = tasks(world)
      await shift().worker(queue)
      const { id } = await queue.send({ name: 'a', with: 'done' })
      expect(await queue.result({ id: id as string })).toBe('done')
      await shift().happened('completed a')
      expect(await queue.stats()).toMatchObject(empty)
    })

    test('completes a message that was sent with a key', async () => {
      const queue = tasks(world)
      await shift().worker(queue)
      const { id } = await queue.send({ name: 'a', with: 'done' }, { idempotencyKey: 'k' })
      await shift().happened('completed a')
      expect(await queue.send({ name: 'a', with: 'done' }, { idempotencyKey: 'k' })).toEqual({
        id,
        duplicate: true,
        result: 'done',
      })
    })

    test('what cannot be stored has failed', async () => {
      const queue = tasks(world, { deadLetter: { maxReceives: 1 } })
      const worker = new Worker(queue as Queue, () => () => 1, { backoff: () => 0 })
      await queue.send({ name: 'a' })
      const failed = new Promise<{ error: unknown }>((resolve) => worker.on('failed', resolve))
      await worker.start()
      expect(((await failed).error as { code: string }).code).toBe('InvalidBody')
      await worker.stop()
    })
  })

  describe('a handler that throws', () => {
    test('gets its message again, until it is a dead letter with the last error', async () => {
      const queue = tasks(world, { deadLetter: { maxReceives: 3 } })
      await give(queue, { name: 'a', do: 'throw', with: 'no luck at all' })
      await shift().worker(queue)
      await expect.poll(() => queue.deadLetters.count()).toBe(1)
      expect(shift().deliveries.get('a')).toEqual([1, 2, 3])
      const { letters } = await queue.deadLetters.list()
      expect(letters).toMatchObject([
        { body: { name: 'a' }, reason: 'maxReceives', error: 'no luck at all', deliveries: 3, attempts: 3 },
      ])
      expect(shift().count('failed a')).toBe(3)
    })

    test('waits for the backoff', async () => {
      const queue = tasks(world)
      await give(queue, { name: 'a', do: 'throw' })
      const seen: unknown[] = []
      await shift().worker(queue, {
        backoff: (attempts, error) => {
          seen.push([attempts, (error as Error).message])
          return '1h'
        },
      })
      await shift().happened('failed a')
      expect(seen).toEqual([[1, 'no luck']])
      expect(await queue.stats()).toMatchObject({ ...empty, delayed: 1 })
    })

    test('is not hurt by a backoff that is none', async () => {
      const queue = tasks(world)
      await give(queue, { name: 'a', do: 'throw' })
      const worker = await shift().worker(queue, { backoff: () => 'soon' })
      await shift().happened('failed a')
      await worker.stop()
      expect(shift().errors[0]).toMatchObject({ code: 'InvalidDuration' })
      const { ready, delayed, inFlight } = await queue.stats()
      expect([ready + delayed, inFlight]).toEqual([1, 0])
    })

    test('Reject makes a dead letter at once', async () => {
      const queue = tasks(world)
      await give(queue, { name: 'a', do: 'reject', with: 'no url' })
      await shift().worker(queue)
      await shift().happened('rejected a')
      const { letters } = await queue.deadLetters.list()
      expect(letters).toMatchObject([{ reason: 'rejected', error: 'no url', attempts: 1 }])
    })
  })

  describe('a worker', () => {
    test('runs as many handlers at once as it may, and no more', async () => {
      const queue = tasks(world)
      const names = Array.from({ length: 12 }, (_, i) => `m${i}`)
      await queue.sendMany(names.map((name) => ({ body: { name, do: 'hang' as const } })))
      await shift().worker(queue, { concurrency: 4 })
      await expect.poll(() => shift().running.size).toBe(4)
      for (let ended = 0; ended < names.length; ) {
        const [name] = shift().running
        if (name) shift().end(name)
        await expect.poll(() => shift().count('completed')).toBeGreaterThan(ended)
        ended = shift().count('completed')
      }
      expect([shift().most, shift().started.length]).toEqual([4, 12])
    })

    test('takes from several queues, and from all their partitions', async () => {
      const [one, two] = [tasks(world, { partitions: 3 }), tasks(world)]
      await shift().worker([one, two], { concurrency: 3 })
      const names = ['a', 'b', 'c', 'd', 'e', 'f']
      for (const name of names) await give(name < 'd' ? one : two, name)
      await shift().happened(...names.map((name) => `completed ${name}`))
      expect(shift().most).toBeLessThanOrEqual(3)
    })

    test('shares a queue with others: each message runs once', async () => {
      const queue = tasks(world)
      const other = world.same(await world.another(), queue)
      await shift().worker(queue, { concurrency: 3 })
      await shift().worker(other, { concurrency: 3 })
      const count = world.store === 'memory' ? 20 : 300
      await queue.sendMany(Array.from({ length: count }, (_, i) => ({ body: { name: `m${i}` } })))
      await expect.poll(() => shift().count('completed')).toBe(count)
      expect(new Set(shift().started).size).toBe(count)
      expect(await queue.stats()).toMatchObject(empty)
    })

    test('has nothing to do, and is woken by a send', async () => {
      const queue = tasks(world)
      await shift().worker(queue)
      await shift().happened('idle')
      await give(queue, 'a')
      await shift().happened('completed a')
    })

    test('is woken when a delayed message falls due', async () => {
      const queue = tasks(world)
      await shift().worker(queue)
      await shift().happened('idle')
      await queue.send({ name: 'a' }, { delay: 300 })
      await shift().happened('completed a')
    })

    test('takes over what another left, when its deadline passes', async () => {
      const queue = tasks(world)
      await give(queue, 'a')
      await queue.receive({ visibility: 300 })
      await shift().worker(queue)
      await shift().happened('completed a')
      expect(shift().deliveries.get('a')).toEqual([2])
    })

    test('does not take from a paused queue, and goes on when it does', async () => {
      const queue = tasks(world)
      await queue.pause()
      await shift().worker(queue)
      await give(queue, 'a')
      await shift().happened('idle')
      expect(shift().started).toEqual([])
      await queue.resume()
      await shift().happened('completed a')
    })

    test('puts aside what does not fit the schema, without a handler', async () => {
      const plain = tasks(world)
      await plain.send({ nome: 'a' } as never)
      const queue = world.client.queue<Task, unknown>(plain.name, { schema: z.object({ name: z.string() }) as never })
      const worker = await shift().worker(queue)
      const rejected = new Promise<{ reason: string }>((resolve) => worker.on('rejected', resolve))
      await expect.poll(() => plain.deadLetters.count()).toBe(1)
      expect(shift().started).toEqual([])
      void rejected
    })

    test('says how it is', async () => {
      const queue = tasks(world)
      const worker = await shift().worker(queue, { concurrency: 2 })
      await give(queue, { name: 'a', do: 'hang' })
      await shift().runs('a')
      expect(worker.health()).toMatchObject({ running: true, inFlight: 1, ahead: 0 })
      expect(worker.health().lastAnswerAge).toBeLessThan(10_000)
      shift().end('a')
      await worker.stop()
      expect(worker.health()).toMatchObject({ running: false, inFlight: 0 })
    })

    test('starts once', async () => {
      const worker = await shift().worker(tasks(world))
      expect((await refusal(worker.start())).code).toBe('InvalidOption')
      await worker.stop()
      await worker.stop()
      expect((await refusal(worker.start())).code).toBe('InvalidOption')
    })

    test('does not start on a queue whose attributes differ', async () => {
      const queue = tasks(world, { visibility: '10s' })
      await queue.stats()
      const other = world.client.queue<Task, unknown>(queue.name, { visibility: '20s' })
      expect((await refusal(shift().worker(other))).code).toBe('AttributesDiffer')
    })
  })

  describe('a worker is refused', () => {
    const refused: Record<string, [code: string, options: WorkerOptions | object]> = {
      'with no concurrency': ['InvalidOption', { concurrency: 0 }],
      'with half a handler': ['InvalidOption', { concurrency: 1.5 }],
      'with too short a visibility': ['InvalidDuration', { visibility: 50 }],
      'with a bad runtime': ['InvalidDuration', { maxRuntime: 'long' }],
      'with a backoff that is no function': ['InvalidOption', { backoff: 5 }],
      'with an option that there is not': ['UnknownOption', { concurency: 5 }],
    }
    for (const [is, [code, options]] of Object.entries(refused)) {
      test(is, async () => {
        expect((await refusal(() => new Worker(world.queue(), () => 1, options))).code).toBe(code)
      })
    }

    test('without a queue or a handler', async () => {
      expect((await refusal(() => new Worker([], () => 1))).code).toBe('InvalidOption')
      expect((await refusal(() => new Worker('queue' as never, () => 1))).code).toBe('InvalidOption')
      expect((await refusal(() => new Worker(world.queue(), 5 as never))).code).toBe('InvalidOption')
    })
  })
})
