// Moving what waits in a partition, for a task.
import { describe, expect, test } from 'vitest'
import { receive, send, sendOnce } from './calls.ts'
import { table, useStage } from './partition.ts'
import { id, type Stage, T } from './stage.ts'
import { arrive, dead, move, outboxOf, survey } from './transit-calls.ts'

const stage = useStage()

/** Dead letters that have come from the queue `source`. */
const came = (now: number, ...names: string[]) =>
  arrive(
    stage,
    now,
    ...names.map((name, i) => ({
      number: now * 10 + i,
      id: name,
      deliveries: 2,
      first: 7,
      record: dead('source', 'rejected why'),
    })),
  )

/** Kind, id, deliveries and destination of what is in the outbox. */
async function moving(of: Stage = stage): Promise<string[]> {
  return (await outboxOf(of)).map((line) => {
    const [, queue, , , kind, name, , deliveries] = line.split(' ')
    return `${kind} ${name} ${deliveries} ${queue}`
  })
}

describe('move', () => {
  table(stage, [
    {
      is: 'puts messages into the outbox, each for the queue from which it came, and counts them',
      before: () => came(T, 'a', 'b'),
      call: async () => [await move(stage, T, ['a', 'b']), await moving()],
      reply: [
        ['moved', 2],
        ['m a 2 source', 'm b 2 source'],
      ],
    },
    {
      is: 'takes their origin away, for they are dead no more',
      before: () => came(T, 'a'),
      call: async () => [
        await move(stage, T, ['a'], { to: 'other' }),
        Object.values(await stage.hash('letters')),
        await moving(),
      ],
      reply: [['moved', 1], ['tbody'], ['m a 2 other']],
    },
    {
      is: 'leaves what has no source, is in flight, came later, is not here, or is named twice',
      before: async () => {
        await came(T, 'a', 'b')
        await receive(stage, T)
        await send(stage, T, { id: 'c' })
        await came(T + 1, 'd')
      },
      call: async () => [await move(stage, T, ['a', 'c', 'd', 'x', 'b', 'b'], { task: T }), await moving()],
      reply: [['moved', 1], ['m b 2 source']],
    },
    {
      is: 'moves nothing where the caller does not know how many were moved, as in a repeat',
      before: async () => [await came(T, 'a', 'b'), await move(stage, T, ['a'])],
      call: async () => [await move(stage, T, ['b']), await move(stage, T, ['b'], { counted: 1 })],
      reply: [
        ['moved', 1],
        ['moved', 2],
      ],
    },
    {
      is: 'does nothing for one who ran the task before another',
      before: async () => [await came(T, 'a'), await move(stage, T, [], { turn: 2 })],
      call: async () => [await move(stage, T, ['a'], { turn: 1 }), await moving()],
      reply: [['lost', 0], []],
    },
    {
      is: 'does nothing for an older task, and counts anew for a newer one',
      before: async () => {
        await came(T, 'a', 'b')
        await move(stage, T, ['a'], { task: T })
      },
      call: async () => [
        await move(stage, T, [], { task: T + 1, counted: -1 }),
        await move(stage, T, ['b'], { task: T, counted: 1 }),
        await move(stage, T, ['b'], { task: T + 1 }),
      ],
      reply: [
        ['moved', 0],
        ['lost', 0],
        ['moved', 1],
      ],
    },
  ])

  test('frees the key of a message that was sent here', async () => {
    await sendOnce(stage, T, { id: 'a', key: 'k' })
    await move(stage, T, ['a'], { to: 'other' })
    expect(await stage.hash('keys')).toEqual({})
    expect((await outboxOf(stage))[0]).toMatch(/ m a 0 0 0 0 \S{12} \d+ <k> -$/)
  })

  test('takes messages of a FIFO group in order, unless its head is in flight', async () => {
    await stage.set('fifo', '1')
    const record = dead('source.fifo', 'rejected why', { group: 'g' })
    await arrive(stage, T, { number: 1, id: 'b', record }, { number: 2, id: 'a', record })
    const h = { record: dead('source.fifo', 'rejected why', { group: 'h' }) }
    await arrive(stage, T, { number: 3, id: 'c', ...h }, { number: 4, id: 'd', ...h })
    await stage.redis.zrem(stage.keys.grouped, id('c'))
    await stage.redis.zadd(stage.keys.inflight, (T + 5_000) * 1000, id('c'))
    await stage.redis.zrem(stage.keys.groups, 'h')
    await stage.redis.zadd(stage.keys.noisy, T + 5_000, 'h')
    const { found } = await survey(stage, T, { cursor: 'line -' })
    expect(found.map(([name]) => name)).toEqual(['b', 'a'])
    expect(await move(stage, T, ['b', 'a', 'd'])).toEqual(['moved', 2])
    expect(await moving()).toEqual(['m b 1 source.fifo', 'm a 1 source.fifo'])
    expect(await stage.zset('grouped')).toEqual({ d: T })
    expect(Object.keys(await stage.zset('noisy'))).toEqual(['h'])
    expect(await move(stage, T + 5_000, ['c', 'd'], { task: T + 5_000 })).toEqual(['moved', 2])
  })

  test('takes a message of a FIFO group from its place, however many stand before it', async () => {
    await stage.set('fifo', '1')
    const record = dead('source.fifo', 'rejected why', { group: 'g' })
    const names = Array.from({ length: 600 }, (_, i) => `m${i}`)
    for (let from = 0; from < 600; from += 100)
      await arrive(stage, T, ...names.slice(from, from + 100).map((id, i) => ({ number: from + i + 1, id, record })))
    expect(await move(stage, T, names.slice(550))).toEqual(['moved', 50])
    expect(await stage.redis.zcard(stage.keys.order)).toBe(550)
  })

  test('leaves a message of a FIFO group that has another place by now', async () => {
    await stage.set('fifo', '1')
    const record = dead('source.fifo', 'rejected why', { group: 'g' })
    await arrive(stage, T, { number: 1, id: 'a', record })
    const [, , moved] = await stage.call('move', T, T, 1, 0, '', id('a'), '7')
    expect([moved, await stage.zset('grouped')]).toEqual([0, { a: T }])
  })
})

describe('survey', () => {
  /** Names on each page. */
  async function pages(now: number, limit: number, before = now): Promise<unknown[][]> {
    const found: unknown[][] = []
    for (let cursor = ''; ; ) {
      const page = await survey(stage, now, { before, limit, cursor })
      found.push(page.found.map(([name]) => name))
      cursor = page.cursor
      if (cursor === '') return found
    }
  }

  test('goes through what waits page by page, by time, and passes over what came later', async () => {
    await send(stage, T, { id: 'b' }, { id: 'a' })
    await send(stage, T + 1, { id: 'c' })
    await send(stage, T + 9, { id: 'd' })
    expect(await pages(T + 9, 2, T + 5)).toEqual([['a', 'b'], ['c'], []])
    expect(await survey(stage, T, { limit: 2 })).toEqual({
      found: [
        ['a', T],
        ['b', T],
      ],
      cursor: `ready ${T} 2`,
    })
  })

  test('then through what has come back by its deadline', async () => {
    await send(stage, T, { id: 'a' }, { id: 'b' })
    await receive(stage, T, { visibility: 100 })
    await receive(stage, T, { visibility: 9_000 })
    await send(stage, T + 200, { id: 'c' })
    expect(await pages(T + 200, 10)).toEqual([['c'], ['a']])
    expect(await pages(T + 200, 10, T + 50)).toEqual([[], []])
    expect(await move(stage, T + 200, ['a', 'b'], { to: 'other' })).toEqual(['moved', 1])
    expect(await moving()).toEqual(['m a 1 other'])
  })

  test('then through groups, each in its order', async () => {
    await send(stage, T, { id: 'z' })
    const record = (group: string) => dead('source', 'rejected why', { group })
    await arrive(stage, T, { number: 1, id: 'b', record: record('h') }, { number: 2, id: 'a', record: record('g') })
    expect(await pages(T, 10)).toEqual([['z'], [], ['a', 'b']])
    expect(await pages(T, 1)).toEqual([['z'], [], [], ['a'], ['b'], []])
  })
})
