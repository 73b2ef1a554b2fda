// Workers on queues whose messages carry groups.
import { describe, expect, test } from 'vitest'
import type { QueueOptions } from '../../lib/index.ts'
import { over } from '../semantics/world.ts'
import { type Task, useShift } from './shift.ts'

over((world) => {
  const shift = useShift()
  const fifo = (options: QueueOptions = {}) =>
    world.fifo<Task, unknown>({ partitions: 1, contentBasedDeduplication: true, ...options } as never)

  /** Each goes to the group of its first letter. */
  async function give(queue: ReturnType<typeof fifo>, ...list: (Task | string)[]): Promise<void> {
    for (const one of list) {
      const task = typeof one === 'string' ? { name: one } : one
      await queue.send(task, { group: task.name.slice(0, 1) })
    }
  }
  const hang = (...names: string[]): Task[] => names.map((name) => ({ name, do: 'hang' }))
  const ofGroup = (names: string[], group: string) => names.filter((name) => name.startsWith(group))

  describe('a worker on a FIFO queue', () => {
    test('runs the messages of a group in order, one at a time, and groups beside each other', async () => {
      const queue = fifo()
      await give(queue, ...hang('a1', 'a2', 'b1', 'b2', 'c1'))
      await shift().worker(queue, { concurrency: 10 })
      await shift().runs('a1', 'b1', 'c1')
      expect(shift().started.length).toBe(3)
      shift().end('a1')
      await shift().runs('a2')
      expect([...shift().running].sort()).toEqual(['a2', 'b1', 'c1'])
      shift().end('a2', 'b1', 'b2', 'c1')
      await shift().happened('completed a2', 'completed b2', 'completed c1')
      expect(ofGroup(shift().started, 'b')).toEqual(['b1', 'b2'])
    })

    test('runs no more groups at a time than its concurrency', async () => {
      const queue = fifo()
      await give(queue, ...hang('a1', 'b1', 'c1', 'd1'))
      await shift().worker(queue, { concurrency: 2 })
      await expect.poll(() => shift().running.size).toBe(2)
      shift().end('a1', 'b1', 'c1', 'd1')
      await shift().happened(...['a1', 'b1', 'c1', 'd1'].map((name) => `completed ${name}`))
      expect(shift().most).toBe(2)
    })

    test('keeps the order of groups though handlers are short and many', async () => {
      const queue = fifo()
      const count = world.store === 'memory' ? 5 : 40
      const names = Array.from({ length: count }, (_, i) => ['a', 'b', 'c'].map((group) => `${group}${i}`)).flat()
      await queue.sendMany(names.map((name) => ({ body: { name }, group: name.slice(0, 1) })))
      await shift().worker(queue, { concurrency: 5 })
      await expect.poll(() => shift().count('completed')).toBe(names.length)
      for (const group of ['a', 'b', 'c']) {
        expect(ofGroup(shift().started, group)).toEqual(ofGroup(names, group))
      }
      expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 0 })
    })

    test('shares groups with other workers: a group is with one at a time', async () => {
      const queue = fifo({ partitions: 3, deduplicationScope: 'messageGroup' })
      const other = world.same(await world.another(), queue)
      await shift().worker(queue, { concurrency: 3 })
      await shift().worker(other, { concurrency: 3 })
      const count = world.store === 'memory' ? 4 : 20
      const groups = ['a', 'b', 'c', 'd', 'e']
      const names = Array.from({ length: count }, (_, i) => groups.map((group) => `${group}${i}`)).flat()
      await Promise.all(names.map((name) => queue.send({ name }, { group: name.slice(0, 1) })))
      await expect.poll(() => shift().count('completed')).toBe(names.length)
      for (const group of groups) expect(ofGroup(shift().started, group)).toEqual(ofGroup(names, group))
    })

    test('holds a group up whose message has failed, until it comes again, and goes on with others', async () => {
      const queue = fifo()
      await give(queue, { name: 'a1', do: 'throw' }, 'a2', 'b1', 'b2')
      await shift().worker(queue, { concurrency: 2, backoff: (attempts) => (attempts < 3 ? 150 : '1h') })
      await shift().happened('completed b1', 'completed b2', 'failed a1')
      await expect.poll(() => shift().count('failed a1')).toBe(3)
      expect(shift().started).not.toContain('a2')
      expect(await queue.stats()).toMatchObject({ delayed: 1, inFlight: 0 })
    })

    test('goes on with a group when its failed message is a dead letter', async () => {
      const queue = fifo({ deadLetter: { maxReceives: 2 } })
      await give(queue, { name: 'a1', do: 'throw' }, { name: 'a2', do: 'reject' }, 'a3')
      await shift().worker(queue)
      await shift().happened('completed a3', 'rejected a2')
      expect(shift().started).toEqual(['a1', 'a1', 'a2', 'a3'])
      expect(await queue.deadLetters.count()).toBe(2)
    })

    test('is woken when a group goes on that another had', async () => {
      const queue = fifo()
      await give(queue, 'a1', 'a2')
      const held = await queue.receive()
      await shift().worker(queue)
      await shift().happened('idle')
      await give(queue, 'b1')
      await shift().happened('completed b1')
      expect(shift().started).toEqual(['b1'])
      for (const message of held) await message.complete()
      await shift().happened('completed a2')
    })

    test('takes over a group whose message nobody has completed, from its head', async () => {
      const queue = fifo()
      await give(queue, 'a1', 'a2', 'a3')
      expect((await queue.receive({ max: 2, visibility: 300 })).length).toBe(2)
      await shift().worker(queue, { concurrency: 5 })
      await shift().happened('completed a3')
      expect(shift().started).toEqual(['a1', 'a2', 'a3'])
      expect(shift().deliveries.get('a1')).toEqual([2])
    })

    test('keeps a group locked by its heartbeat for as long as the handler takes', async () => {
      const queue = fifo({ visibility: '6s' })
      await give(queue, ...hang('a1', 'a2'))
      await shift().worker(queue, { concurrency: 2 })
      await shift().worker(world.same(await world.another(), queue), { concurrency: 2 })
      await shift().runs('a1')
      const deadline = async () => (await queue.peek({ state: 'inFlight' })).messages[0]?.dueAt.getTime() ?? 0
      const first = await deadline()
      await expect.poll(deadline, { interval: 100 }).toBeGreaterThan(first)
      expect(shift().started).toEqual(['a1'])
      shift().end('a1', 'a2')
      await shift().happened('completed a2')
    })

    test('gives back what it holds when it stops, and another goes on in order', async () => {
      const queue = fifo()
      await give(queue, ...hang('a1', 'a2'))
      const worker = await shift().worker(queue)
      await shift().runs('a1')
      await worker.stop({ grace: 0 })
      await shift().happened('released a1')
      shift().end('a1', 'a2')
      await shift().worker(queue)
      await shift().happened('completed a1', 'completed a2')
      expect(shift().started).toEqual(['a1', 'a1', 'a2'])
    })
  })

  describe('a worker on a queue with tenants', () => {
    test('comes to a quiet tenant before the rest of a noisy one', async () => {
      const queue = world.queue<Task, unknown>({ partitions: 1, noisy: { inFlight: 2, share: 0.1 } })
      const noisy = hang(...Array.from({ length: 12 }, (_, i) => `n${i}`))
      for (const task of noisy) await queue.send(task, { group: 'n' })
      await shift().worker(queue, { concurrency: 3 })
      await expect.poll(() => shift().running.size).toBe(3)
      await queue.send({ name: 'q1' }, { group: 'q' })
      await queue.send({ name: 'q2' }, { group: 'q' })
      shift().end(...[...shift().running])
      await shift().happened('completed q1', 'completed q2')
      expect(shift().started.filter((name) => name.startsWith('n')).length).toBeLessThan(12)
      shift().end(...noisy.map(({ name }) => name))
      await expect.poll(() => shift().count('completed')).toBe(14)
      expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 0 })
    })
  })
})
