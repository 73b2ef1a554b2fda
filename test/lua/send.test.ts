import { describe, expect, test } from 'vitest'
import { receive, send } from './calls.ts'
import { published, table, useStage } from './partition.ts'
import { T } from './stage.ts'

const stage = useStage()

describe('send', () => {
  table(stage, [
    {
      is: 'makes a message receivable at once',
      call: () => send(stage, T, { id: 'a' }),
      reply: ['ok', `${T}`],
      after: { ready: { a: T } },
    },
    {
      is: 'stores several, each with its own delay',
      call: () => send(stage, T, { id: 'a', delay: 500 }, { id: 'b', delay: 0 }, { id: 'c', delay: 86_400_000 }),
      reply: ['ok', `${T}`],
      after: { ready: { a: T + 500, b: T, c: T + 86_400_000 } },
    },
    {
      is: "gives those without a delay the queue's own",
      before: () => stage.make({ delay: 7_000 }),
      call: () => send(stage, T, { id: 'a' }, { id: 'b', delay: 0 }),
      reply: ['ok', `${T}`],
      after: { ready: { a: T + 7_000, b: T } },
    },
    {
      is: "gives all the queue's own delay when none has one",
      before: () => stage.make({ delay: 7_000 }),
      call: () => send(stage, T, { id: 'a' }, { id: 'b' }),
      reply: ['ok', `${T}`],
      after: { ready: { a: T + 7_000, b: T + 7_000 } },
    },
    {
      is: 'goes on while the queue is paused',
      before: () => stage.set('paused', 1),
      call: () => send(stage, T, { id: 'a' }),
      reply: ['ok', `${T}`],
      after: { ready: { a: T } },
    },
    {
      is: 'is refused by a partition that does not exist',
      before: () => stage.redis.del(stage.keys.meta),
      call: () => send(stage, T, { id: 'a' }),
      reply: ['QueueDoesNotExist'],
      after: {},
    },
    {
      is: 'is refused by a partition that a newer release has written',
      before: () => stage.set('schema', 3),
      call: () => send(stage, T, { id: 'a' }),
      reply: ['SchemaTooNew', '3', '2'],
      after: {},
    },
  ])

  test('keeps the payloads as they are', async () => {
    await send(stage, T, { id: 'a', body: 'hello' }, { id: 'b', body: '' })
    expect(await stage.hash('messages')).toEqual({ a: 'thello', b: 't' })
  })

  test('takes the time of the server when it is given none', async () => {
    const [seconds] = (await stage.redis.time()) as unknown as [string]
    await send(stage, 0, { id: 'a' })
    const { a = 0 } = await stage.zset('ready')
    expect(a).toBeGreaterThanOrEqual(Number(seconds) * 1000)
    expect(a).toBeLessThan(Number(seconds) * 1000 + 60_000)
  })

  test('wakes one who waits, and tells the next to look soon, should the first have died', async () => {
    await receive(stage, T, { wait: 20_000, inbox: 'first' })
    await receive(stage, T, { wait: 30_000, inbox: 'second' })
    await receive(stage, T, { wait: 40_000, inbox: 'third' })
    const told = await published(stage, ['first', 'second', 'third'], () => send(stage, T, { id: 'a' }))
    expect(told).toEqual(['first: 0 ready', 'second: 1000 ready'])
    expect(await stage.zset('waiters')).toEqual({ second: T + 1_000, third: T + 40_000 })
  })

  test('leaves those in peace who look soon anyway', async () => {
    await stage.waiting({ first: T + 100, second: T + 900 })
    expect(await published(stage, ['first', 'second'], () => send(stage, T, { id: 'a' }))).toEqual(['first: 0 ready'])
    expect(await stage.zset('waiters')).toEqual({ second: T + 900 })
  })

  test('passes over those who wait no more because they died', async () => {
    await receive(stage, T, { wait: 1_000, inbox: 'dead' })
    await receive(stage, T, { wait: 30_000, inbox: 'alive' })
    expect(await published(stage, ['alive'], () => send(stage, T + 1, { id: 'a' }))).toEqual(['alive: 0 ready'])
    expect(await stage.zset('waiters')).toEqual({})
  })

  test('does not pass over one on a cluster, where its readers cannot be counted', async () => {
    await receive(stage, T, { wait: 1_000, inbox: 'elsewhere@cluster' })
    await receive(stage, T, { wait: 30_000, inbox: 'alive' })
    expect(await published(stage, ['alive'], () => send(stage, T, { id: 'a' }))).toEqual(['alive: 1000 ready'])
    expect(await stage.zset('waiters')).toEqual({ alive: T + 1_000 })
  })

  test('publishes nothing when nobody waits', async () => {
    expect(await published(stage, ['inbox'], () => send(stage, T, { id: 'a' }))).toEqual([])
  })
})
