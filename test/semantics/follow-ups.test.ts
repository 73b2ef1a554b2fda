// Messages that follow a completion: sent with it, in one step, or not at all.
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Complete, type Message, type Queue, Worker } from '../../lib/index.ts'
import type { Lane } from '../../lib/lane.ts'
import { until } from '../crash/until.ts'
import { over, refusal } from './world.ts'

over((world) => {
  async function received(queue: Queue<string>, body = 'work'): Promise<Message<string>> {
    await queue.send(body)
    const [message] = (await queue.receive({ wait: '5s' })) as [Message<string>]
    return message
  }

  describe('follow-ups of a completion', () => {
    test('go to any queues, by name or by handle, with the options of a send', async () => {
      const [first, second] = [world.queue<string>(), world.queue<{ n: number }>({ partitions: 3 })]
      await first.stats()
      const message = await received(world.queue<string>())
      await message.complete('done' as never, {
        send: [
          { queue: first.name, body: 'one' },
          { queue: second, body: { n: 2 }, idempotencyKey: 'k', attributes: { kind: { type: 'String', value: 'x' } } },
          { queue: second, body: { n: 3 }, delay: '1h' },
        ],
      })
      const [one] = await first.receive({ wait: '5s' })
      const [two] = await second.receive({ wait: '5s' })
      expect(one?.body).toBe('one')
      expect([two?.body, two?.attributes, two?.deliveries]).toEqual([
        { n: 2 },
        { kind: { type: 'String', value: 'x' } },
        1,
      ])
      await until('the third has arrived', async () => (await second.stats()).delayed === 1)
      const again = { idempotencyKey: 'k', attributes: { kind: { type: 'String', value: 'x' } } }
      expect(await second.send({ n: 2 }, again)).toMatchObject({ id: two?.id, duplicate: true })
    })

    test('come back to the queue itself, too', async () => {
      const queue = world.queue<string>()
      const message = await received(queue)
      await message.complete(undefined, { send: [{ queue, body: 'next' }] })
      const [next] = await queue.receive({ wait: '5s' })
      expect(next?.body).toBe('next')
    })

    test('are not sent where the completion is refused', async () => {
      const queue = world.queue<string>()
      const next = world.queue<string>()
      await next.stats()
      await queue.send('work')
      const [stale] = (await queue.receive({ wait: '5s', visibility: 0 })) as [Message<string>]
      const [message] = (await queue.receive({ wait: '5s', visibility: '1h' })) as [Message<string>]
      const send = [{ queue: next, body: 'x' }]
      expect((await refusal(stale.complete(undefined, { send }))).code).toBe('LostMessage')
      await message.complete(undefined, { send })
      await message.complete(undefined, { send })
      await until('it has arrived', async () => (await next.stats()).ready === 1)
      expect((await queue.stats()).moving).toBe(0)
      expect((await next.stats()).ready).toBe(1)
    })

    test('are checked before anything is done', async () => {
      const queue = world.queue<string>()
      const small = world.queue<string>({ maxMessageSize: 1024 })
      const strict = world.queue({ schema: z.object({ n: z.number() }) })
      const message = await received(queue)
      const code = async (send: unknown) => (await refusal(message.complete(undefined, { send } as never))).code
      expect(
        await code([
          { queue: small, body: 'x' },
          { queue: 'no-such-queue', body: 'x' },
        ]),
      ).toBe('QueueDoesNotExist')
      expect(await code([{ queue: small, body: 'x'.repeat(2_000) }])).toBe('MessageTooLarge')
      expect(await code([{ queue: strict, body: { n: 'x' } }])).toBe('SchemaMismatch')
      expect(await code([{ queue: small, body: 'x', dealy: 1 }])).toBe('UnknownOption')
      expect(await code([{ queue: small, body: 'x', delay: 'soon' }])).toBe('InvalidDuration')
      expect(await code([{ queue: {}, body: 'x' }])).toBe('InvalidOption')
      expect(await code('x')).toBe('InvalidOption')
      expect(await code(Array.from({ length: 101 }, () => ({ queue: small, body: 'x' })))).toBe('InvalidOption')
      expect(await queue.stats()).toMatchObject({ inFlight: 1, moving: 0 })
      expect(await small.stats()).toMatchObject({ ready: 0 })
    })

    test('of which one has a key that is known are dropped as a send would be', async () => {
      const next = world.queue<string>({ partitions: 1 })
      await next.send('x', { idempotencyKey: 'k' })
      const message = await received(world.queue<string>())
      await message.complete(undefined, {
        send: [
          { queue: next, body: 'x', idempotencyKey: 'k' },
          { queue: next, body: 'y' },
        ],
      })
      await until('the other has arrived', async () => (await next.stats()).ready === 2)
      expect((await next.receive({ max: 10 })).map(({ body }) => body).sort()).toEqual(['x', 'y'])
    })

    test('of many completions at once go with them, in calls of a bounded size', async () => {
      const queue = world.queue<number>({ partitions: 1 })
      const next = world.queue<number>({ partitions: 1 })
      await next.stats()
      await queue.sendMany(Array.from({ length: 12 }, (_, body) => ({ body })))
      const messages = await queue.receive({ max: 12 })
      const [{ partition }] = (await queue.backend.open()).lanes as [Lane]
      const work = partition.work.bind(partition)
      const sizes: number[] = []
      partition.work = (done, ...rest) => {
        sizes.push(done.reduce((sum, { followUps }) => sum + 1 + (followUps?.length ?? 0), 0))
        return work(done, ...rest)
      }
      const send = Array.from({ length: 100 }, (_, body) => ({ queue: next, body }))
      await Promise.all(messages.map((message) => message.complete(undefined, { send })))
      expect(Math.max(...sizes)).toBeLessThanOrEqual(500)
      await until('all have arrived', async () => (await next.stats()).ready === 1_200)
      expect(await queue.stats()).toMatchObject({ inFlight: 0, moving: 0 })
    })

    test('become dead letters where their queue is removed before they arrive', async () => {
      const queue = world.queue<string>()
      const gone = world.queue<string>()
      await gone.stats()
      const message = await received(queue)
      const { outbox } = world.client.shared
      const forward = outbox.forward.bind(outbox)
      outbox.forward = async () => {}
      try {
        await message.complete(undefined, { send: [{ queue: gone, body: 'x' }] })
        expect(await queue.stats()).toMatchObject({ moving: 1 })
        await world.client.queues.remove(gone.name)
      } finally {
        outbox.forward = forward
      }
      for (const { partition } of queue.backend.opened?.lanes ?? []) await outbox.forward(partition)
      expect((await queue.deadLetters.list()).letters).toMatchObject([
        { body: 'x', reason: 'QueueDoesNotExist', error: gone.name },
      ])
    })
  })

  describe('a handler that returns Complete', () => {
    test('completes its message with the result, and sends', async () => {
      const queue = world.queue<string, number>()
      const next = world.queue<string>()
      await next.stats()
      const { id } = await queue.send('work')
      const worker = new Worker(
        queue,
        async ({ body }) => new Complete(42, { send: [{ queue: next, body: `after ${body}` }] }),
      )
      const completed = new Promise<unknown>((resolve) => worker.on('completed', ({ result }) => resolve(result)))
      await worker.start()
      expect(await completed).toBe(42)
      expect(await queue.result(id as string)).toBe(42)
      const [message] = await next.receive({ wait: '5s' })
      expect(message?.body).toBe('after work')
      await worker.stop()
    })

    test('under a key of the worker’s own sends once', async () => {
      const queue = world.queue<string>({ partitions: 3 })
      const next = world.queue<string>()
      await next.stats()
      await queue.sendMany(Array.from({ length: 12 }, (_, i) => ({ body: `k${i % 4}` })))
      const worker = new Worker(queue, async ({ body }) => new Complete(undefined, { send: [{ queue: next, body }] }), {
        idempotencyKey: ({ body }) => body,
        concurrency: 4,
      })
      await worker.start()
      await until('all are done', async () => {
        const { ready, delayed, inFlight, moving } = await queue.stats()
        return ready + delayed + inFlight + moving === 0
      })
      await worker.stop()
      expect((await next.receive({ max: 20 })).map(({ body }) => body).sort()).toEqual(['k0', 'k1', 'k2', 'k3'])
    })

    test('with what cannot be sent has failed', async () => {
      const queue = world.queue<string>({ deadLetter: { maxReceives: 1 } })
      await queue.send('work')
      const worker = new Worker(queue, () => new Complete(undefined, { send: [{ queue: 'no-such-queue', body: 'x' }] }))
      await worker.start()
      await until('it is dead', async () => (await queue.deadLetters.count()) === 1)
      await worker.stop()
      expect((await queue.deadLetters.list()).letters[0]?.error).toMatch(/no-such-queue does not exist/)
    })
  })

  describe('on FIFO queues', () => {
    test('a follow-up without a group is refused, by name too', async () => {
      const queue = world.queue()
      await queue.send('x')
      const name = `next${Math.random().toString(36).slice(2)}.fifo`
      await world.client.queues.create(name, { contentBasedDeduplication: true })
      const [message] = await queue.receive()
      const call = message?.complete(undefined, { send: [{ queue: name, body: 'y' }] }) as Promise<void>
      expect(await refusal(call)).toMatchObject({ code: 'MissingGroup' })
      expect(await queue.stats()).toMatchObject({ inFlight: 1 })
    })

    test('dead letters keep the order of their groups, and so do messages that are moved back', async () => {
      const dead = world.client.queue<string>(`dead${Math.random().toString(36).slice(2)}.fifo`)
      await dead.stats()
      const source = world.client.queue<string>(`source${Math.random().toString(36).slice(2)}.fifo`, {
        deadLetter: { queue: dead.name, maxReceives: 1 },
      })
      const bodies = ['a', 'b', 'c', 'd', 'e']
      for (const body of bodies) await source.send(body, { group: 'g', deduplicationId: body })
      for (let left = bodies.length; left > 0; ) {
        const batch = await source.receive({ max: left, wait: '5s' })
        for (const message of batch) await message.reject('why')
        left -= batch.length
      }
      await until('all have arrived', async () => (await dead.stats()).ready === bodies.length)
      const letters = await dead.receive({ max: 10, wait: '5s', visibility: 0 })
      expect(letters.map(({ body }) => body)).toEqual(bodies)
      expect(letters.map(({ group, deduplicationId, id }) => [group, deduplicationId === id])).toEqual(
        bodies.map(() => ['g', true]),
      )
      expect(letters[0]?.deadLetterSource).toBe(source.name)
      await world.client.moves.start({ from: dead.name })
      await until('all are back', async () => (await source.stats()).ready === bodies.length)
      const back = await source.receive({ max: 10, wait: '5s' })
      expect(back.map(({ body, deduplicationId }) => [body, deduplicationId])).toEqual(
        bodies.map((body) => [body, body]),
      )
    })

    test('a follow-up is deduplicated as a send is', async () => {
      const next = world.client.queue<string>(`next${Math.random().toString(36).slice(2)}.fifo`)
      await next.send('x', { group: 'g', deduplicationId: 'd' })
      const message = await received(world.queue<string>())
      await message.complete(undefined, {
        send: [
          { queue: next, body: 'y', group: 'g', deduplicationId: 'd' },
          { queue: next, body: 'z', group: 'g', deduplicationId: 'e' },
        ],
      })
      await until('the other has arrived', async () => (await next.stats()).ready === 2)
      expect((await next.receive({ max: 10 })).map(({ body }) => body)).toEqual(['x', 'z'])
      const other = await received(world.queue<string>())
      const send = [{ queue: next, body: 'x', deduplicationId: 'f' }]
      expect((await refusal(other.complete(undefined, { send }))).code).toBe('MissingGroup')
    })
  })
})
