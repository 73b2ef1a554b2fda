// Keys that a worker derives: claimed before the handler starts, ended with a mark or without one.
import { describe, expect, test } from 'vitest'
import { claim, complete, receive, send, sendOnce, unclaim } from './calls.ts'
import { table, useStage } from './partition.ts'
import { id, key, T } from './stage.ts'

const stage = useStage()
const LEASE = 30_000
const a = { id: 'a', key: 'k' }
const b = { id: 'b', key: 'k' }
const claimed = (name: string, until: number) => ({ '<k>': `c000000${until}${name}` })

describe('claim', () => {
  table(stage, [
    {
      is: 'grants a key that is free',
      call: () => claim(stage, T, LEASE, a),
      reply: ['ok', 'g', '0'],
      after: { keys: claimed('a', T + LEASE) },
    },
    {
      is: 'is held off while another holds the key, and says for how long at most',
      before: () => claim(stage, T, LEASE, a),
      call: () => claim(stage, T + 10_000, LEASE, b),
      reply: ['ok', 'h', '20000'],
      after: { keys: claimed('a', T + LEASE) },
    },
    {
      is: 'grants the key again to the one who holds it: its lease is prolonged',
      before: () => claim(stage, T, LEASE, a),
      call: () => claim(stage, T + 10_000, LEASE, a),
      reply: ['ok', 'g', '0'],
      after: { keys: claimed('a', T + 10_000 + LEASE) },
    },
    {
      is: 'grants a key whose lease has run out',
      before: () => claim(stage, T, LEASE, a),
      call: () => claim(stage, T + LEASE, LEASE, b),
      reply: ['ok', 'g', '0'],
      after: { keys: claimed('b', T + 2 * LEASE) },
    },
    {
      is: 'answers done for a key that is marked',
      before: async () => [await claim(stage, T, LEASE, a), await unclaim(stage, T, { ...a, done: true })],
      call: () => claim(stage, T, LEASE, b),
      reply: ['ok', 'd', '0'],
      after: {},
    },
    {
      // Found by `npm run chaos -- --only soak --seed 1980915662`.
      is: 'ends what is left of a claim when another has done the work meanwhile',
      before: async () => {
        await claim(stage, T, LEASE, a)
        await unclaim(stage, T, { ...a, done: true })
        await stage.redis.hset(stage.keys.keys, key('k'), `c000000${T + 2 * LEASE}${id('b')}`)
      },
      call: async () => [await claim(stage, T + LEASE, LEASE, b), (await stage.state()).keys],
      reply: [['ok', 'd', '0'], undefined],
    },
    {
      is: 'is held off by a message that was sent with the key',
      before: () => sendOnce(stage, T, a),
      call: () => claim(stage, T, LEASE, b),
      reply: ['ok', 'h', String(LEASE)],
    },
    {
      is: 'answers each of a batch for itself',
      before: async () => {
        await claim(stage, T, LEASE, { id: 'x', key: 'held' }, { id: 'y', key: 'done' })
        await unclaim(stage, T, { id: 'y', key: 'done', done: true })
      },
      call: () =>
        claim(stage, T, LEASE, a, b, { id: 'c', key: 'held' }, { id: 'd', key: 'done' }, { id: 'e', key: 'free' }),
      reply: ['ok', 'ghhdg', `0 ${LEASE} ${LEASE} 0 0`],
    },
    {
      is: 'is refused by a partition that does not exist',
      before: () => stage.redis.del(stage.keys.meta),
      call: () => claim(stage, T, LEASE, a),
      reply: ['QueueDoesNotExist'],
      after: {},
    },
  ])
})

describe('unclaim', () => {
  table(stage, [
    {
      is: 'frees the key when the work is not done',
      before: () => claim(stage, T, LEASE, a),
      call: async () => [await unclaim(stage, T, { ...a, done: false }), await claim(stage, T, LEASE, b)],
      reply: [
        ['ok', 'e'],
        ['ok', 'g', '0'],
      ],
    },
    {
      is: 'marks the key when the work is done',
      before: () => claim(stage, T, LEASE, a),
      call: async () => [await unclaim(stage, T, { ...a, done: true }), await sendOnce(stage, T, b)],
      reply: [
        ['ok', 'e'],
        ['m', '', ''],
      ],
      after: {},
    },
    {
      is: "changes nothing about another's claim",
      before: async () => [await claim(stage, T, LEASE, a), await claim(stage, T + LEASE, LEASE, b)],
      call: () => unclaim(stage, T + LEASE, { ...a, done: true }),
      reply: ['ok', 'l'],
      after: { keys: claimed('b', T + 2 * LEASE) },
    },
    {
      is: 'changes nothing about a key that is pending by a send',
      before: () => sendOnce(stage, T, a),
      call: () => unclaim(stage, T, { ...a, done: true }),
      reply: ['ok', 'l'],
    },
    {
      is: 'changes nothing the second time, and says that the key is done',
      before: async () => [await claim(stage, T, LEASE, a), await unclaim(stage, T, { ...a, done: true })],
      call: () => unclaim(stage, T, { ...a, done: true }),
      reply: ['ok', 'm'],
      after: {},
    },
    {
      is: 'answers each of a batch for itself',
      before: () => claim(stage, T, LEASE, a, { id: 'c', key: 'l' }),
      call: () =>
        unclaim(stage, T, { ...a, done: true }, { id: 'c', key: 'l', done: false }, { id: 'd', key: 'm', done: true }),
      reply: ['ok', 'eel'],
      after: {},
    },
  ])

  test('counts the marks', async () => {
    await claim(stage, T, LEASE, a, { id: 'c', key: 'l' }, { id: 'd', key: 'm' })
    await unclaim(stage, T, { ...a, done: true }, { id: 'c', key: 'l', done: true }, { id: 'd', key: 'm', done: false })
    expect(await stage.meta('processedCount')).toBe('2')
  })
})

test('a key that was claimed here is done by the completion of the message', async () => {
  await send(stage, T, { id: 'a' }, { id: 'b' })
  await receive(stage, T, { max: 2 })
  await claim(stage, T, LEASE, a)
  await complete(stage, T, a)
  expect(await claim(stage, T, LEASE, b)).toEqual(['ok', 'd', '0'])
  expect(id('b')).toHaveLength(20)
})

describe('a completion whose claim had lapsed', () => {
  const late = T + LEASE

  /** Both are in flight, for longer than claims hold; `a` had the claim. */
  async function bothReceived(): Promise<void> {
    await send(stage, T, { id: 'a' }, { id: 'b' })
    await receive(stage, T, { max: 2, visibility: 10 * LEASE })
    await claim(stage, T, LEASE, a)
  }

  test('counts where nobody else has claimed the key', async () => {
    await bothReceived()
    expect(await complete(stage, late, a)).toBe('')
    expect(await claim(stage, late, LEASE, b)).toEqual(['ok', 'd', '0'])
  })

  // Found by `npm run chaos -- --only soak --seed 1772105402`.
  test('is lost where another holds the key, whose completion counts', async () => {
    await bothReceived()
    await claim(stage, late, LEASE, b)
    expect(await complete(stage, late, a)).toBe('l')
    expect(await complete(stage, late, b)).toBe('')
    expect(await stage.meta('processedCount')).toBe('1')
    expect(await stage.zset('inflight')).toEqual({ a: T + 10 * LEASE })
  })

  test('is lost where another has completed the key', async () => {
    await bothReceived()
    await claim(stage, late, LEASE, b)
    await complete(stage, late, b)
    expect(await complete(stage, late, a)).toBe('l')
  })

  test('is lost where the key is pending by a send', async () => {
    await bothReceived()
    await sendOnce(stage, late, { id: 'c', key: 'k' })
    expect(await complete(stage, late, a)).toBe('l')
  })

  test('counts where the claim of the other has lapsed, too, whose completion then does not', async () => {
    await bothReceived()
    await claim(stage, late, LEASE, b)
    expect(await complete(stage, late + LEASE, a)).toBe('')
    expect(await complete(stage, late + LEASE, b)).toBe('l')
  })

  test('counts once of two in one call', async () => {
    await bothReceived()
    await claim(stage, late, LEASE, b)
    expect(await complete(stage, late + LEASE, a, b)).toBe('dl')
  })

  test('counts always where the key came with the message', async () => {
    await sendOnce(stage, T, a)
    await receive(stage, T)
    await stage.redis.del(stage.keys.keys)
    await claim(stage, T, LEASE, b)
    expect(await complete(stage, T, a)).toBe('')
  })
})
