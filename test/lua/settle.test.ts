// Completing messages: the first half of `work`.
import { describe, expect, test } from 'vitest'
import { claim, complete, extend, letter, receive, release, result, send, sendOnce, work } from './calls.ts'
import { published, table, useStage } from './partition.ts'
import { mark, T } from './stage.ts'

const stage = useStage({ resultTtl: 60_000 })

async function received(...names: string[]): Promise<void> {
  await send(stage, T, ...names.map((name) => ({ id: name })))
  await receive(stage, T, { max: names.length })
}

describe('complete', () => {
  table(stage, [
    {
      is: 'removes a message that is in flight',
      before: () => received('a'),
      call: () => complete(stage, T, { id: 'a' }),
      reply: '',
      after: {},
    },
    {
      is: 'removes several',
      before: () => received('a', 'b', 'c'),
      call: () => complete(stage, T, { id: 'c' }, { id: 'a' }),
      reply: '',
      after: { inflight: { b: T + 30_000 } },
    },
    {
      is: 'answers done to a repeat by the same receipt',
      before: async () => [await received('a'), await complete(stage, T, { id: 'a' })],
      call: () => complete(stage, T, { id: 'a' }),
      reply: 'd',
      after: {},
    },
    {
      is: 'is accepted after the deadline, while nobody else has received the message',
      before: () => received('a'),
      call: () => complete(stage, T + 40_000, { id: 'a' }),
      reply: '',
      after: {},
    },
    {
      is: 'changes nothing with the receipt of an earlier delivery',
      before: async () => [await received('a'), await receive(stage, T + 30_000)],
      call: () => complete(stage, T + 30_001, { id: 'a', delivery: 1 }),
      reply: 'l',
      after: { inflight: { a: T + 60_000 }, receives: { a: `2 2 ${T} ` } },
    },
    {
      is: 'changes nothing when the message was given back',
      before: async () => [await received('a'), await release(stage, T, { id: 'a' })],
      call: () => complete(stage, T, { id: 'a' }),
      reply: 'l',
      after: { ready: { a: T }, receives: { a: `1 1 ${T} ` } },
    },
    {
      is: 'changes nothing when the message is a dead letter',
      before: async () => [await received('a'), await release(stage, T, { id: 'a', how: 'rejected' })],
      call: () => complete(stage, T, { id: 'a' }),
      reply: 'l',
      after: { dead: { a: T }, letters: { a: letter(`1 1 ${T}`, 'rejected ') } },
    },
    {
      is: 'answers each of a batch for itself',
      before: async () => {
        await received('a', 'b', 'c', 'd')
        await complete(stage, T, { id: 'b' })
        await release(stage, T, { id: 'c' })
      },
      call: () => complete(stage, T, { id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'd' }),
      reply: 'ddld',
      after: { ready: { c: T }, receives: { c: `1 1 ${T} ` } },
    },
    {
      is: 'takes the numbers of deliveries that came again',
      before: async () => [await received('a', 'b'), await receive(stage, T + 30_000, { max: 2 })],
      call: () => complete(stage, T + 30_001, { id: 'a', delivery: 2 }, { id: 'b', delivery: 1 }),
      reply: 'dl',
      after: { inflight: { b: T + 60_000 }, receives: { b: `2 2 ${T} ` } },
    },
    {
      is: 'removes what was noted of the deliveries',
      before: async () => [await received('a'), await extend(stage, T, { id: 'a', visibility: 5_000 })],
      call: () => complete(stage, T, { id: 'a' }),
      reply: '',
      after: {},
    },
  ])

  test('remembers the ids', async () => {
    await received('a', 'b')
    await complete(stage, T, { id: 'a' }, { id: 'b' })
    expect(await sendOnce(stage, T, { id: 'a' }, { id: 'b' }, { id: 'c' })).toEqual(['ssn', 'a', '', 'b', ''])
    expect(await stage.meta('recentCount')).toBe('2')
  })

  test('counts a message once, though it is completed twice in one call', async () => {
    await sendOnce(stage, T, { id: 'a', key: 'k' })
    await receive(stage, T)
    await complete(stage, T, { id: 'a', key: 'k' }, { id: 'a', key: 'k' })
    expect([await stage.meta('recentCount'), await stage.meta('processedCount')]).toEqual(['1', '1'])
  })

  test('does not remember what it did not complete', async () => {
    await received('a')
    await receive(stage, T + 30_000)
    await complete(stage, T + 30_000, { id: 'a', delivery: 1, key: 'k', result: 'x' })
    expect([await stage.meta('recentCount'), await stage.meta('processedCount')]).toEqual(['0', '0'])
    expect(await stage.hash('results')).toEqual({})
  })
})

describe('complete with a key', () => {
  const a = { id: 'a', key: 'k' }

  test('turns the pending key into a mark and a record', async () => {
    await sendOnce(stage, T, a)
    await receive(stage, T)
    await complete(stage, T, { ...a, result: 'm1' })
    expect(await stage.hash('keys')).toEqual({})
    expect(await stage.meta('processedCount')).toBe('1')
    expect(await stage.hash('results')).toEqual({ a: 'm1', '<k>': expect.stringMatching(/^a.{12}$/) })
    expect(await stage.zset('expiries')).toEqual({ a: T + 60_000, '<k>': T + 60_000 })
  })

  test('marks a key that the worker derived, and ends its claim', async () => {
    await received('a')
    await claim(stage, T, 30_000, a)
    await complete(stage, T, a)
    expect(await stage.hash('keys')).toEqual({})
    expect(await claim(stage, T, 30_000, { id: 'b', key: 'k' })).toEqual(['ok', 'd', '0'])
    expect(await sendOnce(stage, T, { id: 'c', key: 'k' })).toEqual(['r', 'a', ''])
  })

  test('works for some of a batch', async () => {
    await sendOnce(stage, T, a, { id: 'b' }, { id: 'c', key: 'l' })
    await receive(stage, T, { max: 3 })
    await complete(stage, T, a, { id: 'b', result: 'm2' }, { id: 'c', key: 'l', result: 'm3' })
    expect(Object.keys(await stage.hash('results')).sort()).toEqual(['<k>', '<l>', 'b', 'c'])
    expect(await stage.hash('results')).toMatchObject({ b: 'm2', c: 'm3' })
  })
})

describe('results', () => {
  test('are kept for their time', async () => {
    await received('a', 'b')
    await complete(stage, T, { id: 'a', result: 'm1' }, { id: 'b' })
    expect(await result(stage, T + 59_999, { id: 'a' })).toEqual(['done', 'm1', 'a'])
    expect(await result(stage, T + 60_000, { id: 'a' })).toEqual(['marked', '', 'a'])
    expect(await result(stage, T, { id: 'b' })).toEqual(['marked', '', 'b'])
    expect(await stage.hash('results')).toEqual({})
  })

  test('are not kept where the queue keeps none', async () => {
    await stage.make({ resultTtl: 0 })
    await received('a')
    await complete(stage, T, { id: 'a', result: 'm1' })
    expect(await stage.hash('results')).toEqual({})
  })

  test('are told to those who await them', async () => {
    await received('a', 'b')
    await result(stage, T, { id: 'a', wait: 10_000 })
    const told = await published(stage, ['inbox'], () => complete(stage, T + 1, { id: 'a' }, { id: 'b' }))
    expect(told).toEqual(['inbox: result a'])
  })
})

describe('work', () => {
  test('completes and receives in one step', async () => {
    await send(stage, T, { id: 'a' }, { id: 'b' }, { id: 'c' })
    await receive(stage, T)
    const { outcomes, received: next } = await work(stage, T + 5, [{ id: 'a' }], { max: 1 })
    expect([outcomes, next?.ids]).toEqual(['', ['b']])
    expect(await stage.state()).toEqual({ ready: { c: T }, inflight: { b: T + 30_005 } })
  })

  test('only receives when nothing is done', async () => {
    await send(stage, T, { id: 'a' })
    expect((await work(stage, T, [], { max: 10 })).received?.ids).toEqual(['a'])
  })

  test('only completes when nothing is wanted, also in a paused queue', async () => {
    await received('a')
    await stage.set('paused', 1)
    expect(await work(stage, T, [{ id: 'a' }])).toEqual({ outcomes: '', received: undefined })
  })

  test('registers the one who waits when nothing came', async () => {
    await received('a')
    const { received: next } = await work(stage, T, [{ id: 'a' }], { max: 1, wait: 9_000 })
    expect([next?.ids, next?.due]).toEqual([[], 9_000])
    expect(await stage.zset('waiters')).toEqual({ inbox: T + 9_000 })
  })

  test('repeated after a lost reply answers the same and does nothing twice', async () => {
    await send(stage, T, { id: 'a' }, { id: 'b' }, { id: 'c' })
    await receive(stage, T)
    const wanting = { max: 1, attempt: 3 }
    await work(stage, T + 5, [{ id: 'a' }], wanting)
    const { outcomes, received: next } = await work(stage, T + 6, [{ id: 'a' }], { ...wanting, again: true })
    expect([outcomes, next?.ids]).toEqual(['d', ['b']])
    expect(await stage.state()).toEqual({ ready: { c: T }, inflight: { b: T + 30_005 } })
    expect(mark('a')).toHaveLength(14)
  })

  test('completes what its own receive would have made a dead letter', async () => {
    await stage.make({ maxReceives: 1 })
    await received('a')
    const { outcomes } = await work(stage, T + 30_000, [{ id: 'a' }], { max: 1 })
    expect(outcomes).toBe('')
    expect(await stage.state()).toEqual({})
  })
})
