// What has a home of its own, by an idempotency key, when the number of partitions changes and with it the home.
import { describe, expect, test } from 'vitest'
import { type Queue, type Sent, Worker } from '../../lib/index.ts'
import { until } from '../crash/until.ts'
import { keyAt, numberOf, takeAll, two } from './repartitioned.ts'
import { over } from './world.ts'

over((world) => {
  describe('a key', () => {
    const keys = Array.from({ length: 30 }, (_, i) => `key ${i}`)

    test('that is pending stays one message, whoever sends it and by whichever map', async () => {
      const { queue, other } = await two(world, 1)
      const first = await queue.sendMany(keys.map((key) => ({ body: 'x', idempotencyKey: key })))
      for (const count of [3, 6, 2]) {
        await other.repartition(count)
        for (const one of [queue, other]) {
          const again = await one.sendMany(keys.map((key) => ({ body: 'x', idempotencyKey: key })))
          expect(again).toEqual(first.map((sent) => ({ ...sent, duplicate: true })))
        }
      }
      expect(await queue.stats()).toMatchObject({ ready: keys.length })
    })

    test('that is done stays done, with its result', async () => {
      const { queue, other } = await two(world, 2)
      const first = (await Promise.all(keys.map((key) => queue.send(key, { idempotencyKey: key })))) as Sent[]
      await takeAll(queue, keys.length)
      await other.repartition(5)
      const again = await queue.sendMany(keys.map((key) => ({ body: key, idempotencyKey: key })))
      expect(again).toEqual(keys.map((key, i) => ({ id: first[i]?.id, duplicate: true, result: `did ${key}` })))
      expect(await other.result({ idempotencyKey: 'key 3' })).toBe('did key 3')
    })

    test('that is new is stored once when processes with different maps send it at the same time', async () => {
      const { queue, other } = await two(world, 1)
      for (const [round, count] of [4, 2, 5, 1].entries()) {
        const fresh = keys.map((key) => `${round} ${key}`)
        const sends = [queue, other].flatMap((one) =>
          fresh.map((key) => one.send('x', { idempotencyKey: key }) as Promise<Sent>),
        )
        const [sent] = await Promise.all([Promise.all(sends), other.repartition(count)])
        expect(sent.filter(({ duplicate }) => !duplicate)).toHaveLength(fresh.length)
        expect(new Set(sent.map(({ id }) => id)).size).toBe(fresh.length)
      }
    })

    test('has its messages in its new home, under ids that name it', async () => {
      const { queue, other } = await two(world, 1)
      await other.repartition(3)
      const sent = await queue.send('x', { idempotencyKey: keyAt(2, 3) })
      expect(numberOf(sent)).toBe(2)
      await takeAll(queue, 1)
      expect(await other.result(sent.id as string)).toBe('did x')
    })

    test('that a worker derives is claimed where it was claimed before', async () => {
      const { queue, other } = await two(world, 1)
      const body = keyAt(1, 2)
      let going: () => void = () => {}
      const gone = new Promise<void>((resolve) => (going = resolve))
      const done: string[] = []
      const duplicates: string[] = []
      const worker = (handle: Queue, name: string) => {
        const one = new Worker(handle, () => gone.then(() => void done.push(name)), {
          idempotencyKey: (message) => String(message.body),
        })
        return one.on('duplicate', () => void duplicates.push(name))
      }
      const [first, second] = [worker(queue, 'first'), worker(other, 'second')]
      await first.start()
      await queue.send(body)
      await until('the key is claimed', async () => (await queue.stats()).inFlight === 1)
      await other.repartition(2)
      await second.start()
      for (let i = 0; i < 4; i++) await other.send(body)
      await until('they have been looked at', async () => (await other.stats()).delayed > 0)
      expect(done).toEqual([])
      going()
      await until('all are done or dropped', () => done.length + duplicates.length === 5)
      expect(done).toEqual(['first'])
      await Promise.all([first.stop(), second.stop()])
    })
  })

  describe('a dead letter', () => {
    const dies = async (queue: Queue, body: string, key?: string) => {
      await queue.send(body, key ? { idempotencyKey: key } : {})
      const [message] = await queue.receive({ wait: '5s' })
      await message?.reject('no')
      return message?.id as string
    }

    test('goes back where its key has its home, and is not doubled', async () => {
      const { queue, other } = await two(world, 1)
      const [moved, taken] = [keyAt(1, 2), keyAt(1, 2, 'taken')]
      await dies(queue, 'moved', moved)
      await dies(queue, 'taken', taken)
      await dies(queue, 'plain')
      await other.repartition(2)
      await other.send('taken', { idempotencyKey: taken })
      expect(await queue.deadLetters.redrive()).toEqual({ redriven: 2, duplicates: 1 })
      expect(await other.send('moved', { idempotencyKey: moved })).toMatchObject({ duplicate: true })
      expect(await takeAll(queue, 3)).toEqual(['moved', 'plain', 'taken'])
      expect(await other.deadLetters.count()).toBe(1)
      expect(await other.deadLetters.redrive()).toEqual({ redriven: 0, duplicates: 1 })
    })

    test('of a drained partition is listed, put back and removed', async () => {
      const { queue, other } = await two(world, 2)
      const ids = [await dies(queue, 'a'), await dies(queue, 'b'), await dies(queue, 'c'), await dies(queue, 'd')]
      await other.repartition(1)
      const { letters } = await other.deadLetters.list()
      expect(letters.map(({ body }) => body).sort()).toEqual(['a', 'b', 'c', 'd'])
      expect(await other.deadLetters.redrive({ ids: ids.slice(0, 2) })).toEqual({ redriven: 2, duplicates: 0 })
      expect(await other.deadLetters.remove({ ids: ids.slice(2) })).toBe(2)
      expect(await takeAll(queue, 2)).toEqual(['a', 'b'])
    })
  })
})
