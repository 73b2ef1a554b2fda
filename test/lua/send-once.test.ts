import { describe, expect, test } from 'vitest'
import { claim, complete, receive, release, send, sendOnce } from './calls.ts'
import { published, table, useStage } from './partition.ts'
import { key, T } from './stage.ts'

const stage = useStage({ resultTtl: 60_000 })
const a = { id: 'a', key: 'k', body: 'one' }
const b = { id: 'b', key: 'k', body: 'one' }

/** `a` is sent, received and completed. */
async function doneWith(result?: string): Promise<void> {
  await sendOnce(stage, T, a)
  await receive(stage, T)
  await complete(stage, T, { id: 'a', key: 'k', ...(result !== undefined && { result }) })
}

describe('send_once, by key', () => {
  table(stage, [
    {
      is: 'stores the first message under a key',
      call: () => sendOnce(stage, T, a),
      reply: ['n'],
      after: { ready: { a: T }, keys: { '<k>': expect.stringMatching(/^pa.{12}$/) as unknown as string } },
    },
    {
      is: 'answers the first message while it is pending',
      before: () => sendOnce(stage, T, a),
      call: () => sendOnce(stage, T + 1, b),
      reply: ['p', 'a', ''],
    },
    {
      is: 'answers the first message while it is in flight',
      before: async () => [await sendOnce(stage, T, a), await receive(stage, T)],
      call: () => sendOnce(stage, T + 1, b),
      reply: ['p', 'a', ''],
    },
    {
      is: 'refuses another payload under a pending key',
      before: () => sendOnce(stage, T, a),
      call: () => sendOnce(stage, T, { ...b, body: 'two' }),
      reply: ['x', 'a', ''],
    },
    {
      is: 'answers the result once it is done',
      before: () => doneWith('m42'),
      call: () => sendOnce(stage, T + 1, b),
      reply: ['r', 'a', 'm42'],
      after: {},
    },
    {
      is: 'answers an empty result when there was none',
      before: () => doneWith(),
      call: () => sendOnce(stage, T + 1, b),
      reply: ['r', 'a', ''],
      after: {},
    },
    {
      is: 'refuses another payload under a recorded key',
      before: () => doneWith(),
      call: () => sendOnce(stage, T + 1, { ...b, body: 'two' }),
      reply: ['x', 'a', ''],
      after: {},
    },
    {
      is: 'knows only the mark when the record has expired',
      before: () => doneWith('m42'),
      call: () => sendOnce(stage, T + 60_000, b),
      reply: ['m', '', ''],
      after: {},
    },
    {
      is: 'knows only the mark where no results are kept',
      before: async () => [await stage.make({ resultTtl: 0 }), await doneWith('m42')],
      call: () => sendOnce(stage, T + 1, { ...b, body: 'two' }),
      reply: ['m', '', ''],
      after: {},
    },
    {
      is: 'admits the key again after the second window',
      before: () => doneWith('m42'),
      call: () => sendOnce(stage, T + 2 * 86_400_000, b),
      reply: ['n'],
    },
    {
      is: 'takes a repeat of the same message for what it is, while it is pending',
      before: () => sendOnce(stage, T, a),
      call: () => sendOnce(stage, T, a),
      reply: ['s', 'a', ''],
    },
    {
      is: 'takes a repeat of the same message for what it is, when it is done',
      before: () => doneWith('m42'),
      call: () => sendOnce(stage, T, a),
      reply: ['s', 'a', ''],
      after: {},
    },
    {
      is: 'takes a repeat of the same message for what it is, when it is a dead letter',
      before: async () => {
        await sendOnce(stage, T, a)
        await receive(stage, T)
        await release(stage, T, { id: 'a', how: 'rejected' })
      },
      call: () => sendOnce(stage, T, { ...a, repeated: true }),
      reply: ['s', 'a', ''],
    },
    {
      is: 'admits the key again when the first message is a dead letter',
      before: async () => {
        await sendOnce(stage, T, a)
        await receive(stage, T)
        await release(stage, T, { id: 'a', how: 'rejected' })
      },
      call: () => sendOnce(stage, T, { ...b, body: 'two' }),
      reply: ['n'],
    },
    {
      is: 'answers whose claim it is while a worker holds one on the key',
      before: async () => [await send(stage, T, { id: 'a' }), await claim(stage, T, 30_000, { id: 'a', key: 'k' })],
      call: () => sendOnce(stage, T + 29_999, b),
      reply: ['p', 'a', ''],
    },
    {
      is: 'does not heed a claim that has expired',
      before: async () => [await send(stage, T, { id: 'a' }), await claim(stage, T, 30_000, { id: 'a', key: 'k' })],
      call: () => sendOnce(stage, T + 30_000, b),
      reply: ['n'],
    },
    {
      is: 'compares the messages of one call with each other',
      call: () => sendOnce(stage, T, a, b, { id: 'c', key: 'k', body: 'two' }, { id: 'd', key: 'other' }, { id: 'e' }),
      reply: ['npxnn', 'a', '', 'a', ''],
    },
  ])

  test('answers a record whose value is gone as one without a result', async () => {
    await doneWith('m42')
    await stage.redis.hdel(stage.keys.results, '-'.repeat(19).concat('a'))
    await stage.redis.zrem(stage.keys.expiries, '-'.repeat(19).concat('a'))
    expect(await sendOnce(stage, T + 1, b)).toEqual(['r', 'a', ''])
  })

  test('notes that messages waited, at which every receive looks from then on, only where one has a delay', async () => {
    await sendOnce(stage, T, a, { ...b, key: 'other' })
    expect(await stage.meta('late')).toBeNull()
    await sendOnce(stage, T, { id: 'c', key: 'third', delay: 5 })
    expect(await stage.meta('late')).toBe('1')
  })

  test('notes the same of a message that is sent long after its id was made', async () => {
    await sendOnce(stage, T, { id: 'a' }) // an id of 1970
    expect(await stage.meta('late')).toBe('1')
  })

  test('puts the key into the record, for the scripts that remove it', async () => {
    await sendOnce(stage, T, a)
    expect(await stage.hash('messages')).toEqual({ a: 'T<k>one' })
    expect(key('k')).toHaveLength(22)
  })
})

describe('send_once, by id', () => {
  const plain = { id: 'a' }
  table(stage, [
    { is: 'stores what is not here', call: () => sendOnce(stage, T, plain), reply: ['n'], after: { ready: { a: T } } },
    {
      is: 'finds it ready',
      before: () => send(stage, T, { id: 'a' }),
      call: () => sendOnce(stage, T + 5, plain),
      reply: ['s', 'a', ''],
      after: { ready: { a: T } },
    },
    {
      is: 'finds it in flight',
      before: async () => [await send(stage, T, plain), await receive(stage, T)],
      call: () => sendOnce(stage, T + 5, plain),
      reply: ['s', 'a', ''],
      after: { inflight: { a: T + 30_000 } },
    },
    {
      is: 'finds it among the dead letters',
      before: async () => {
        await send(stage, T, plain)
        await receive(stage, T)
        await release(stage, T, { id: 'a', how: 'rejected' })
      },
      call: () => sendOnce(stage, T + 5, plain),
      reply: ['s', 'a', ''],
    },
    {
      is: 'remembers it for five minutes after its completion',
      before: async () => {
        await send(stage, T, plain)
        await receive(stage, T)
        await complete(stage, T + 299_999, { id: 'a' })
      },
      call: () => sendOnce(stage, T + 299_999 + 300_000, plain),
      reply: ['s', 'a', ''],
      after: {},
    },
    {
      is: 'has forgotten it after ten',
      before: async () => {
        await send(stage, T, plain)
        await receive(stage, T)
        await complete(stage, T, { id: 'a' })
      },
      call: () => sendOnce(stage, T + 600_000, plain),
      reply: ['n'],
    },
    {
      is: 'finds one id twice in a call',
      call: () => sendOnce(stage, T, plain, plain),
      reply: ['ns', 'a', ''],
      after: { ready: { a: T } },
    },
    {
      is: 'stores the others of a call, each with its payload and delay',
      before: () => send(stage, T, plain),
      call: () =>
        sendOnce(stage, T, { id: 'b', body: 'bb', delay: 9 }, { id: 'a', body: 'other' }, { id: 'c', body: 'ccc' }),
      reply: ['nsn', 'a', ''],
      after: { ready: { a: T, b: T + 9, c: T } },
    },
    {
      is: 'is refused by a partition that does not exist',
      before: () => stage.redis.del(stage.keys.meta),
      call: () => sendOnce(stage, T, plain),
      reply: ['QueueDoesNotExist'],
      after: {},
    },
  ])

  test('wakes one who waits only if something was stored', async () => {
    await receive(stage, T, { wait: 20_000 })
    expect(await published(stage, ['inbox'], () => sendOnce(stage, T, plain))).toEqual(['inbox: 0 ready'])
    await complete(stage, T, { id: 'a' })
    expect(await published(stage, ['inbox'], () => sendOnce(stage, T, plain))).toEqual([])
  })
})
