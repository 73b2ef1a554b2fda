import { describe, expect, test } from 'vitest'
import { DEFAULTS } from '../../lib/attribute-fields.ts'
import type { QueueOptions } from '../../lib/index.ts'
import { EVERYWHERE, over, refusal } from './world.ts'

over((world) => {
  const { needs } = world

  describe('attributes', () => {
    test('are the defaults unless they are given', async () => {
      const queue = world.queue({ partitions: 1, visibility: '45s', deadLetter: { maxReceives: 2 } })
      expect(await queue.attributes()).toEqual({
        ...DEFAULTS,
        visibility: 45_000,
        maxReceives: 2,
        arn: `arn:aws:sqs:us-east-1:${world.client.shared.namespace}:${queue.name}`,
        created: expect.any(Date),
        modified: expect.any(Date),
        partitions: 1,
        paused: false,
      })
    })

    test('are kept by the queue: a handle without options has them', async () => {
      const queue = world.queue({ delay: '15m' })
      await queue.stats()
      await world.same(await world.another(), queue).send('x')
      expect(await queue.stats()).toMatchObject({ ready: 0, delayed: 1 })
    })

    needs('options').test('that differ are refused, with both values and the ways out', async () => {
      const queue = world.queue({ visibility: '10s' })
      await queue.stats()
      const other = world.client.queue(queue.name, { visibility: '20s' })
      const error = await refusal(other.send('x'))
      expect(error.code).toBe('AttributesDiffer')
      for (const word of ['visibility', '10000', '20000', 'update']) expect(error.message).toContain(word)
      expect(await queue.attributes()).toMatchObject({ visibility: 10_000 })
      expect((await queue.stats()).ready).toBe(0)
    })

    needs('options').test('of another number of partitions are refused', async () => {
      const queue = world.queue({ partitions: 2 })
      await queue.stats()
      expect((await refusal(world.client.queue(queue.name, { partitions: 3 }).stats())).code).toBe('AttributesDiffer')
    })

    needs('options').test('are changed by the one who owns the queue', async () => {
      const queue = world.queue({ visibility: '10s' })
      await queue.stats()
      const owner = world.client.queue(queue.name, { visibility: '20s', update: true })
      await owner.send('x')
      expect(await queue.attributes()).toMatchObject({ visibility: 20_000 })
    })

    test('are changed for all by configure', async () => {
      const queue = world.queue({ partitions: 2 })
      await queue.configure({ visibility: 150, deadLetter: { maxReceives: 1 } })
      const other = world.same(await world.another(), queue)
      await other.send('x')
      await other.receive({ wait: '5s' })
      await expect.poll(async () => [(await other.receive()).length, (await other.stats()).dead]).toEqual([0, 1])
    })
  })

  needs('functions').describe('a change that goes by what is there', () => {
    test('is told the attributes, and changes what it answers', async () => {
      const queue = world.queue({ visibility: '10s', retention: '1d' })
      await queue.configure(({ visibility, partitions }) => ({ visibility: visibility * 2, delay: partitions * 1000 }))
      const { partitions } = await queue.attributes()
      expect(await queue.attributes()).toMatchObject({
        visibility: 20_000,
        delay: partitions * 1000,
        retention: 86_400_000,
      })
    })

    test('loses nothing when others make theirs at the same time', async () => {
      const queue = world.queue({ policy: '[]' })
      await queue.stats()
      const others = [queue, world.same(await world.another(), queue), world.same(await world.another(), queue)]
      const numbers = Array.from({ length: 12 }, (_, i) => i)
      const add = (number: number) =>
        others[number % 3]?.configure(({ policy }) => ({ policy: JSON.stringify([...JSON.parse(policy), number]) }))
      await Promise.all(numbers.map(add))
      const { policy } = await queue.attributes()
      expect(JSON.parse(policy).sort((a: number, b: number) => a - b)).toEqual(numbers)
    })

    test('changes nothing when it throws, or answers what is refused', async () => {
      const queue = world.queue({ visibility: '10s' })
      const { modified } = await queue.attributes()
      const own = new Error('no')
      await expect(
        queue.configure(() => {
          throw own
        }),
      ).rejects.toBe(own)
      expect((await refusal(queue.configure(() => ({ visibilty: 1 }) as object))).code).toBe('UnknownOption')
      expect((await refusal(queue.configure(() => ({ visibility: '13h' })))).code).toBe('InvalidDuration')
      expect(await queue.attributes()).toMatchObject({ visibility: 10_000, modified })
    })
  })

  needs('options').describe('a queue is refused', () => {
    const refused: Record<string, [code: string, name: unknown, options?: object]> = {
      'with an empty name': ['InvalidName', ''],
      'with a name that is too long': ['InvalidName', 'q'.repeat(81)],
      'with a name of other characters': ['InvalidName', 'a b'],
      'with a name that is no text': ['InvalidName', 5],
      'with an option that there is not': ['UnknownOption', 'q', { visibilityTimeout: 5 }],
      'with a bad visibility': ['InvalidDuration', 'q', { visibility: 'soon' }],
      'with a negative visibility': ['InvalidDuration', 'q', { visibility: -1 }],
      'with too long a visibility': ['InvalidDuration', 'q', { visibility: '13h' }],
      'with a window that is too short': ['InvalidDuration', 'q', { idempotencyWindow: '1s' }],
      'with too few receives': ['InvalidOption', 'q', { deadLetter: { maxReceives: 0 } }],
      'with an option of deadLetter that there is not': ['UnknownOption', 'q', { deadLetter: { maxReceive: 3 } }],
      'with no partitions': ['InvalidOption', 'q', { partitions: 0 }],
      'with too many partitions': ['InvalidOption', 'q', { partitions: 4_097 }],
      'with a body format that there is not': ['InvalidOption', 'q', { body: 'xml' }],
      'with a schema that is none': ['InvalidOption', 'q', { schema: { parse: () => 1 } }],
      'with too small a message size': ['InvalidOption', 'q', { maxMessageSize: 100 }],
    }
    for (const [is, [code, name, options]] of Object.entries(refused)) {
      test(is, async () => {
        const error = await refusal(() => world.client.queue(name as string, options as QueueOptions))
        expect(error.code).toBe(code)
      })
    }
  })

  describe('queues', () => {
    test('are listed by name, and gone when they are removed', async () => {
      const client = await world.another({ namespace: `other-${world.store}-${Math.random().toString(36).slice(2)}` })
      expect((await client.queues.list()).names).toEqual([])
      await client.queue('two', { partitions: 2 }).send('x')
      await client.queue('one').stats()
      expect((await client.queues.list()).names).toEqual(['one', 'two'])
      expect(await client.queues.remove('two')).toBe(true)
      expect(await client.queues.remove('two')).toBe(false)
      expect((await client.queues.list()).names).toEqual(['one'])
    })

    test('of another namespace are others', async () => {
      const queue = world.queue()
      const client = await world.another({ namespace: `other-${Math.random().toString(36).slice(2)}` })
      await client.queue(queue.name).send('x')
      expect((await queue.stats()).ready).toBe(0)
      await client.queues.remove(queue.name)
    })

    test('that were removed refuse old handles, until they are made anew', async () => {
      const made = world.queue({ partitions: 2 })
      await made.stats()
      const queue = world.client.queue(made.name)
      await queue.send('x')
      const other = await world.another()
      expect(await other.queues.remove(queue.name)).toBe(true)
      expect((await refusal(queue.send('y'))).code).toBe('QueueDoesNotExist')
      const anew = other.queue(queue.name, { partitions: 1 })
      await anew.stats()
      const tried = await Promise.allSettled([1, 2, 3, 4].map((body) => queue.send(body)))
      const together = await queue.sendMany([{ body: 5 }])
      const failed =
        tried.filter(({ status }) => status === 'rejected').length + together.filter((one) => 'error' in one).length
      expect((await anew.stats()).ready + failed).toBe(5)
    })
  })
}, EVERYWHERE)
