// Sends to a FIFO queue that nobody awaits keep the order of their calls.
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { connect, type Queue, type QueueOptions } from '../../lib/index.ts'
import { startProxy } from '../harness/proxy.ts'
import { startRedis } from '../harness/servers.ts'
import { namespace, redisUrl } from '../harness/stores.ts'
import { over, refusal } from './world.ts'

const OPTIONS = { partitions: 1, contentBasedDeduplication: true }
const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i)
const send = (queue: Queue, list: number[]) => list.map((n) => queue.send(n, { group: 'g' }))

async function received(queue: Queue): Promise<unknown[]> {
  return (await queue.receive({ max: 500, wait: '5s' })).map(({ body }) => body)
}

over((world) => {
  const fifo = (options: QueueOptions = {}) => world.fifo({ ...OPTIONS, ...options }) as Queue

  describe('unawaited sends keep the order of their calls', () => {
    test('at the first use of a handle', async () => {
      const queue = fifo()
      await Promise.all(send(queue, numbers(30)))
      expect(await received(queue)).toEqual(numbers(30))
    })

    test('while the queue opens and after', async () => {
      const queue = fifo()
      const sent = send(queue, numbers(5))
      void queue.stats()
      for (let n = 5; n < 25; n++) {
        await new Promise((resolve) => setImmediate(resolve))
        sent.push(queue.send(n, { group: 'g' }))
      }
      await Promise.all(sent)
      expect(await received(queue)).toEqual(numbers(25))
    })

    test('through two handles of one client', async () => {
      const queue = fifo()
      const other = world.client.queue(queue.name) as Queue
      const handle = (n: number) => (n % 2 ? other : queue)
      const sent = numbers(30).map((n) => handle(n).send(n, { group: 'g', deduplicationId: String(n) }))
      await Promise.all(sent)
      expect(await received(queue)).toEqual(numbers(30))
    })

    test('with a schema whose check takes its time', async () => {
      const schema = z.number().refine(async (n) => {
        await sleep((n * 7) % 20)
        return true
      })
      const queue = fifo({ schema: schema as never })
      await Promise.all(send(queue, numbers(15)))
      expect(await received(queue)).toEqual(numbers(15))
    })

    test('beside one whose body is refused', async () => {
      const queue = fifo()
      const sent = [queue.send(0, { group: 'g' }), queue.send((() => 1) as never, { group: 'g' })]
      sent.push(...send(queue, [1, 2]))
      const outcomes = await Promise.allSettled(sent)
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
      expect(await received(queue)).toEqual([0, 1, 2])
    })

    for (const when of ['before', 'after'] as const) {
      test(`with sendMany between them, ${when} the first use`, async () => {
        const queue = fifo()
        if (when === 'after') await queue.stats()
        const sent: Promise<unknown>[] = [...send(queue, [0, 1])]
        sent.push(queue.sendMany([2, 3, 4].map((body) => ({ body, group: 'g' }))))
        sent.push(...send(queue, [5, 6]))
        sent.push(queue.sendMany([7, 8].map((body) => ({ body, group: 'g' }))))
        sent.push(...send(queue, [9]))
        await Promise.all(sent)
        expect(await received(queue)).toEqual(numbers(10))
      })
    }

    test('in every group of several partitions', async () => {
      const queue = fifo({ partitions: 3, deduplicationScope: 'messageGroup' })
      await Promise.all(numbers(40).map((n) => queue.send(n, { group: `g${n % 5}` })))
      const seen: number[] = []
      while (seen.length < 40) {
        const some = await queue.receive({ max: 500, wait: '5s' })
        seen.push(...some.map(({ body }) => body as number))
        if (some.length === 0) break
      }
      for (const group of numbers(5)) {
        const own = numbers(40).filter((n) => n % 5 === group)
        expect(seen.filter((n) => n % 5 === group)).toEqual(own)
      }
    })
  })

  test('a send that has waited too long for its turn gives it up, and those behind it go on', async () => {
    let free = () => {}
    const held = new Promise<void>((resolve) => (free = resolve))
    const schema = z.string().refine(async (body) => {
      if (body === 'slow') await held
      return true
    })
    const queue = fifo({ schema: schema as never })
    await queue.stats()
    const slow = refusal(queue.send('slow' as never, { group: 'g', deduplicationId: 'slow', timeout: 50 }))
    const behind = queue.send('next' as never, { group: 'g', deduplicationId: 'next' })
    expect(await slow).toMatchObject({ code: 'Timeout' })
    expect(await behind).toMatchObject({ id: expect.any(String) })
    free()
    expect(await queue.stats()).toMatchObject({ ready: 1 })
  })

  test('a handle whose attributes differ does not stop the sends of another', async () => {
    const queue = world.client.queue(`differs-${world.store}.fifo`, { ...OPTIONS, visibility: '1m' })
    await (world.same(await world.another(), queue) as Queue).configure({ ...OPTIONS_OF_QUEUE, visibility: '2m' })
    const outcome = await Promise.allSettled([queue.send(0, { group: 'g' })])
    expect(outcome).toMatchObject([{ reason: { code: 'AttributesDiffer' } }])
    const fitting = world.client.queue(queue.name) as Queue
    await Promise.all(send(fitting, [1, 2]))
    expect(await received(fitting)).toEqual([1, 2])
  })

  test('sendMany answers each of its messages, also those that it refuses', async () => {
    const queue = fifo()
    const outcomes = await queue.sendMany([
      { body: 1, group: 'g' },
      { body: 2 },
      { body: 1, group: 'g' },
      { body: 3, group: 'g' },
    ])
    expect(outcomes).toMatchObject([
      { sequenceNumber: expect.stringMatching(/^\d{20}$/) },
      { error: { code: 'MissingGroup' } },
      { duplicate: true, id: (outcomes[0] as { id: string }).id },
      { id: expect.any(String) },
    ])
    expect(await received(queue)).toEqual([1, 3])
  })
})

const OPTIONS_OF_QUEUE = { contentBasedDeduplication: true }

describe('the order of unawaited sends survives', () => {
  test('that Redis forgets its scripts', async () => {
    await using server = await startRedis()
    await using client = await connect(server.url)
    const queue = client.queue('orders.fifo', OPTIONS) as Queue
    const redis = new Redis(server.url)
    await queue.stats()
    const sent = []
    for (const n of numbers(60)) {
      sent.push(queue.send(n, { group: 'g' }))
      if (n % 10 === 5) await redis.script('FLUSH')
    }
    await Promise.all(sent)
    redis.disconnect()
    expect(await received(queue)).toEqual(numbers(60))
  })

  for (const lost of [false, true]) {
    test(`that the connection breaks${lost ? ', with replies lost' : ''}`, async () => {
      await using proxy = await startProxy(redisUrl())
      const own = namespace()
      await using near = await connect(redisUrl(), { namespace: own })
      await using far = await connect(proxy.url, { namespace: own })
      const queue = far.queue('orders.fifo', { ...OPTIONS, partitions: 3, deduplicationScope: 'messageGroup' }) as Queue
      await queue.stats()
      const sent: Promise<unknown>[] = []
      for (const n of numbers(200)) {
        sent.push(queue.send(n, { group: `g${n % 4}` }))
        if (n % 50 === 20) proxy.loseReplies = lost
        if (n % 50 === 30) {
          proxy.cut()
          proxy.loseReplies = false
        }
        if (n % 5 === 0) await sleep(2)
      }
      await Promise.all(sent)
      const direct = near.queue('orders.fifo') as Queue
      const seen: number[] = []
      for (let some = await direct.receive({ max: 500 }); some.length > 0; some = await direct.receive({ max: 500 })) {
        seen.push(...some.map(({ body }) => body as number))
      }
      for (const group of numbers(4)) {
        expect(seen.filter((n) => n % 4 === group)).toEqual(numbers(200).filter((n) => n % 4 === group))
      }
    })
  }
})
