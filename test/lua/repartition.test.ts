// Drained partitions, and former homes of keys.
import { describe, expect, test } from 'vitest'
import { claim, claimAtFormer, complete, receive, release, send, sendOnce, sendToFormer } from './calls.ts'
import { receiveGrouped, sendGrouped } from './group-calls.ts'
import { table, useStage } from './partition.ts'
import { id, key, T } from './stage.ts'

const stage = useStage()
const LEASE = 30_000
const a = { id: 'a', key: 'k' }
const b = { id: 'b', key: 'k' }

const drain = (now = T) => stage.call('configure', now, 2, 'drained 1')
const vacant = async (now = T) => (await stage.call('vacant', now)).slice(0, 2)

describe('a drained partition', () => {
  table(stage, [
    {
      is: 'refuses fresh messages',
      before: () => drain(),
      call: () => send(stage, T, { id: 'a' }),
      reply: ['Drained'],
      after: {},
    },
    {
      is: 'answers moved for messages by key and by id that it does not know',
      before: () => drain(),
      call: () => sendOnce(stage, T, a, { id: 'c' }),
      reply: ['vv', '', '', '', ''],
      after: {},
    },
    {
      is: 'knows what it has',
      before: async () => [await sendOnce(stage, T, a), await send(stage, T, { id: 'c' }), await drain()],
      call: () => sendOnce(stage, T, { ...b, body: 'body' }, { id: 'c', repeated: true }, { id: 'd' }),
      reply: ['psv', 'a', '', 'c', '', '', ''],
    },
    {
      is: 'takes new ones again once it is active',
      before: async () => [await drain(), await stage.call('configure', T, 3, 'drained - vacant -')],
      call: async () => (await send(stage, T, { id: 'a' }))[0],
      reply: 'ok',
      after: { ready: { a: T } },
    },
  ])
})

describe('vacant', () => {
  test('is only a drained partition in which nothing is left', async () => {
    expect(await vacant()).toEqual(['ok', 0])
    await drain()
    expect(await vacant()).toEqual(['ok', 1])
    expect(await stage.meta('vacant')).toBe('1')
  })

  test('answers the last sequence number that was given there', async () => {
    await stage.call('configure', T, 2, 'drained 1 sequenceFloor 7')
    expect(await stage.call('vacant', T)).toEqual(['ok', 1, '7'])
  })

  const held: [string, () => Promise<unknown>][] = [
    ['a message', () => send(stage, T, { id: 'a' })],
    ['a message in flight', async () => [await send(stage, T, { id: 'a' }), await receive(stage, T)]],
    [
      'a dead letter',
      async () => {
        await send(stage, T, { id: 'a' })
        await receive(stage, T)
        await release(stage, T, { id: 'a', how: 'rejected' })
      },
    ],
    ['a claim', () => claim(stage, T, LEASE, a)],
    [
      'the mark of an id',
      async () => {
        await send(stage, T, { id: 'a' })
        await receive(stage, T)
        await complete(stage, T, { id: 'a' })
      },
    ],
  ]
  test.each(held)('is no partition that has %s', async (_, put) => {
    await put()
    await drain()
    expect(await vacant()).toEqual(['ok', 0])
    expect(await stage.meta('vacant')).toBeNull()
  })

  test('is one whose claims have ended', async () => {
    await claim(stage, T, LEASE, a)
    await drain()
    expect(await vacant(T + LEASE)).toEqual(['ok', 1])
    expect(await stage.state()).toEqual({})
  })

  test('is one whose marks and results are forgotten', async () => {
    await stage.make({ idempotencyWindow: 60_000, resultTtl: 60_000 })
    await sendOnce(stage, T, a)
    await receive(stage, T)
    await complete(stage, T, { ...a, result: 'r' })
    await drain()
    for (const [minutes, answer] of [
      [1, 0],
      [6, 0],
      [11, 1],
    ] as const) {
      expect(await vacant(T + minutes * 60_000 + 1)).toEqual(['ok', answer])
    }
  })
})

describe('a former home of a key', () => {
  const finish = async () => {
    await sendOnce(stage, T, a)
    await receive(stage, T)
    await complete(stage, T, { ...a, result: 'r' })
  }
  table(stage, [
    {
      is: 'stores nothing new, not even once of two in a call',
      call: () => sendToFormer(stage, T, a, b, { id: 'c' }, { id: 'c' }),
      reply: ['vvvv', '', '', '', '', '', '', '', ''],
      after: {},
    },
    {
      is: 'answers for a key that is pending there',
      before: () => sendOnce(stage, T, a),
      call: () => sendToFormer(stage, T, b, { id: 'c', key: 'l' }),
      reply: ['pv', 'a', '', '', ''],
    },
    {
      is: 'answers for another payload under a key that is pending there',
      before: () => sendOnce(stage, T, a),
      call: () => sendToFormer(stage, T, { ...b, body: 'other' }),
      reply: ['x', 'a', ''],
    },
    {
      is: 'answers for a key that is done',
      before: finish,
      call: () => sendToFormer(stage, T, b),
      reply: ['r', 'a', 'r'],
    },
    {
      is: 'answers for this very message',
      before: () => sendOnce(stage, T, a),
      call: () => sendToFormer(stage, T, { ...a, repeated: true }),
      reply: ['s', 'a', ''],
    },
    {
      is: 'grants no claim on a free key',
      call: () => claimAtFormer(stage, T, LEASE, a, b),
      reply: ['ok', 'vv', '0 0'],
      after: {},
    },
    {
      is: 'grants the claim of the one who has it again',
      before: () => claim(stage, T, LEASE, a),
      call: () => claimAtFormer(stage, T + 10, LEASE, a, b),
      reply: ['ok', 'gh', `0 ${LEASE}`],
      after: { keys: { '<k>': `c000000${T + 10 + LEASE}a` } },
    },
    {
      is: 'lets a claim go whose lease has run out, even to the one who had it',
      before: () => claim(stage, T, LEASE, a),
      call: () => claimAtFormer(stage, T + LEASE, LEASE, a),
      reply: ['ok', 'v', '0'],
      after: {},
    },
    {
      is: 'is held off by a message that is pending there, and drops what is done there',
      before: async () => [await finish(), await sendOnce(stage, T, { id: 'd', key: 'l' })],
      call: () => claimAtFormer(stage, T, LEASE, b, { id: 'e', key: 'l' }),
      reply: ['ok', 'dh', `0 ${LEASE}`],
    },
  ])
})

const die = async (...names: string[]) => {
  await receive(stage, T, { max: names.length })
  await release(stage, T, ...names.map((name) => ({ id: name, how: 'rejected' as const })))
}

test('letters with a key are left alone and answered where they are to go back another way', async () => {
  await sendOnce(stage, T, a, { id: 'c' })
  await die('a', 'c')
  const [code, redriven, duplicates, homed] = await stage.call('redrive', T, '', 10, 0, '1', '', 0)
  expect([code, redriven, duplicates]).toEqual(['ok', 1, 0])
  expect(homed).toEqual([id('a'), expect.stringContaining(`T${key('k')}body`)])
  expect(await stage.zset('dead')).toEqual({ a: T })
})

test('a letter with a key does not go back at a former home, where it is a duplicate of what is pending', async () => {
  const back = () => stage.call('redrive', T, id('a'), 0, 0, '', '1', 0)
  await sendOnce(stage, T, a)
  await die('a')
  expect(await back()).toEqual(['ok', 0, 0, [], 1, '0'])
  await sendOnce(stage, T, b)
  expect(await back()).toEqual(['ok', 0, 1, [], 0, '0'])
})

describe('letters with a group', () => {
  const one = (name: string) => ({ id: name, group: 'g' })
  const dead = async () => {
    await stage.make({ fifo: 1 })
    await sendGrouped(stage, T, [one('a')])
    await receiveGrouped(stage, T)
    await release(stage, T, { ...one('a'), sequence: 1, how: 'rejected' })
  }

  test('are left alone and answered, too', async () => {
    await dead()
    const [code, redriven, duplicates, homed] = await stage.call('redrive', T, '', 10, 0, '1', '', 0)
    expect([code, redriven, duplicates]).toEqual(['ok', 0, 0])
    expect((homed as string[])[0]).toBe(id('a'))
  })

  test('go back at a former home only where something of their group is', async () => {
    await dead()
    expect(await stage.call('redrive', T, id('a'), 0, 0, '', '1', 0)).toEqual(['ok', 0, 0, [], 1, '1'])
    await sendGrouped(stage, T, [one('b')])
    expect(await stage.call('redrive', T, id('a'), 0, 0, '', '1', 0)).toEqual(['ok', 1, 0, [], 0, '3'])
  })

  test('get numbers above those of former homes', async () => {
    await dead()
    expect(await stage.call('redrive', T, id('a'), 0, 0, '', '', 41)).toEqual(['ok', 1, 0, [], 0, '42'])
  })
})
