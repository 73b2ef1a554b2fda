// Looking without changing anything: result, stats, peek.
import { describe, expect, test } from 'vitest'
import { claim, complete, peek, receive, release, result, send, sendOnce, unclaim } from './calls.ts'
import { table, useStage } from './partition.ts'
import { id, T } from './stage.ts'

const stage = useStage({ resultTtl: 60_000 })

async function inFlight(): Promise<void> {
  await sendOnce(stage, T, { id: 'a', key: 'k' })
  await receive(stage, T)
}

describe('result', () => {
  const both = async (now = T) => [await result(stage, now, { id: 'a' }), await result(stage, now, { key: 'k' })]
  table(stage, [
    {
      is: 'is unknown where nothing is known',
      call: both,
      reply: [
        ['unknown', '', 'a'],
        ['unknown', '', ''],
      ],
    },
    {
      is: 'is pending while the message is ready',
      before: () => sendOnce(stage, T, { id: 'a', key: 'k' }),
      call: both,
      reply: [
        ['pending', '', 'a'],
        ['pending', '', 'a'],
      ],
    },
    {
      is: 'is pending while the message is in flight',
      before: inFlight,
      call: both,
      reply: [
        ['pending', '', 'a'],
        ['pending', '', 'a'],
      ],
    },
    {
      is: 'is what the handler returned',
      before: async () => [await inFlight(), await complete(stage, T, { id: 'a', key: 'k', result: 'm1' })],
      call: both,
      reply: [
        ['done', 'm1', 'a'],
        ['done', 'm1', 'a'],
      ],
    },
    {
      is: 'is only marked when the record is gone',
      before: async () => [await inFlight(), await complete(stage, T, { id: 'a', key: 'k', result: 'm1' })],
      call: () => both(T + 60_000),
      reply: [
        ['marked', '', 'a'],
        ['marked', '', ''],
      ],
    },
    {
      is: 'is the reason, when the message is a dead letter',
      before: async () => [
        await inFlight(),
        await release(stage, T, { id: 'a', how: 'rejected', reason: 'why\n(1 2)' }),
      ],
      call: () => result(stage, T, { id: 'a' }),
      reply: ['dead', 'rejected why\n(1 2)', 'a'],
    },
    {
      is: 'is pending while a worker holds a claim on the key',
      before: async () => [await send(stage, T, { id: 'a' }), await claim(stage, T, 30_000, { id: 'a', key: 'k' })],
      call: both,
      reply: [
        ['pending', '', 'a'],
        ['pending', '', 'a'],
      ],
    },
    {
      is: 'is marked when a claim has ended elsewhere',
      before: async () => {
        await claim(stage, T, 30_000, { id: 'a', key: 'k' })
        await unclaim(stage, T, { id: 'a', key: 'k', done: true })
      },
      call: () => result(stage, T, { key: 'k' }),
      reply: ['marked', '', ''],
    },
  ])

  test('notes who is to be told, until the wait is over', async () => {
    await send(stage, T, { id: 'a' })
    await result(stage, T, { id: 'a', wait: 5_000 })
    expect(await stage.hash('results')).toEqual({ '?a': 'inbox' })
    await stage.call('stats', T + 5_000)
    expect(await stage.hash('results')).toEqual({})
  })

  test('notes nobody when there is no wait', async () => {
    await send(stage, T, { id: 'a' })
    await result(stage, T, { id: 'a' })
    expect(await stage.hash('results')).toEqual({})
  })
})

describe('stats', () => {
  const stats = (now = T) => stage.call('stats', now)

  test('count a message whose deadline has passed as one that can be received', async () => {
    await send(stage, T, { id: 'a' })
    await receive(stage, T)
    expect((await stats(T + 29_999)).slice(1, 4)).toEqual([0, 0, 1])
    expect((await stats(T + 30_000)).slice(1, 4)).toEqual([1, 0, 0])
  })

  test('of an empty queue', async () => {
    expect(await stats()).toEqual(['ok', 0, 0, 0, 0, '', String(T), 0, 0, 0])
  })

  test('count each state', async () => {
    await send(stage, T - 5, ...['a', 'b', 'c', 'd'].map((name) => ({ id: name })))
    await send(stage, T - 5, { id: 'e', delay: 100 })
    await receive(stage, T - 5, { max: 3 })
    await complete(stage, T - 5, { id: 'a', key: 'k' })
    await release(stage, T - 5, { id: 'b', how: 'rejected' })
    expect(await stats()).toEqual(['ok', 1, 1, 1, 1, id('d'), String(T), 1, 1, 0])
  })

  test('count what has fallen due as ready', async () => {
    await send(stage, T, { id: 'a', delay: 100 })
    expect((await stats(T + 99)).slice(1, 3)).toEqual([0, 1])
    expect((await stats(T + 100)).slice(1, 3)).toEqual([1, 0])
  })

  test('are refused by a partition that does not exist', async () => {
    await stage.redis.del(stage.keys.meta)
    expect(await stats()).toEqual(['QueueDoesNotExist'])
  })
})

describe('peek', () => {
  test('shows what is ready in the order in which it falls due', async () => {
    await send(stage, T, { id: 'b', delay: 50 }, { id: 'a', delay: 100 }, { id: 'c' })
    expect(await peek(stage, T, 'ready')).toEqual([
      ['c', String(T), ''],
      ['b', String(T + 50), ''],
      ['a', String(T + 100), ''],
    ])
  })

  test('shows what is in flight with its deliveries', async () => {
    await send(stage, T, { id: 'a' }, { id: 'b' })
    await receive(stage, T)
    await receive(stage, T + 30_000)
    expect(await peek(stage, T, 'inFlight')).toEqual([['a', String((T + 60_000) * 1000), `2 2 ${T} `]])
  })

  test('shows dead letters', async () => {
    await send(stage, T, { id: 'a' })
    await receive(stage, T)
    await release(stage, T + 3, { id: 'a', how: 'rejected' })
    expect(await peek(stage, T, 'dead')).toEqual([['a', String(T + 3), '']])
  })

  test('goes on where a page ended', async () => {
    await send(stage, T, ...['a', 'b', 'c', 'd', 'e'].map((name) => ({ id: name })))
    const names = async (skip: number) => {
      const page = await peek(stage, T, 'ready', { score: String(T), skip, limit: 2 })
      return page.map(([name]) => name)
    }
    expect([await names(0), await names(2), await names(4)]).toEqual([['a', 'b'], ['c', 'd'], ['e']])
  })

  test('changes nothing, whatever the time', async () => {
    await send(stage, T, { id: 'a' }, { id: 'b' })
    await receive(stage, T)
    const before = await stage.everything()
    for (const state of ['ready', 'inFlight', 'dead']) await peek(stage, T + 9_999_999, state)
    expect(await stage.everything()).toEqual(before)
  })
})
