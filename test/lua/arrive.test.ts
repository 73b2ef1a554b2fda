// Messages that come from another partition's outbox: each number once, in order, whole.
import { describe, expect, test } from 'vitest'
import { complete, receive, redrive, release, result, send, sendOnce } from './calls.ts'
import { published, table, useStage } from './partition.ts'
import { key, T } from './stage.ts'
import { arrive, dead } from './transit-calls.ts'

const stage = useStage()

describe('arrive', () => {
  table(stage, [
    {
      is: 'stores a dead letter as a message that came before, its attempts counted anew',
      call: () => arrive(stage, T, { number: 5, id: 'a', deliveries: 3, first: 7 }),
      reply: [5, 'n'],
      after: { ready: { a: T }, receives: { a: '3 0 7 ' } },
    },
    {
      is: 'keeps since when its age counts',
      call: () => arrive(stage, T, { number: 5, id: 'a', deliveries: 3, first: 7, enqueued: 9 }),
      reply: [5, 'n'],
      after: { ready: { a: T }, receives: { a: '3 0 7@9 ' } },
    },
    {
      is: 'counts the age of a message that is moved back from now on',
      call: () => arrive(stage, T, { number: 5, kind: 'm', id: 'a', deliveries: 3, first: 7 }),
      reply: [5, 'n'],
      after: { ready: { a: T }, receives: { a: `3 0 7@${T} ` } },
    },
    {
      is: 'stores a follow-up as a new message, after its delay or the queue’s own',
      before: () => stage.set('delay', 100),
      call: () =>
        arrive(
          stage,
          T,
          { number: 5, kind: 'f', id: 'a', delay: 500 },
          { number: 6, kind: 'f', id: 'b', delay: '-' },
          { number: 7, kind: 'f', id: 'c', delay: 0 },
        ),
      reply: [7, 'nnn'],
      after: { ready: { a: T + 500, b: T + 100, c: T } },
    },
    {
      is: 'stores nothing whose number has come before',
      before: () => arrive(stage, T, { number: 5, id: 'a' }),
      call: () => arrive(stage, T, { number: 4, id: 'x' }, { number: 5, id: 'a' }, { number: 6, id: 'b' }),
      reply: [6, '--n'],
      after: { ready: { a: T, b: T }, receives: { a: '1 0 0 ', b: '1 0 0 ' } },
    },
    {
      is: 'stores nothing of what is gone since it came',
      before: async () => {
        await arrive(stage, T, { number: 5, id: 'a' })
        await receive(stage, T)
        await complete(stage, T, { id: 'a', delivery: 2 })
      },
      call: () => arrive(stage, T, { number: 5, id: 'a' }),
      reply: [5, '-'],
      after: {},
    },
    {
      is: 'knows a message that is here by its id',
      before: () => send(stage, T, { id: 'a' }),
      call: () => arrive(stage, T + 1, { number: 5, id: 'a' }),
      reply: [5, 's'],
      after: { ready: { a: T } },
    },
    {
      is: 'claims the key of a follow-up, not that of a dead letter',
      call: () =>
        arrive(
          stage,
          T,
          { number: 5, kind: 'f', id: 'a', record: `T${key('k')}body`, print: 'x'.repeat(12) },
          { number: 6, id: 'b', record: dead('queue', 'rejected why', { key: 'l' }) },
        ),
      reply: [6, 'nn'],
      after: { ready: { a: T, b: T }, receives: { b: '1 0 0 ' }, keys: { '<k>': 'pa'.concat('x'.repeat(12)) } },
    },
    {
      is: 'drops a follow-up whose key is pending, and makes a dead letter of a message that is moved',
      before: () => sendOnce(stage, T, { id: 'h', key: 'k' }),
      call: () =>
        arrive(
          stage,
          T,
          { number: 5, kind: 'f', id: 'a', record: `T${key('k')}body` },
          { number: 6, kind: 'm', id: 'b', deliveries: 2, first: 7, record: `T${key('k')}body` },
        ),
      reply: [6, 'xx'],
    },
    {
      is: 'answers the last number where nothing is new',
      call: () => arrive(stage, T),
      reply: [0, ''],
      after: {},
    },
  ])

  test('a duplicate that was moved waits among the dead letters until its key is free', async () => {
    await sendOnce(stage, T, { id: 'h', key: 'k' })
    await arrive(stage, T, { number: 6, kind: 'm', id: 'b', deliveries: 2, first: 7, record: `T${key('k')}other` })
    expect(await stage.hash('letters')).toEqual({ b: '2 2 7 30 - duplicate hT<k>other' })
    expect(await redrive(stage, T)).toEqual(['ok', 0, 1])
    await receive(stage, T)
    await release(stage, T, { id: 'h', how: 'rejected' })
    expect(await redrive(stage, T, { ids: ['b'] })).toEqual(['ok', 1, 0])
  })

  test('a duplicate is one whose key is done, too', async () => {
    await sendOnce(stage, T, { id: 'h', key: 'k' })
    await receive(stage, T)
    await complete(stage, T, { id: 'h', key: 'k' })
    expect(await arrive(stage, T, { number: 6, kind: 'm', id: 'b', record: `T${key('k')}body` })).toEqual([6, 'x'])
  })

  test('a message that comes back is awaited again', async () => {
    await stage.set('deadLetterQueue', 'dead')
    await send(stage, T, { id: 'a' })
    await receive(stage, T)
    await release(stage, T, { id: 'a', how: 'rejected', reason: 'why' })
    expect(await result(stage, T, { id: 'a' })).toEqual(['dead', 'rejected why', 'a'])
    await stage.redis.del(stage.keys.outbox)
    await stage.redis.del(stage.keys.letters)
    await arrive(stage, T, { number: 6, kind: 'm', id: 'a' })
    expect(await result(stage, T, { id: 'a' })).toEqual(['pending', '', 'a'])
  })

  test('wakes one who waits', async () => {
    await stage.waiting({ inbox: T + 10_000 })
    expect(await published(stage, ['inbox'], () => arrive(stage, T, { number: 5, id: 'a' }))).toEqual([
      'inbox: 0 ready',
    ])
  })

  test('keeps apart what comes from different partitions', async () => {
    await arrive(stage, T, { number: 5, id: 'a' })
    await stage.call(
      'arrive',
      T,
      'another',
      0,
      `${'5'.padStart(16, '0')} d ${'b'.padStart(20, '-')} 0 1 0 0 - - 0`,
      'tbody',
    )
    expect(await stage.zset('ready')).toEqual({ a: T, b: T })
  })
})

describe('arrive, of groups', () => {
  const of = (group: string) => ({ record: dead('queue', 'rejected why', { group }) })

  test('puts messages of a FIFO queue in line behind those of their groups', async () => {
    await stage.set('fifo', '1')
    expect(await arrive(stage, T, { number: 5, id: 'b', ...of('g') }, { number: 6, id: 'a', ...of('g') })).toEqual([
      6,
      'nn',
    ])
    expect((await stage.redis.zrange(stage.keys.order, 0, -1)).map((line) => stage.shown(line))).toEqual([
      `g ${'1'.padStart(16, '0')}b`,
      `g ${'2'.padStart(16, '0')}a`,
    ])
    expect(await stage.hash('receives')).toEqual({ a: `1 0 0@${T} `, b: `1 0 0@${T} ` })
  })

  test('makes tenants of those of a standard queue', async () => {
    await arrive(stage, T, { number: 5, id: 'a', ...of('g') })
    expect(await stage.zset('grouped')).toEqual({ a: T })
    expect(await stage.meta('fair')).toBe('1')
  })

  test('deduplicates follow-ups of a FIFO queue', async () => {
    await stage.set('fifo', '1')
    const follow = { kind: 'f' as const, record: 'ag\n0 0\ntbody', dedup: 'd' }
    expect(await arrive(stage, T, { number: 5, id: 'a', ...follow }, { number: 6, id: 'b', ...follow })).toEqual([
      6,
      'ne',
    ])
    expect(await arrive(stage, T + 299_000, { number: 7, id: 'c', ...follow })).toEqual([7, 'e'])
    expect(await arrive(stage, T + 300_001, { number: 8, id: 'd', ...follow })).toEqual([8, 'n'])
  })

  test('stores at a former home what belongs there still, and stops at what does not, behind which others wait', async () => {
    await stage.set('fifo', '1')
    await arrive(stage, T, { number: 5, id: 'a', ...of('g') })
    const reply = await arrive(
      stage,
      T,
      { number: 6, id: 'b', ...of('g'), stay: true },
      { number: 7, id: 'c', ...of('h'), stay: true },
      { number: 8, id: 'd', ...of('g'), stay: true },
    )
    expect(reply).toEqual([6, 'nvw'])
    expect(await stage.zset('grouped')).toEqual({ a: T, b: T })
    expect(await arrive(stage, T, { number: 7, id: 'c', ...of('h'), stay: true })).toEqual([6, 'v'])
  })
})

describe('a partition that is drained', () => {
  test('takes what was given this place', async () => {
    await stage.set('drained', '1')
    expect(await arrive(stage, T, { number: 5, id: 'a' })).toEqual([5, 'n'])
  })

  test('takes nothing once it was found empty, which it is not while repeats may come', async () => {
    await stage.set('drained', '1')
    const number = T * 1000
    await arrive(stage, T, { number, id: 'a' })
    await receive(stage, T)
    await complete(stage, T, { id: 'a', delivery: 2 })
    await stage.redis.del(stage.keys['recent:a'])
    expect((await stage.call('vacant', T + 599_000))[1]).toBe(0)
    expect(await arrive(stage, T, { number, id: 'a' })).toEqual([number, '-'])
    expect((await stage.call('vacant', T + 601_000))[1]).toBe(1)
    expect(await arrive(stage, T, { number: number + 1, id: 'b' })).toEqual([number, 'v'])
    expect(await stage.zset('ready')).toEqual({})
  })
})
