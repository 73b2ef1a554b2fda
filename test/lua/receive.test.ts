import { describe, expect, test } from 'vitest'
import { letter, type Received, receive, release, send, type Wanting } from './calls.ts'
import { table, useStage } from './partition.ts'
import { T } from './stage.ts'

const stage = useStage({ maxReceives: 3 })
const START = T * 1000

/** What came: names, and of those that came again their numbers. */
async function received(now: number, wanting: Wanting = {}): Promise<[string, string, number]> {
  const { ids, histories, returned } = await receive(stage, now, wanting)
  return [ids.join(' '), histories, returned]
}

const nothing = ['', '', 0]

describe('receive', () => {
  table(stage, [
    {
      is: 'hides a message for the visibility of the queue',
      before: () => send(stage, T, { id: 'a' }),
      call: () => received(T + 5),
      reply: ['a', '', 0],
      after: { inflight: { a: T + 30_005 } },
    },
    {
      is: 'hides it for another visibility, and notes when it came, which the deadline does not tell then',
      before: () => send(stage, T, { id: 'a' }),
      call: () => received(T + 5, { visibility: 1_000 }),
      reply: ['a', '', 0],
      after: { inflight: { a: T + 1_005 }, receives: { a: `1 1 ${T + 5} ` } },
    },
    {
      is: 'hands out the oldest first, and no more than were asked for',
      before: async () => [await send(stage, T + 1, { id: 'c' }, { id: 'a' }), await send(stage, T, { id: 'b' })],
      call: () => received(T + 5, { max: 2 }),
      reply: ['b a', '', 0],
      after: { ready: { c: T + 1 }, inflight: { b: T + 30_005, a: T + 30_005 } },
    },
    { is: 'answers nothing from an empty queue', call: () => received(T), reply: nothing, after: {} },
    {
      is: 'does not hand out a message before its delay is over',
      before: () => send(stage, T, { id: 'a', delay: 10 }),
      call: () => received(T + 9),
      reply: nothing,
      after: { ready: { a: T + 10 } },
    },
    {
      is: 'hands it out as soon as its delay is over',
      before: () => send(stage, T, { id: 'a', delay: 10 }),
      call: () => received(T + 10),
      reply: ['a', '', 0],
    },
    {
      is: 'hands out nothing while the queue is paused',
      before: async () => [await send(stage, T, { id: 'a' }), await stage.set('paused', 1)],
      call: () => received(T),
      reply: nothing,
      after: { ready: { a: T } },
    },
    {
      is: 'does not hand out a message that is hidden',
      before: async () => [await send(stage, T, { id: 'a' }), await receive(stage, T)],
      call: () => received(T + 29_999),
      reply: nothing,
      after: { inflight: { a: T + 30_000 } },
    },
    {
      is: 'hands it out again when its deadline has passed, with the next numbers',
      before: async () => [await send(stage, T, { id: 'a' }), await receive(stage, T)],
      call: () => received(T + 30_000),
      reply: ['a', `2 2 ${T}`, 1],
      after: { inflight: { a: T + 60_000 }, receives: { a: `2 2 ${T} ` } },
    },
    {
      is: 'hands out what came back before the backlog',
      before: async () => {
        await send(stage, T, { id: 'b' })
        await receive(stage, T)
        await send(stage, T, { id: 'a' })
      },
      call: () => received(T + 30_000, { max: 2 }),
      reply: ['b a', `2 2 ${T} 1 1 ${T + 30_000}`, 1],
    },
    {
      is: 'hands out as many that came back as were asked for, and fills up from the backlog',
      before: async () => {
        await send(stage, T, { id: 'a' }, { id: 'b' })
        await receive(stage, T, { max: 2 })
        await send(stage, T + 1, { id: 'c' })
      },
      call: () => received(T + 30_000, { max: 3, returning: 1 }),
      reply: ['a c', `2 2 ${T} 1 1 ${T + 30_000}`, 1],
    },
    {
      is: 'hands out none that came back when none were asked for',
      before: async () => [await send(stage, T, { id: 'a' }), await receive(stage, T)],
      call: () => received(T + 30_000, { returning: 0 }),
      reply: nothing,
      after: { inflight: { a: T + 30_000 } },
    },
    {
      is: 'makes a dead letter of a message that was received too often',
      before: async () => {
        await send(stage, T, { id: 'a' })
        for (const n of [0, 1, 2]) await receive(stage, T + n * 30_000)
      },
      call: () => received(T + 90_000),
      reply: nothing,
      after: { dead: { a: T + 90_000 }, letters: { a: letter(`3 3 ${T}`, 'maxReceives ') } },
    },
    {
      is: 'keeps the last error with such a dead letter',
      before: async () => {
        await send(stage, T, { id: 'a' })
        await receive(stage, T)
        await release(stage, T, { id: 'a', how: 'failed', reason: 'no luck' })
        await receive(stage, T)
        await receive(stage, T + 40_000)
      },
      call: () => received(T + 80_000),
      reply: nothing,
      after: { dead: { a: T + 80_000 }, letters: { a: letter(`3 3 ${T}`, 'maxReceives no luck') } },
    },
    {
      is: 'answers others than those that became dead letters',
      before: async () => {
        await stage.make({ maxReceives: 1 })
        await send(stage, T, { id: 'a' })
        await receive(stage, T)
        await send(stage, T + 1, { id: 'b' })
      },
      call: () => received(T + 30_000, { max: 2 }),
      reply: ['b', '', 0],
    },
  ])

  test('answers nothing more than it was asked for when all came back', async () => {
    await send(stage, T, ...Array.from({ length: 5 }, (_, i) => ({ id: `m${i}` })))
    await receive(stage, T, { max: 5 })
    const { ids, returned } = await receive(stage, T + 30_000, { max: 3 })
    expect([ids, returned]).toEqual([['m0', 'm1', 'm2'], 3])
  })

  test('goes on to what is left when the oldest was received too often', async () => {
    await stage.make({ maxReceives: 1 })
    await send(stage, T, { id: 'a' })
    await receive(stage, T)
    await release(stage, T, { id: 'a' })
    await send(stage, T + 1, { id: 'b' })
    const { ids, due } = await receive(stage, T + 2, { wait: 20_000 })
    if (ids.length === 0) {
      expect(due).toBe(0)
      expect((await receive(stage, T + 2)).ids).toEqual(['b'])
    } else expect(ids).toEqual(['b'])
  })

  test('says to look again at once when others that came back are left', async () => {
    await stage.make({ maxReceives: 1 })
    await send(stage, T, { id: 'a' }, { id: 'b' })
    await receive(stage, T, { max: 2 })
    const { ids, due } = await receive(stage, T + 30_000, { max: 1, wait: 20_000 })
    expect(ids).toEqual([])
    expect(due).toBe(0)
    await receive(stage, T + 30_000, { max: 1 })
    expect(Object.keys(await stage.zset('dead'))).toEqual(['a', 'b'])
  })

  test('answers the numbers of the delivery', async () => {
    await send(stage, T, { id: 'a', body: 'one' }, { id: 'b', body: 'two' })
    const got = await receive(stage, T + 7, { max: 2 })
    const expected: Received = {
      ids: ['a', 'b'],
      histories: '',
      fence: START + 7_000,
      receivedAt: T + 7,
      visibility: 30_000,
      due: -1,
      returned: 0,
      over: 0,
      records: ['tone', 'ttwo'],
    }
    expect(got).toEqual(expected)
  })

  test('gives every delivery a higher fence, also when the clock goes back', async () => {
    await send(stage, T - 5_000, ...Array.from({ length: 6 }, (_, i) => ({ id: `m${i}` })))
    const fences: number[] = []
    for (const now of [T, T, T - 5_000, T + 1]) fences.push((await receive(stage, now)).fence)
    expect(fences).toEqual([START, START + 1, START + 2, START + 1_000])
    const { fence } = await receive(stage, T + 1, { max: 2 })
    expect(fence).toBe(START + 1_001)
    expect(await stage.meta('fence')).toBe(String(START + 1_002))
  })

  test('counts on after a release that gave the attempt back', async () => {
    await send(stage, T, { id: 'a' })
    await receive(stage, T)
    await release(stage, T, { id: 'a', how: 'uncounted' })
    expect((await receive(stage, T)).histories).toBe(`2 1 ${T}`)
  })
})
