// Queues as objects in the store: made, found, listed, tagged, removed.
import { describe, expect, test } from 'vitest'
import type { NewQueue } from '../../lib/index.ts'
import { EVERYWHERE, over, refusal } from './world.ts'

const WINDOW = { deleteWindow: '60s', purgeWindow: '60s' }

over((world) => {
  let count = 0
  const fresh = (suffix = '') => `made${++count}${suffix}`
  const make = (name: string, options?: NewQueue) => world.client.queues.create(name, options)

  describe('create', () => {
    test('makes a queue with its attributes', async () => {
      const name = fresh()
      const queue = await make(name, { visibility: '45s', partitions: 2, redriveAllow: ['b', 'a'] })
      expect(await queue.attributes()).toMatchObject({
        ...{ visibility: 45_000, delay: 0, redriveAllow: ['a', 'b'], partitions: 2, fifo: false, paused: false },
        arn: `arn:aws:sqs:us-east-1:${world.client.shared.namespace}:${name}`,
      })
      await queue.send('x')
      expect((await queue.receive())[0]?.body).toBe('x')
    })

    const has = { visibility: '45s', deadLetter: { maxReceives: 3 }, partitions: 1 }
    const again: [string, NewQueue, string | undefined][] = [
      ['no attribute', {}, undefined],
      ['the same attributes', has, undefined],
      ['some of them', { visibility: 45_000 }, undefined],
      [
        'a default that was never written',
        { delay: 0, redriveAllow: 'all', encryption: { sqsManaged: true } },
        undefined,
      ],
      ['nothing where there is nothing', { policy: '', deadLetter: { queue: null } }, undefined],
      ['other tags', { tags: { a: 'b' } }, undefined],
      ['another value', { visibility: '30s' }, 'visibility'],
      ['another value than the default', { visibility: '45s', delay: 5 }, 'delay'],
      ['another number of receives', { deadLetter: { maxReceives: 5 } }, 'maxReceives'],
      ['nothing where there is a value', { deadLetter: null }, 'maxReceives'],
      ['another number of partitions', { partitions: 2 }, 'partitions'],
    ]
    test.each(again)('of a queue that is there, with %s', async (_, options, attribute) => {
      const name = fresh()
      await make(name, has)
      const before = await world.client.queues.get(name).then((queue) => queue.attributes())
      if (attribute === undefined) expect((await make(name, options)).name).toBe(name)
      else
        expect(await refusal(make(name, options))).toMatchObject({
          code: 'QueueNameExists',
          ...(world.store !== 'endpoint' && { attribute }),
        })
      expect(await world.client.queues.get(name).then((queue) => queue.attributes())).toEqual(before)
      expect(await world.client.queues.tags(name)).toEqual({})
    })

    test('by many at once makes one queue, and refuses those that want another', async () => {
      const name = fresh()
      const clients = await Promise.all([1, 2, 3].map(() => world.another()))
      const wanted = clients.flatMap(({ queues }) => [5_000, 6_000].map((visibility) => ({ queues, visibility })))
      const made = await Promise.allSettled(
        wanted.map(({ queues, visibility }) => queues.create(name, { visibility, partitions: 2 })),
      )
      const { visibility } = await world.client.queues.get(name).then((queue) => queue.attributes())
      for (const [i, one] of made.entries())
        expect(one.status).toBe(wanted[i]?.visibility === visibility ? 'fulfilled' : 'rejected')
    })

    test('gives a FIFO queue that deduplicates as a whole one partition, everywhere', async () => {
      const queue = await make(fresh('.fifo'))
      expect(await queue.attributes()).toMatchObject({ fifo: true, partitions: 1, deduplicationScope: 'queue' })
      const by = await make(fresh('.fifo'), { deduplicationScope: 'messageGroup' })
      expect((await by.attributes()).partitions).toBe(world.store === 'cluster' ? 3 : 1)
    })

    const refused: [string, string, string, NewQueue, inSqs?: string][] = [
      // Partitions are the library's: it is the operator who is refused.
      ['a FIFO queue of several partitions', 'InvalidOption', '.fifo', { partitions: 2 }, 'InvalidOption'],
      ['a FIFO name for a standard queue', 'InvalidOption', '.fifo', { fifo: false }],
      ['a FIFO queue of another name', 'InvalidOption', '', { fifo: true }],
      ['what only FIFO queues have', 'WrongQueueType', '', { contentBasedDeduplication: true }, 'InvalidAttributeName'],
      ['a limit by group without its scope', 'InvalidOption', '.fifo', { fifoThroughputLimit: 'perMessageGroupId' }],
      ['a delay beyond the retention', 'InvalidOption', '', { delay: '2m', retention: '1m' }],
      ['a dead-letter queue that is not there', 'QueueDoesNotExist', '', { deadLetter: { queue: 'nowhere' } }],
      [
        'too many tags',
        'InvalidOption',
        '',
        { tags: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [i, ''])) },
      ],
      ['a tag that is no text', 'InvalidOption', '', { tags: { a: 5 as unknown as string } }, 'SerializationException'],
      ['a tag of too long a key', 'InvalidOption', '', { tags: { ['k'.repeat(129)]: '' } }],
      ['an option of client.queue', 'UnknownOption', '', { update: true } as NewQueue],
    ]
    test.each(refused)('refuses %s: %s', async (_, code, suffix, options, inSqs?: string) => {
      const name = fresh(suffix)
      expect((await refusal(make(name, options))).code).toBe(world.code(code, inSqs))
      expect((await refusal(world.client.queues.get(name))).code).toBe('QueueDoesNotExist')
    })
  })

  describe('get', () => {
    test('finds a queue, and never makes one', async () => {
      const name = fresh()
      expect((await refusal(world.client.queues.get(name))).code).toBe('QueueDoesNotExist')
      expect((await refusal(world.client.queues.get('a b'))).code).toBe(world.code('InvalidName'))
      await world.client.queue(name).send('x')
      const queue = await world.client.queues.get(name)
      expect((await queue.stats()).ready).toBe(1)
      await world.client.queues.remove(name)
      expect((await refusal(queue.send('y'))).code).toBe('QueueDoesNotExist')
      expect((await world.client.queues.list({ prefix: name })).names).not.toContain(name)
    })
  })

  describe('list', () => {
    test('answers names in order, by prefix and in pages', async () => {
      const names = ['list-a', 'list-b', 'list-c', 'other-list']
      for (const name of names) await make(name, { partitions: 1 })
      const { queues } = world.client
      expect((await queues.list()).names).toEqual(expect.arrayContaining(names))
      expect(await queues.list({ prefix: 'list-' })).toEqual({ names: names.slice(0, 3) })
      expect(await queues.list({ prefix: 'list-', limit: 3 })).toEqual({ names: names.slice(0, 3) })
      const first = await queues.list({ prefix: 'list-', limit: 2 })
      expect(first.names).toEqual(['list-a', 'list-b'])
      expect(await queues.list({ prefix: 'list-', limit: 2, cursor: first.cursor as string })).toEqual({
        names: ['list-c'],
      })
      for (const options of [{ limit: 0 }, { limit: 1_001 }, { cursor: '' }])
        expect((await refusal(queues.list(options))).code).toBe(world.code('InvalidOption'))
      expect((await refusal(queues.list({ prefix: 5 as never }))).code).toBe(
        world.code('InvalidOption', 'SerializationException'),
      )
    })
  })

  describe('tags', () => {
    test('are kept, changed and removed', async () => {
      const name = fresh()
      const { queues } = world.client
      await make(name, { tags: { team: 'video – ä', '-': '-' } })
      await queues.tag(name, { team: 'sound', empty: '', '@': '@' })
      expect(await queues.tags(name)).toEqual({ '-': '-', '@': '@', empty: '', team: 'sound' })
      await queues.untag(name, ['-', '@', 'nothing'])
      expect(await queues.tags(name)).toEqual({ empty: '', team: 'sound' })
    })

    test('are at most 50', async () => {
      const name = fresh()
      const { queues } = world.client
      const some = (from: number) => Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`k${from + i}`, 'v']))
      await make(name, { tags: some(0) })
      expect((await refusal(queues.tag(name, some(25)))).code).toBe(world.code('InvalidOption'))
      expect(Object.keys(await queues.tags(name))).toHaveLength(30)
      await queues.tag(name, some(20))
      expect(Object.keys(await queues.tags(name))).toHaveLength(50)
    })

    test('belong to queues that exist', async () => {
      const { queues } = world.client
      for (const call of [() => queues.tags('gone'), () => queues.tag('gone', {}), () => queues.untag('gone', [])])
        expect((await refusal(call)).code).toBe('QueueDoesNotExist')
    })
  })

  describe('a dead-letter queue', () => {
    test('is named by name or ARN, and knows its sources', async () => {
      const dead = fresh()
      const { queues } = world.client
      const queue = await make(dead, { partitions: 1 })
      const { arn } = await queue.attributes()
      await make(`src-b${dead}`, { partitions: 1, deadLetter: { queue: dead, maxReceives: 7 } })
      await make(`src-a${dead}`, { partitions: 1, deadLetter: { queue: arn } })
      const used = world.client.queue(`src-c${dead}`, { partitions: 1, deadLetter: { queue: dead } })
      expect(await used.attributes()).toMatchObject({ deadLetterQueue: dead, maxReceives: 5 })
      const names = [`src-a${dead}`, `src-b${dead}`, `src-c${dead}`]
      expect(await queues.sourcesOf(dead)).toEqual({ names })
      const { names: first, cursor } = await queues.sourcesOf(dead, { limit: 2 })
      expect(first).toEqual(names.slice(0, 2))
      expect(await queues.sourcesOf(dead, { limit: 2, cursor: cursor as string })).toEqual({ names: names.slice(2) })
      await used.configure({ deadLetter: { queue: null } })
      expect(await queues.sourcesOf(dead)).toEqual({ names: names.slice(0, 2) })
      expect((await refusal(queues.sourcesOf('gone'))).code).toBe('QueueDoesNotExist')
    })

    test('says whose dead letters it takes', async () => {
      const [dead, friend, other] = [fresh(), fresh(), fresh()]
      const queue = await make(dead, { redriveAllow: [friend] })
      const deadLetter = { queue: dead }
      await make(friend, { deadLetter })
      expect((await refusal(make(other, { deadLetter }))).code).toBe('RedriveNotAllowed')
      expect((await refusal(world.client.queue(other, { deadLetter }).stats())).code).toBe('RedriveNotAllowed')
      const plain = await make(other)
      expect((await refusal(plain.configure({ deadLetter }))).code).toBe('RedriveNotAllowed')
      await queue.configure({ redriveAllow: 'none' })
      expect((await refusal(plain.configure({ deadLetter }))).code).toBe('RedriveNotAllowed')
      await queue.configure({ redriveAllow: null })
      await plain.configure({ deadLetter })
    })

    test('may be gone when its source is used again', async () => {
      const [dead, source] = [fresh(), fresh()]
      await make(dead)
      await make(source, { deadLetter: { queue: dead } })
      await world.client.queues.remove(dead)
      const other = await world.another()
      await other.queue(source, { deadLetter: { queue: dead } }).send('x')
      expect((await (await other.queues.create(source, { deadLetter: { queue: dead } })).stats()).ready).toBe(1)
    })
  })

  describe('the name of a queue that was removed', () => {
    test('is not given again within the window', async () => {
      const name = fresh()
      const client = await world.another(WINDOW)
      await client.queues.create(name)
      await client.queues.remove(name)
      expect((await refusal(client.queues.create(name))).code).toBe('QueueDeletedRecently')
      expect((await refusal(client.queue(name).send('x'))).code).toBe('QueueDeletedRecently')
      expect((await refusal(client.queues.get(name))).code).toBe('QueueDoesNotExist')
      await make(name)
      expect((await client.queue(name).stats()).ready).toBe(0)
    })

    test('is given again when the window has passed', async () => {
      const name = fresh()
      const client = await world.another({ deleteWindow: 1_000 })
      await client.queues.create(name)
      await client.queues.remove(name)
      expect((await refusal(client.queues.create(name))).code).toBe('QueueDeletedRecently')
      const made = () => client.queues.create(name).then(() => true)
      await expect.poll(() => made().catch(({ code }) => code)).toBe(true)
    })

    test('is never taken for that of another queue by an old handle', async () => {
      const name = fresh()
      const old = await make(name, { partitions: 1, visibility: '7s' })
      await old.send('x')
      await world.client.queues.remove(name)
      expect((await refusal(old.send('y'))).code).toBe('QueueDoesNotExist')
      await make(name, { partitions: 1 })
      await old.send('z')
      expect(await old.attributes()).toMatchObject({ visibility: 30_000 })
      expect((await old.receive({ max: 10 })).map(({ body }) => body)).toEqual(['z'])
    })
  })
}, EVERYWHERE)
