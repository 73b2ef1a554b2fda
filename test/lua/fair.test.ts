// Tenants of a standard queue: quiet ones first, and of each in the order in which its messages fell due.
import { describe, expect, test } from 'vitest'
import { extend, release } from './calls.ts'
import { completeGrouped, receiveGrouped, sendGrouped } from './group-calls.ts'
import { noise, useTenants } from './lines.ts'
import { table } from './partition.ts'
import { T } from './stage.ts'

const { stage, sent, got, receipt } = useTenants()
const V = 30_000
const dead = { letters: expect.any(Object) as unknown as Record<string, string> }

describe('a partition with tenants', () => {
  test('says so to the scripts that do not know them', async () => {
    expect((await stage.call('receive', T, 1, 1, '', 0, 'inbox', 'client', '1', ''))[0]).toBe('ok')
    await sent(T, 'a1')
    expect(await stage.call('receive', T, 1, 1, '', 0, 'inbox', 'client', '1', '')).toEqual(['Grouped'])
    expect(await stage.call('work', T, '', '', '', '', '', '', '', 1, 1, '', 0, 'inbox', 'client', '1', '')).toEqual([
      'Grouped',
    ])
  })

  table(stage, [
    {
      is: 'puts messages in line by the times at which they fall due',
      before: async () => [await sent(T, 'a1', 50), await sent(T, 'a2')],
      call: () => got(T + 49),
      reply: 'a2',
      after: {
        grouped: { a1: T + 50 },
        inflight: { a2: T + 49 + V },
        order: [`a ${T + 50} a1`],
        groups: { a: T + 50 },
        tenants: { a: '1' },
      },
    },
    {
      is: 'mixes them with messages without a group, by the times at which they fell due',
      before: async () => {
        await sent(T, 'p1')
        await sent(T + 1, 'a1')
        await sent(T + 2, 'p2')
      },
      call: async () => [await got(T + 5, { max: 1 }), await got(T + 5, { max: 1 }), await got(T + 5, { max: 1 })],
      reply: ['p1', 'a1', 'p2'],
    },
    {
      is: 'hands out in one batch as many as there are, of all kinds',
      before: () => sent(T, 'a1 a2 a3 a4 a5 b1 p1 p2'),
      call: async () => (await got(T, { max: 8 })).split(' ').sort().join(' '),
      reply: 'a1 a2 a3 a4 a5 b1 p1 p2',
      after: {
        inflight: expect.any(Object) as unknown as Record<string, number>,
        tenants: { a: '5', b: '1' },
      },
    },
    {
      is: 'gives a quiet tenant before a noisy one that has waited for longer',
      before: async () => {
        await sent(T, 'a1 a2 a3 a4')
        await got(T, { max: 3 })
        await sent(T + 5, 'b1')
      },
      call: async () => [await got(T + 5, { max: 1 }), await got(T + 5, { max: 1 })],
      reply: ['b1', 'a4'],
    },
    {
      is: 'gives a message without a group before a noisy tenant',
      before: async () => [await sent(T, 'a1 a2 a3 a4'), await got(T, { max: 3 }), await sent(T + 5, 'p1')],
      call: () => got(T + 5, { max: 1 }),
      reply: 'p1',
    },
    {
      is: 'gives of noisy tenants the one with the fewest in flight',
      before: async () => {
        await stage.make({ noisyInFlight: 2, noisyShare: 100 })
        await sent(T, 'a1 a2 a3 a4')
        await got(T, { max: 3 })
        await sent(T, 'b1 b2 b3')
        await got(T, { max: 2 })
      },
      call: async () => [await stage.zset('noisy'), await got(T, { max: 1 })],
      reply: [{ a: 3, b: 2 }, 'b3'],
    },
    {
      is: 'gives of noisy tenants no more than are asked for, but of others all',
      before: async () => {
        await sent(T, 'a1 a2 a3 a4 a5')
        await got(T, { max: 3 })
        await sent(T, 'b1 p1')
      },
      call: async () => [await got(T, { max: 10, each: 1 }), await got(T, { max: 10, each: 0 })],
      reply: ['b1 p1 a4', ''],
    },
    {
      is: 'does not say that there is more to receive while it is held back',
      before: async () => [await sent(T, 'a1 a2 a3 a4'), await got(T, { max: 3 })],
      call: async () => (await receiveGrouped(stage, T, { max: 10, each: 0, wait: 5000 })).due,
      reply: 5000,
    },
    {
      is: 'takes a tenant for quiet again when others have more in flight',
      before: async () => {
        await sent(T, 'a1 a2 a3 a4')
        await got(T, { max: 3 })
        await sent(T, 'p1 p2 p3 p4 p5 p6')
        await got(T, { max: 6 })
        await sent(T + 1, 'p7')
      },
      call: () => got(T + 1, { max: 1 }),
      reply: 'a4',
    },
    {
      is: 'takes a tenant for quiet again when its messages are done',
      before: async () => [await sent(T, 'a1 a2 a3 a4'), await got(T, { max: 3 })],
      call: () => completeGrouped(stage, T, receipt('a1'), receipt('a2')),
      reply: '',
      after: {
        inflight: { a3: T + V },
        grouped: { a4: T },
        order: [`a ${T} a4`],
        groups: { a: T },
        tenants: { a: '1' },
      },
    },
    {
      is: 'shares a batch among quiet tenants',
      before: () => sent(T, 'a1 a2 a3 b1 b2 b3'),
      call: async () => (await got(T, { max: 4 })).split(' ').sort().join(' '),
      reply: 'a1 a2 b1 b2',
    },
    {
      is: 'hands out what came back first, and counts it as in flight all the time',
      before: async () => [await sent(T, 'a1'), await got(T), await sent(T, 'b1 p1')],
      call: async () => {
        const { ids, came, histories } = await receiveGrouped(stage, T + V, { max: 2 })
        return [ids[0], came, histories]
      },
      reply: ['a1', 'r-', `2 2 ${T} 1 1 ${T + V}`],
    },
    {
      is: 'counts less in flight when a message is buried, forgotten, released or rejected',
      before: async () => {
        await stage.make({ ...noise, maxReceives: 1 })
        await sent(T, 'a1 a2 a3 b1')
        await got(T)
        await release(stage, T, receipt('a2', { delay: 90_000 }), receipt('b1', { how: 'rejected' as const }))
      },
      call: async () => [await stage.hash('tenants'), await got(T + V)],
      reply: [{ a: '2' }, ''],
      after: {
        ...dead,
        dead: { a1: T + V, a3: T + V, b1: T },
        grouped: { a2: T + 90_000 },
        receives: { a2: `1 1 ${T} ` },
        order: [`a ${T + 90_000} a2`],
        groups: { a: T + 90_000 },
      },
    },
    {
      is: 'completes a message after its deadline, while nobody else has received it',
      before: async () => [await sent(T, 'a1'), await got(T)],
      call: () => completeGrouped(stage, T + V + 5, receipt('a1')),
      reply: '',
      after: {},
    },
    {
      is: 'leaves the line alone when a message is extended',
      before: async () => [await sent(T, 'a1 a2'), await got(T, { max: 1 })],
      call: () => extend(stage, T, receipt('a1', { visibility: 0 })),
      reply: ['ok', 'e'],
      after: {
        inflight: { a1: T + 0.0005 },
        receives: { a1: `1 1 ${T} ` },
        grouped: { a2: T },
        order: [`a ${T} a2`],
        groups: { a: T },
        tenants: { a: '1' },
      },
    },
    {
      is: 'gives a released message back to its tenant, by the defaults of a queue that has no threshold of its own',
      before: async () => {
        await stage.make()
        await sent(T, Array.from({ length: 31 }, (_, i) => `a${i}`).join(' '))
        await got(T, { max: 31 })
      },
      call: () => release(stage, T, receipt('a7', { received: T })),
      reply: ['ok', 'b'],
    },
  ])

  test('gives a tenant that is not noisy as many as make it so in one call', async () => {
    await stage.make({ noisyInFlight: 3, noisyShare: 500 })
    await sent(T, Array.from({ length: 20 }, (_, i) => `p${i}`).join(' '))
    await got(T, { max: 20 })
    await sent(T, Array.from({ length: 30 }, (_, i) => `a${i}`).join(' '))
    expect((await receiveGrouped(stage, T, { max: 30 })).ids).toHaveLength(30)
  })
})

test('a batch is filled from many noisy tenants', async () => {
  for (let i = 0; i < 10; i++) {
    const list = Array.from({ length: 40 }, (_, j) => ({
      id: `${'abcdefghij'[i]}${j}`,
      group: 'abcdefghij'[i] as string,
    }))
    await sendGrouped(stage, T, list)
  }
  expect((await receiveGrouped(stage, T, { max: 37 })).ids).toHaveLength(37)
  expect((await receiveGrouped(stage, T, { max: 333 })).ids).toHaveLength(333)
  expect((await receiveGrouped(stage, T, { max: 100 })).ids).toHaveLength(30)
})
