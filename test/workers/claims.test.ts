// Keys that a worker derives from messages that were sent without one.
import { describe, expect, test } from 'vitest'
import type { Backend } from '../../lib/backend.ts'
import { Claims } from '../../workers/claims.ts'
import type { Job } from '../../workers/job.ts'
import { over } from '../semantics/world.ts'
import { give, type Task, tasks, useShift } from './shift.ts'

over((world) => {
  const shift = useShift()
  /** What stands before the dot is the key. */
  const idempotencyKey = ({ body }: { body: unknown }) => (body as Task).name.split('.')[0] as string

  describe('a worker that derives keys', () => {
    test('drops what was done before, and tells', async () => {
      const queue = tasks(world)
      const worker = await shift().worker(queue, { idempotencyKey })
      const keys: string[] = []
      worker.on('duplicate', ({ key }) => void keys.push(key))
      await give(queue, 'k.1')
      await shift().happened('completed k.1')
      await give(queue, 'k.2', 'l.1')
      await shift().happened('duplicate k.2', 'completed l.1')
      expect([keys, shift().started]).toEqual([['k'], ['k.1', 'l.1']])
      await expect.poll(() => queue.stats()).toMatchObject({ ready: 0, inFlight: 0, processed: 2 })
    })

    test('never runs two with one key at once, over partitions and workers', async () => {
      const queue = tasks(world, { partitions: 3 })
      const running = new Map<string, number>()
      const clashes: string[] = []
      await shift().worker(queue, { concurrency: 4, idempotencyKey })
      await shift().worker(world.same(await world.another(), queue), { concurrency: 4, idempotencyKey })
      const count = world.store === 'memory' ? 8 : 24
      const names = Array.from({ length: count }, (_, i) => `k${i % 4}.${i}`)
      await queue.sendMany(names.map((name) => ({ body: { name, do: 'hang' as const } })))
      await expect.poll(() => shift().running.size).toBe(4)
      for (const name of shift().running) {
        const key = name.split('.')[0] as string
        running.set(key, (running.get(key) ?? 0) + 1)
      }
      expect([...running.values()]).toEqual([1, 1, 1, 1])
      shift().end(...names)
      const over = () => shift().count('completed') + shift().count('duplicate')
      await expect.poll(over).toBe(count)
      expect([shift().count('completed'), clashes]).toEqual([4, []])
    })

    test('lets the next one with a key run when the first has failed for good', async () => {
      const queue = tasks(world, { deadLetter: { maxReceives: 1 } })
      await shift().worker(queue, { idempotencyKey })
      await give(queue, { name: 'k.1', do: 'throw' })
      await shift().happened('failed k.1')
      await give(queue, { name: 'k.2', do: 'reject' })
      await shift().happened('rejected k.2')
      await give(queue, 'k.3')
      await shift().happened('completed k.3')
      expect(await queue.deadLetters.count()).toBe(2)
    })

    test('tries one that failed again, under its own key', async () => {
      const queue = tasks(world, { deadLetter: { maxReceives: 2 } })
      await shift().worker(queue, { idempotencyKey })
      await give(queue, { name: 'k.1', do: 'throw' })
      await expect.poll(() => queue.deadLetters.count()).toBe(1)
      expect(shift().deliveries.get('k.1')).toEqual([1, 2])
    })

    test('goes by the key with which a message was sent, where it has one', async () => {
      const queue = tasks(world)
      await shift().worker(queue, { idempotencyKey })
      await queue.send({ name: 'k.1' }, { idempotencyKey: 'k' })
      await shift().happened('completed k.1')
      await give(queue, 'k.2')
      await shift().happened('duplicate k.2')
      expect(await queue.send({ name: 'k.1' }, { idempotencyKey: 'k' })).toMatchObject({ duplicate: true })
    })

    test('fails what it can derive no key from', async () => {
      const queue = tasks(world, { deadLetter: { maxReceives: 1 } })
      await shift().worker(queue, {
        concurrency: 2,
        idempotencyKey: ({ body }) => {
          if (body.name === 'throws') throw new Error('no key here')
          return (body.name === 'none' ? undefined : body.name) as string
        },
      })
      await give(queue, 'throws', 'none', 'good')
      await shift().happened('failed throws', 'failed none', 'completed good')
      const { letters } = await queue.deadLetters.list()
      expect(letters.map(({ error }) => error).join()).toMatch(/no key here/)
      expect(shift().started).toEqual(['good'])
    })
  })
})

over(
  (world) => {
    const shift = useShift()

    test('does not count the wait for another that holds the key', async () => {
      const queue = tasks(world, { partitions: 1, deadLetter: { maxReceives: 2 } })
      await shift().worker(queue, { concurrency: 2, idempotencyKey: ({ body }) => body.name.slice(0, 1) })
      await give(queue, { name: 'k.1', do: 'hang' })
      await shift().runs('k.1')
      await give(queue, 'k.2')
      await expect.poll(() => shift().count('released k.2')).toBeGreaterThanOrEqual(2)
      shift().end('k.1')
      await shift().happened('completed k.1', 'duplicate k.2')
      expect(await queue.deadLetters.count()).toBe(0)
    })
  },
  ['redis', 'valkey', 'cluster'],
  'speed',
)

test('a job that gives its claim up while it is prolonged hinders none of those beside it', async () => {
  const claimed: string[] = []
  const partition = {
    claim: async (list: { key: string }[]) => {
      claimed.push(...list.map(({ key }) => key))
      return list.map(() => ({ outcome: 'g', wait: 0 }))
    },
  }
  const map = { version: '1', candidates: () => [{ partition }] }
  const backend = { open: async () => ({ map }), deadline: () => 0 } as unknown as Backend
  const jobs = ['a', 'b'].map((key) => {
    const claim = { key: key.repeat(22), name: key, home: undefined }
    return { claim, message: { delivered: { short: key } } } as unknown as Job
  })
  const prolonged = new Claims(() => '').prolong(backend, jobs, 1_000)
  for (const job of jobs.slice(0, 1)) job.claim = undefined
  await prolonged
  expect(claimed).toEqual(['a'.repeat(22), 'b'.repeat(22)])
})
