// FIFO queues: order within a group, groups that do not wait for each other, and what real SQS was recorded to do.
import { describe, expect, test } from 'vitest'
import { extend } from './calls.ts'
import { completeGrouped, receiveGrouped, sendGrouped } from './group-calls.ts'
import { useLine } from './lines.ts'
import { table } from './partition.ts'
import { T } from './stage.ts'

const { stage, sent, got, receipt } = useLine()
const V = 30_000
const state = async () => stage.state()

describe('a send', () => {
  test('puts messages in line by numbers that rise', async () => {
    expect(await sent(T, 'a1 b1 a2')).toEqual({ outcomes: 'nnn', known: [], sequences: [1, 2, 3], last: 3 })
    expect(await state()).toEqual({
      grouped: { a1: T, a2: T, b1: T },
      order: ['a 1 a1', 'a 3 a2', 'b 2 b1'],
      groups: { a: T, b: T },
    })
  })

  test('numbers above what is asked for', async () => {
    await sent(T, 'a1')
    expect((await sendGrouped(stage, T, [{ id: 'a2', group: 'a' }], { above: 40 })).sequences).toEqual([41])
    expect((await sent(T, 'a3')).sequences).toEqual([42])
  })

  test('of a repeat stores nothing and answers the number that it got', async () => {
    await sendGrouped(stage, T, [{ id: 'a1', group: 'a', dedup: 'x' }])
    const again = await sendGrouped(stage, T + 1, [{ id: 'a1', group: 'a', dedup: 'x', repeated: true }])
    expect(again).toEqual({ outcomes: 's', known: ['a1', ''], sequences: [1], last: 1 })
  })

  test('at a former home stores only what has messages of its group before it', async () => {
    await sent(T, 'a1')
    const list = [
      { id: 'a2', group: 'a' },
      { id: 'b1', group: 'b' },
    ]
    expect(await sendGrouped(stage, T, list, { stay: true })).toMatchObject({ outcomes: 'nv', sequences: [2, 0] })
    expect((await state()).order).toEqual(['a 1 a1', 'a 2 a2'])
  })

  test('at a former home says of two with one key that both have moved', async () => {
    const list = ['a1', 'a2'].map((id) => ({ id, group: 'a', key: 'k' }))
    expect(await sendGrouped(stage, T, list, { stay: true })).toMatchObject({ outcomes: 'vv', known: ['', '', '', ''] })
  })

  test('keeps groups apart whose names begin alike', async () => {
    await sendGrouped(stage, T, [
      { id: 'm1', group: 'a' },
      { id: 'm2', group: 'a!' },
      { id: 'm3', group: 'a0' },
      { id: 'm4', group: 'a' },
    ])
    expect(await got(T, { max: 10, each: 1 })).toBe('m1 m2 m3')
    expect(await got(T)).toBe('')
    expect(await completeGrouped(stage, T, { id: 'm1', group: 'a', sequence: 1 })).toBe('')
    expect(await got(T)).toBe('m4')
  })
})

describe('a receive', () => {
  table(stage, [
    {
      is: 'may hold several of a group, in order',
      before: () => sent(T, 'a1 a2 b1 a3'),
      call: async () => {
        const { ids, sequences, came } = await receiveGrouped(stage, T, { max: 10 })
        return [ids, sequences, came]
      },
      reply: [['a1', 'a2', 'a3', 'b1'], [1, 2, 4, 3], '----'],
      after: {
        inflight: { a1: T + V, a2: T + V, a3: T + V, b1: T + V },
        order: ['a 1 a1', 'a 2 a2', 'a 4 a3', 'b 3 b1'],
        noisy: { a: T + V, b: T + V },
      },
    },
    {
      is: 'gives nothing of a group whose head is in flight',
      before: async () => [await sent(T, 'a1 a2'), await got(T, { max: 1 })],
      call: () => got(T + 1),
      reply: '',
      after: { grouped: { a2: T }, inflight: { a1: T + V }, order: ['a 1 a1', 'a 2 a2'], noisy: { a: T + V } },
    },
    {
      is: 'gives as many of a group as are asked for',
      before: () => sent(T, 'a1 a2 b1 b2'),
      call: () => got(T, { each: 1 }),
      reply: 'a1 b1',
    },
    {
      is: 'gives no more than are asked for',
      before: () => sent(T, 'a1 a2 a3 b1'),
      call: () => got(T, { max: 2 }),
      reply: 'a1 a2',
    },
    {
      is: 'begins with the group that could be received from for longest',
      before: async () => [await sent(T, 'b1'), await sent(T + 1, 'a1'), await sent(T + 2, 'c1')],
      call: () => got(T + 5),
      reply: 'b1 a1 c1',
    },
    {
      is: 'gives what was given back with visibility 0, though the next one is in flight: m1 and not m2',
      before: async () => {
        await sent(T, 'a1 a2')
        await got(T)
        await extend(stage, T + 5, receipt('a1', 1, { visibility: 0, received: T }))
      },
      call: () => got(T + 6),
      reply: 'a1',
      after: {
        inflight: { a1: T + 6 + V, a2: T + V },
        receives: { a1: `2 2 ${T} ` },
        order: ['a 1 a1', 'a 2 a2'],
        noisy: { a: T + 6 + V },
      },
    },
    {
      is: 'gives nothing when a later message is visible and the head is not',
      before: async () => {
        await sent(T, 'a1 a2')
        await got(T)
        await extend(stage, T + 5, receipt('a2', 2, { visibility: 0, received: T }))
      },
      call: () => got(T + 6),
      reply: '',
    },
    {
      is: 'gives all again in order after their deadlines',
      before: async () => [await sent(T, 'a1 a2 a3'), await got(T, { max: 2 })],
      call: async () => {
        const { ids, histories, came } = await receiveGrouped(stage, T + V, { max: 10 })
        return [ids.join(' '), histories, came]
      },
      reply: ['a1 a2 a3', `2 2 ${T} 2 2 ${T} 1 1 ${T + V}`, 'rr-'],
    },
    {
      is: 'gives messages up to the first that is invisible',
      before: async () => {
        await sent(T, 'a1 a2 a3')
        await got(T)
        await extend(stage, T, receipt('a1', 1, { visibility: 0, received: T }))
        await extend(stage, T, receipt('a3', 3, { visibility: 0, received: T }))
      },
      call: () => got(T + 1),
      reply: 'a1',
    },
    {
      is: 'waits for a head that is delayed',
      before: async () => [await sent(T, 'a1', 500), await sent(T, 'a2', 0), await sent(T, 'b1')],
      call: async () => [await got(T + 1), await got(T + 500)],
      reply: ['b1', 'a1 a2'],
    },
    {
      is: 'goes on with the rest when the head was received too often',
      before: async () => {
        await stage.make({ fifo: 1, maxReceives: 1 })
        await sent(T, 'a1')
        await got(T)
        await sent(T + 1, 'a2 a3')
      },
      call: () => got(T + V, { max: 2 }),
      reply: 'a2',
      after: {
        dead: { a1: T + V },
        letters: { a1: expect.stringContaining('maxReceives') as unknown as string },
        inflight: { a2: T + 2 * V },
        grouped: { a3: T + 1 },
        order: ['a 2 a2', 'a 3 a3'],
        noisy: { a: T + 2 * V },
      },
    },
    {
      is: 'says to look again at once when all that it found was received too often',
      before: async () => {
        await stage.make({ fifo: 1, maxReceives: 1 })
        await sent(T, 'a1 b1')
        await got(T)
      },
      call: async () => {
        const first = await receiveGrouped(stage, T + V, { max: 1, wait: 20_000 })
        const second = await receiveGrouped(stage, T + V, { max: 1, wait: 20_000 })
        const third = await receiveGrouped(stage, T + V, { max: 1, wait: 20_000 })
        return [first.due, second.due, third.due]
      },
      reply: [0, 20_000, 20_000],
      after: {
        dead: { a1: T + V, b1: T + V },
        letters: { a1: expect.any(String) as unknown as string, b1: expect.any(String) as unknown as string },
      },
    },
    {
      is: 'heeds how many that came back are wanted, and gives what waits in other groups, however many groups came back',
      before: async () => {
        for (let i = 0; i < 40; i++) await sendGrouped(stage, T, [{ id: `x${i}`, group: `x${i}` }])
        await receiveGrouped(stage, T, { max: 40 })
        await sent(T + V + 1, 'b1 c1')
      },
      call: async () => [
        await got(T + V + 1, { max: 1, returning: 0 }),
        await got(T + V + 1, { max: 2, returning: 1 }),
      ],
      reply: ['b1', 'x0 c1'],
    },
  ])
})
