// What is changed for a queue holds in all its partitions once the call has answered; and if its process died, soon after.
import { describe, expect, test } from 'vitest'
import type { Queue } from '../../lib/index.ts'
import { EVERYWHERE, over, refusal } from './world.ts'

const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sqs:PurgeQueue', Resource: '*' }],
})

over((world) => {
  const { needs } = world
  const lanes = (queue: Queue) => queue.backend.opened?.lanes ?? []
  /** A field of each partition. */
  const held = (queue: Queue, field: string) =>
    Promise.all(
      lanes(queue).map(({ partition }) =>
        world.client.shared.connection.redis.hget(`boomerang:{${partition.tag}}:meta`, field),
      ),
    )
  const soon = () => performance.now() + 5_000
  const filled = async (partitions: number) => {
    const queue = world.queue({ partitions }) as Queue
    for (let i = 0; i < 6; i++) await queue.send(i)
    return queue
  }
  /** What a process does that dies when it has written the home, and has told so many partitions of it. */
  async function half(queue: Queue, fields: string, told = 0): Promise<void> {
    const { home } = queue.backend
    const seen = await home.look(soon())
    const { version } = (await home.change(seen?.version ?? 0, fields, soon())) ?? { version: 0 }
    const text = fields.replaceAll('@', String(version))
    for (const { partition } of lanes(queue).slice(0, told)) await partition.configure(version, text, soon())
  }

  describe('attributes', () => {
    test('are in each partition when configure has answered', async () => {
      const queue = await filled(3)
      await queue.configure({ visibility: 5_000, retention: '1d', maxInFlight: 10, deadLetter: { maxReceives: 2 } })
      for (const [field, value] of Object.entries({
        visibility: 5_000,
        retention: 86_400_000,
        maxInFlight: 4,
        maxReceives: 2,
      }))
        expect(await held(queue, field)).toEqual([1, 2, 3].map(() => String(value)))
      expect(await queue.attributes()).toMatchObject({ maxInFlight: 10, visibility: 5_000 })
    })

    test('say when they were changed', async () => {
      const queue = await filled(1)
      const { created, modified } = await queue.attributes()
      expect(modified).toEqual(created)
      await queue.pause()
      await queue.resume()
      await world.client.queues.tag(queue.name, { a: 'b' })
      expect(await queue.attributes()).toMatchObject({ created, modified })
      await queue.configure({ delay: 5 })
      expect((await queue.attributes()).modified.getTime()).toBeGreaterThan(modified.getTime())
    })

    test('that are removed go back to their defaults', async () => {
      const queue = await filled(2)
      const dead = world.queue({ partitions: 1 })
      await dead.stats()
      await queue.configure({ policy: POLICY, deadLetter: { queue: dead.name, maxReceives: 7 } })
      expect(await queue.attributes()).toMatchObject({ policy: POLICY, deadLetterQueue: dead.name, maxReceives: 7 })
      expect(await held(queue, 'deadLetterQueue')).toEqual([dead.name, dead.name])
      await queue.configure({ policy: '', deadLetter: { queue: '' } })
      expect(await queue.attributes()).toMatchObject({ policy: '', deadLetterQueue: '', maxReceives: 7 })
      expect(await held(queue, 'deadLetterQueue')).toEqual([null, null])
      await queue.configure({ policy: null, deadLetter: null })
      expect(await queue.attributes()).toMatchObject({ policy: '', deadLetterQueue: '', maxReceives: 5 })
    })

    test('of encryption exclude each other', async () => {
      const queue = await filled(1)
      await queue.configure({ encryption: { kmsMasterKeyId: 'k' } })
      expect(await queue.attributes()).toMatchObject({ kmsMasterKeyId: 'k', sqsManagedSse: false })
      await queue.configure({ encryption: { sqsManaged: true } })
      expect(await queue.attributes()).toMatchObject({ kmsMasterKeyId: '', sqsManagedSse: true })
    })

    test('are looked at together with those that are stored', async () => {
      const queue = await filled(1)
      await queue.configure({ retention: '5m' })
      expect((await refusal(queue.configure({ delay: '6m' }))).code).toBe(world.code('InvalidOption'))
      const fifo = await world.client.queues.create(`${queue.name}.fifo`, {
        deduplicationScope: 'messageGroup',
        partitions: 2,
      })
      await fifo.configure({ fifoThroughputLimit: 'perMessageGroupId' })
      expect(
        (await refusal(fifo.configure({ deduplicationScope: 'queue', fifoThroughputLimit: 'perQueue' }))).code,
      ).toBe(world.code('InvalidOption'))
      expect((await refusal(fifo.configure({ fifo: false }))).code).toBe(
        world.code('InvalidOption', 'InvalidAttributeValue'),
      )
      expect(await fifo.attributes()).toMatchObject({ fifoThroughputLimit: 'perMessageGroupId', partitions: 2 })
    })

    test('that many change at once all hold', async () => {
      const queue = await filled(2)
      const others = await Promise.all([1, 2, 3].map(() => world.another()))
      const [one, two, three] = others.map((client) => world.same(client, queue)) as [Queue, Queue, Queue]
      await Promise.all([
        one.configure({ delay: 1_000 }),
        two.configure({ visibility: 2_000 }),
        three.configure({ resultTtl: 3 }),
        queue.pause(),
      ])
      expect(await queue.attributes()).toMatchObject({ delay: 1_000, visibility: 2_000, resultTtl: 3, paused: true })
      expect(await held(queue, 'delay')).toEqual(['1000', '1000'])
      expect(await held(queue, 'paused')).toEqual(['1', '1'])
    })

    test('are learned by a client that knew others, from its next call on', async () => {
      const queue = await filled(1)
      const other = world.same(await world.another(), queue) as Queue
      await other.send('small')
      await queue.configure({ maxMessageSize: 1_024 })
      await other.send('small')
      expect((await refusal(other.send('x'.repeat(1_025)))).code).toBe('MessageTooLarge')
    })

    test('reach the partitions that were not told, by one who opens the queue', async () => {
      const queue = await filled(2)
      await half(queue, 'visibility 5 modified @')
      expect(await held(queue, 'visibility')).toEqual(['30000', '30000'])
      await world.same(await world.another(), queue).stats()
      expect(await held(queue, 'visibility')).toEqual(['5', '5'])
      expect((await queue.stats()).ready).toBe(6)
    })

    test('reach a partition that was not told, by one who has met another', async () => {
      const queue = await filled(2)
      await half(queue, 'visibility 5 modified @', 1)
      expect(await held(queue, 'visibility')).toEqual(['5', '30000'])
      await queue.stats()
      await queue.stats()
      expect(await held(queue, 'visibility')).toEqual(['5', '5'])
    })
  })

  describe('a pause', () => {
    test('is in each partition when it has answered, and ends the same', async () => {
      const queue = await filled(3)
      const other = world.same(await world.another(), queue) as Queue
      await other.stats()
      await queue.pause()
      expect(await held(queue, 'paused')).toEqual(['1', '1', '1'])
      expect(await other.receive({ max: 10 })).toEqual([])
      await other.resume()
      expect(await held(queue, 'paused')).toEqual([null, null, null])
      expect(await queue.receive()).toHaveLength(1)
    })

    test('ends for all who wait', async () => {
      const queue = await filled(1)
      await queue.pause()
      const others = await Promise.all([1, 2, 3].map(() => world.another()))
      const received = others.map((client) => world.same(client, queue).receive({ wait: '20s' }))
      const waiters = `boomerang:{${lanes(queue)[0]?.partition.tag}}:waiters`
      await expect.poll(() => world.client.shared.connection.redis.zcard(waiters)).toBe(3)
      await queue.resume()
      expect((await Promise.all(received)).map((messages) => messages.length)).toEqual([1, 1, 1])
    })

    test('that was not told everywhere is, by one who opens the queue', async () => {
      const queue = await filled(2)
      await half(queue, 'paused 1', 1)
      const other = world.same(await world.another(), queue) as Queue
      expect(await other.receive({ max: 10 })).toEqual([])
      expect(await held(queue, 'paused')).toEqual(['1', '1'])
    })
  })

  describe('a purge', () => {
    needs('counts').test('empties each partition and says how many messages there were', async () => {
      const queue = await filled(3)
      await queue.receive()
      expect(await queue.purge()).toBe(6)
      expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 0 })
      await queue.send('x')
      expect(await queue.purge()).toBe(1)
      expect(await queue.purge()).toBe(0)
    })

    test('is refused within its window, and nothing is removed then', async () => {
      const queue = await filled(1)
      const careful = world.same(await world.another({ purgeWindow: '60s' }), queue)
      await careful.purge()
      await queue.send('x')
      expect((await refusal(careful.purge())).code).toBe('PurgeInProgress')
      expect((await queue.stats()).ready).toBe(1)
      await queue.purge()
      expect((await queue.stats()).ready).toBe(0)
    })

    test('is possible again when the window has passed', async () => {
      const queue = world.same(await world.another({ purgeWindow: 1_000 }), await filled(1))
      await queue.purge()
      const purged = () => queue.purge().then(() => true)
      await expect.poll(() => purged().catch(({ code }) => code)).toBe(true)
    })

    needs('handles').test('is finished by one who opens the queue, if its process dies', async () => {
      const queue = await filled(3)
      await half(queue, 'purged @ purge dead')
      expect((await queue.stats()).ready).toBe(6)
      expect((await world.same(await world.another(), queue).stats()).ready).toBe(0)
    })

    test('is finished by one who knew the queue and meets a partition that was told', async () => {
      const queue = await filled(3)
      await half(queue, 'purged @ purge dead', 1)
      await queue.stats()
      expect((await queue.stats()).ready).toBe(0)
    })

    test('takes nothing that was sent after it', async () => {
      const queue = await filled(2)
      await half(queue, 'purged @ purge dead', 2)
      const other = world.same(await world.another(), queue)
      await other.send('after')
      await queue.configure({ delay: 0, visibility: 9 })
      expect((await other.stats()).ready).toBe(1)
    })
  })
}, EVERYWHERE)
