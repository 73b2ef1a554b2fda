// FIFO queues: how messages leave the line, go back to it, or stay in it.
import { describe, expect, test } from 'vitest'
import { beat, extend, redrive, release } from './calls.ts'
import { completeGrouped, workGrouped } from './group-calls.ts'
import { useLine } from './lines.ts'
import { table } from './partition.ts'
import { T } from './stage.ts'

const { stage, sent, got, receipt } = useLine()
const V = 30_000
const extended = (ms: number) => ms + 0.0005
const state = async () => stage.state()

describe('a completion', () => {
  table(stage, [
    {
      is: 'of the head makes the rest receivable',
      before: async () => [await sent(T, 'a1 a2'), await got(T, { max: 1 })],
      call: async () => [await completeGrouped(stage, T + 1, receipt('a1', 1)), await got(T + 1)],
      reply: ['', 'a2'],
    },
    {
      is: 'and receive in one step goes on in the group',
      before: async () => [await sent(T, 'a1 a2'), await got(T, { max: 1 })],
      call: async () => (await workGrouped(stage, T + 1, [receipt('a1', 1)], { max: 1 })).ids,
      reply: ['a2'],
      after: { inflight: { a2: T + 1 + V }, order: ['a 2 a2'], noisy: { a: T + 1 + V } },
    },
    {
      is: 'of a later message leaves the group locked',
      before: async () => [await sent(T, 'a1 a2 a3'), await got(T, { max: 2 })],
      call: async () => [await completeGrouped(stage, T, receipt('a2', 2)), await got(T)],
      reply: ['', ''],
      after: { inflight: { a1: T + V }, grouped: { a3: T }, order: ['a 1 a1', 'a 3 a3'], noisy: { a: T + V } },
    },
    {
      is: 'of the last leaves nothing of the group',
      before: async () => [await sent(T, 'a1'), await got(T)],
      call: () => completeGrouped(stage, T, receipt('a1', 1)),
      reply: '',
      after: {},
    },
    {
      is: 'is refused after the deadline, though nobody else has received the message',
      before: async () => [await sent(T, 'a1 a2'), await got(T)],
      call: () => completeGrouped(stage, T + V, receipt('a1', 1), receipt('a2', 2)),
      reply: 'xx',
      after: { inflight: { a1: T + V, a2: T + V }, order: ['a 1 a1', 'a 2 a2'], noisy: { a: T + V } },
    },
    {
      is: 'answers done to a repeat',
      before: async () => [await sent(T, 'a1'), await got(T), await completeGrouped(stage, T, receipt('a1', 1))],
      call: () => completeGrouped(stage, T, receipt('a1', 1)),
      reply: 'd',
      after: {},
    },
  ])
})

describe('a release', () => {
  table(stage, [
    {
      is: 'puts a message back to its place',
      before: async () => [await sent(T, 'a1 a2 a3'), await got(T, { max: 2 })],
      call: async () => [await release(stage, T + 1, receipt('a1', 1, { received: T })), await got(T + 1)],
      reply: [['ok', 'b'], 'a1'],
    },
    {
      is: 'of a later message leaves the group locked',
      before: async () => [await sent(T, 'a1 a2'), await got(T)],
      call: async () => [await release(stage, T + 1, receipt('a2', 2, { received: T })), await got(T + 1)],
      reply: [['ok', 'b'], ''],
    },
    {
      is: 'with a delay holds the group back',
      before: async () => [await sent(T, 'a1 a2'), await got(T, { max: 1 })],
      call: async () => {
        await release(stage, T, receipt('a1', 1, { delay: 700 }))
        return [await got(T + 699), await got(T + 700)]
      },
      reply: ['', 'a1 a2'],
    },
    {
      is: 'to the dead letters lets the group go on',
      before: async () => [await sent(T, 'a1 a2'), await got(T, { max: 1 })],
      call: async () => [await release(stage, T, receipt('a1', 1, { how: 'rejected' })), await got(T)],
      reply: [['ok', 'd'], 'a2'],
    },
    {
      is: 'is refused after the deadline',
      before: async () => [await sent(T, 'a1'), await got(T)],
      call: () => release(stage, T + V, receipt('a1', 1)),
      reply: ['ok', 'x'],
      after: { inflight: { a1: T + V }, order: ['a 1 a1'], noisy: { a: T + V } },
    },
  ])
})

describe('an extension', () => {
  table(stage, [
    {
      is: 'of the head holds the group for as long',
      before: async () => [await sent(T, 'a1 a2'), await got(T, { max: 1 })],
      call: () => extend(stage, T, receipt('a1', 1, { visibility: 2 * V })),
      reply: ['ok', 'e'],
      after: {
        inflight: { a1: extended(T + 2 * V) },
        grouped: { a2: T },
        receives: { a1: `1 1 ${T} ` },
        order: ['a 1 a1', 'a 2 a2'],
        noisy: { a: T + 2 * V + 0.0005 },
      },
    },
    {
      is: 'that comes late locks the group again',
      before: async () => [await sent(T, 'a1'), await got(T)],
      call: async () => [
        await beat(stage, T + V + 5, receipt('a1', 1, { visibility: V, received: T })),
        await got(T + V + 6),
      ],
      reply: [['ok', 'e'], ''],
    },
  ])
})

describe('a redrive', () => {
  test('puts messages at the end of their groups, with new numbers', async () => {
    await sent(T, 'a1 a2')
    await got(T, { max: 1 })
    await release(stage, T, receipt('a1', 1, { how: 'rejected' }))
    expect(await redrive(stage, T + 5)).toEqual(['ok', 1, 0])
    expect((await state()).order).toEqual(['a 2 a2', 'a 3 a1'])
    expect(await got(T + 5)).toBe('a2 a1')
    expect((await sent(T + 5, 'a3')).sequences).toEqual([4])
  })
})
