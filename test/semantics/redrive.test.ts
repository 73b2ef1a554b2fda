// Dead letters with groups go back once the number of partitions has changed: to where their group is now.
import { expect, test } from 'vitest'
import type { Message, Queue } from '../../lib/index.ts'
import { groupHash, hashOfKey, keyDigest } from '../../lib/key.ts'
import { over } from './world.ts'

/** A group whose home is another among three partitions than it is alone, and a key in it whose own hash says otherwise. */
const GROUP = ['a', 'b', 'c', 'd'].find((group) => groupHash(group) % 3 === 1) as string
const KEY = Array.from({ length: 50 }, (_, i) => `k${i}`).find(
  (key) => hashOfKey(keyDigest(key, GROUP)) % 3 === 2,
) as string

over((world) => {
  const fifo = (partitions: number) =>
    world.client.queue<string>(`redrive${Math.random().toString(36).slice(2)}.fifo`, {
      deduplicationScope: 'messageGroup',
      partitions,
    })
  const standard = (partitions: number) => world.queue<string>({ partitions })
  const where = ({ origin }: Message<string>) => origin.lane.partition.index

  async function die(queue: Queue<string>, bodies: string[], key?: string) {
    for (const body of bodies) {
      const dedup = queue.name.endsWith('.fifo') ? { deduplicationId: body } : {}
      await queue.send(body, { group: GROUP, ...dedup, ...(key && { idempotencyKey: `${key}` }) })
      const [message] = await queue.receive({ wait: '5s' })
      await message?.reject('why')
    }
  }

  async function drain(queue: Queue<string>, count: number) {
    const found: Message<string>[] = []
    while (found.length < count) {
      const messages = await queue.receive({ max: 10, wait: '5s' })
      if (messages.length === 0) break
      for (const message of messages) await message.complete()
      found.push(...messages)
    }
    return found
  }

  const kinds = [
    ['FIFO', fifo],
    ['standard', standard],
  ] as const
  const changes = [
    ['grown', 1, 3],
    ['shrunk', 3, 1],
  ] as const
  for (const [kind, make] of kinds) {
    for (const [how, from, to] of changes) {
      test.each([
        ['with a key', KEY],
        ['without a key', undefined],
      ])(`a letter %s of a ${kind} queue that has ${how} goes to the home of its group`, async (_, key) => {
        const queue = make(from)
        await die(queue, ['x'], key)
        const [sent] = (await queue.deadLetters.list()).letters
        await queue.repartition(to)
        expect(await queue.deadLetters.redrive()).toEqual({ redriven: 1, duplicates: 0 })
        const [message, ...more] = await drain(queue, 1)
        expect(message).toMatchObject({ body: 'x', group: GROUP, id: sent?.id })
        expect([where(message as Message<string>), more]).toEqual([groupHash(GROUP) % to, []])
        expect(await queue.deadLetters.count()).toBe(0)
      })
    }

    test(`a letter of a ${kind} queue stays while another message has its key`, async () => {
      const queue = make(1)
      await die(queue, ['x'], KEY)
      await queue.repartition(3)
      await queue.send('x', { group: GROUP, idempotencyKey: KEY, ...(kind === 'FIFO' && { deduplicationId: 'y' }) })
      expect(await queue.deadLetters.redrive()).toEqual({ redriven: 0, duplicates: 1 })
      expect(await queue.stats()).toMatchObject({ ready: 1, dead: 1 })
    })
  }

  test.each([
    [1, 3],
    [3, 1],
  ])('from %i to %i partitions, letters go behind what their group has, one in flight at a time', async (from, to) => {
    const queue = fifo(from)
    await die(queue, ['1', '2'])
    await queue.repartition(to)
    await queue.send('3', { group: GROUP, deduplicationId: '3' })
    expect(await queue.deadLetters.redrive()).toEqual({ redriven: 2, duplicates: 0 })
    await queue.send('4', { group: GROUP, deduplicationId: '4' })
    const found: Message<string>[] = []
    for (let i = 0; i < 4; i++) {
      const [message] = (await queue.receive({ wait: '5s' })) as [Message<string>]
      expect(await queue.receive({ max: 10 })).toEqual([])
      await message.complete()
      found.push(message)
    }
    expect(found.map(({ body }) => body)).toEqual(['3', '1', '2', '4'])
    const numbers = found.map(({ sequenceNumber }) => sequenceNumber as string)
    expect([...new Set(numbers)].sort()).toEqual(numbers)
  })

  test('letters go back behind what their group still has at its former home', async () => {
    const queue = fifo(1)
    await die(queue, ['1'])
    await queue.send('2', { group: GROUP, deduplicationId: '2' })
    await queue.repartition(3)
    expect(await queue.deadLetters.redrive()).toEqual({ redriven: 1, duplicates: 0 })
    const found = await drain(queue, 2)
    expect(found.map((one) => [one.body, where(one)])).toEqual([
      ['2', 0],
      ['1', 0],
    ])
  })
})
