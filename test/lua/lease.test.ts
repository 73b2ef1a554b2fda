// Keeping a message and giving it back: extend and release.
import { describe, expect, test } from 'vitest'
import { beat, complete, extend, letter, print, receive, release, result, send, sendOnce } from './calls.ts'
import { published, table, useStage } from './partition.ts'
import { T } from './stage.ts'

const stage = useStage({ maxReceives: 2 })

async function received(...names: string[]): Promise<void> {
  await send(stage, T, ...names.map((name) => ({ id: name })))
  await receive(stage, T, { max: names.length })
}

// A deadline set by `extend` lies half a microsecond after the whole number.
const extended = (ms: number) => ms + 0.0005

describe('extend', () => {
  table(stage, [
    {
      is: 'counts the visibility from now',
      before: () => received('a'),
      call: () => extend(stage, T + 10_000, { id: 'a', visibility: 30_000, received: T }),
      reply: ['ok', 'e'],
      after: { inflight: { a: extended(T + 40_000) }, receives: { a: `1 1 ${T} ` } },
    },
    {
      is: 'makes a message receivable at once by 0',
      before: async () => [await received('a'), await extend(stage, T, { id: 'a', visibility: 0 })],
      call: async () => (await receive(stage, T + 1)).histories,
      reply: `2 2 ${T}`,
    },
    {
      is: 'is refused after the deadline, though nobody else has received the message: it is visible',
      before: () => received('a'),
      call: () => extend(stage, T + 31_000, { id: 'a', visibility: 1_000, received: T }),
      reply: ['ok', 'n'],
      after: { inflight: { a: T + 30_000 } },
    },
    {
      is: 'is accepted after the deadline from a late heartbeat, while nobody else has received the message',
      before: () => received('a'),
      call: () => beat(stage, T + 31_000, { id: 'a', visibility: 1_000, received: T }),
      reply: ['ok', 'e'],
      after: { inflight: { a: extended(T + 32_000) }, receives: { a: `1 1 ${T} ` } },
    },
    {
      is: 'hides a message for 12 h in all at the most, from its receive on',
      before: () => received('a', 'b'),
      call: () =>
        extend(
          stage,
          T + 1,
          { id: 'a', visibility: 12 * 3_600_000 - 1, received: T },
          { id: 'b', visibility: 12 * 3_600_000, received: T },
        ),
      reply: ['ok', 'et'],
      after: { inflight: { a: extended(T + 12 * 3_600_000), b: T + 30_000 }, receives: { a: `1 1 ${T} ` } },
    },
    {
      is: 'keeps the numbers of a delivery that came again',
      before: async () => [await received('a'), await receive(stage, T + 30_000)],
      call: () => extend(stage, T + 30_000, { id: 'a', visibility: 1, delivery: 2, received: T + 30_000 }),
      reply: ['ok', 'e'],
      after: { inflight: { a: extended(T + 30_001) }, receives: { a: `2 2 ${T} ` } },
    },
    {
      is: 'changes nothing with a stale receipt',
      before: async () => [await received('a'), await receive(stage, T + 30_000)],
      call: () => extend(stage, T + 30_001, { id: 'a', visibility: 1, delivery: 1 }),
      reply: ['ok', 'l'],
      after: { inflight: { a: T + 60_000 }, receives: { a: `2 2 ${T} ` } },
    },
    {
      is: 'changes nothing for messages that are not in flight',
      before: async () => {
        await received('a', 'b')
        await complete(stage, T, { id: 'a' })
        await release(stage, T, { id: 'b' })
      },
      call: () => extend(stage, T, { id: 'a', visibility: 1 }, { id: 'b', visibility: 1 }, { id: 'c', visibility: 1 }),
      reply: ['ok', 'nnn'],
      after: { ready: { b: T }, receives: { b: `1 1 ${T} ` } },
    },
    {
      is: 'gives each of a batch its own visibility',
      before: () => received('a', 'b'),
      call: () => extend(stage, T, { id: 'a', visibility: 5 }, { id: 'b', visibility: 7 }),
      reply: ['ok', 'ee'],
      after: {
        inflight: { a: extended(T + 5), b: extended(T + 7) },
        receives: { a: `1 1 ${T} `, b: `1 1 ${T} ` },
      },
    },
  ])
})

describe('release', () => {
  table(stage, [
    {
      is: 'makes a message receivable at once, with the attempt counted',
      before: () => received('a'),
      call: () => release(stage, T + 3, { id: 'a', received: T }),
      reply: ['ok', 'b'],
      after: { ready: { a: T + 3 }, receives: { a: `1 1 ${T} ` } },
    },
    {
      is: 'makes it receivable after a delay',
      before: () => received('a'),
      call: () => release(stage, T, { id: 'a', delay: 9_000 }),
      reply: ['ok', 'b'],
      after: { ready: { a: T + 9_000 }, receives: { a: `1 1 ${T} ` } },
    },
    {
      is: 'gives the attempt back, not the delivery, when it is uncounted',
      before: () => received('a'),
      call: () => release(stage, T, { id: 'a', how: 'uncounted' }),
      reply: ['ok', 'b'],
      after: { ready: { a: T }, receives: { a: `1 0 ${T} ` } },
    },
    {
      is: 'notes why it failed',
      before: () => received('a'),
      call: () => release(stage, T, { id: 'a', how: 'failed', reason: 'no luck today' }),
      reply: ['ok', 'b'],
      after: { ready: { a: T }, receives: { a: `1 1 ${T} no luck today` } },
    },
    {
      is: 'keeps the note of an earlier failure',
      before: async () => {
        await received('a')
        await release(stage, T, { id: 'a', how: 'failed', reason: 'no luck' })
        await receive(stage, T)
      },
      call: () => release(stage, T, { id: 'a', delivery: 2, how: 'uncounted' }),
      reply: ['ok', 'b'],
      after: { ready: { a: T }, receives: { a: `2 1 ${T} no luck` } },
    },
    {
      is: 'makes a dead letter of what failed for the last time',
      before: async () => [await received('a'), await receive(stage, T + 30_000)],
      call: () => release(stage, T + 30_001, { id: 'a', delivery: 2, how: 'failed', reason: 'no\nluck' }),
      reply: ['ok', 'd'],
      after: { dead: { a: T + 30_001 }, letters: { a: letter(`2 2 ${T}`, 'maxReceives no\nluck') } },
    },
    {
      is: 'makes a dead letter of what is rejected',
      before: () => received('a'),
      call: () => release(stage, T, { id: 'a', how: 'rejected', reason: 'no url' }),
      reply: ['ok', 'd'],
      after: { dead: { a: T }, letters: { a: letter(`1 1 ${T}`, 'rejected no url') } },
    },
    {
      is: 'frees the key of a dead letter',
      before: async () => [await sendOnce(stage, T, { id: 'a', key: 'k' }), await receive(stage, T)],
      call: () => release(stage, T, { id: 'a', how: 'rejected' }),
      reply: ['ok', 'd'],
      after: { dead: { a: T }, letters: { a: letter(`1 1 ${T}`, 'rejected ', 'T<k>body', print({})) } },
    },
    {
      is: 'keeps the key of what is back in the queue',
      before: async () => [await sendOnce(stage, T, { id: 'a', key: 'k' }), await receive(stage, T)],
      call: async () => [await release(stage, T, { id: 'a' }), await sendOnce(stage, T, { id: 'b', key: 'k' })],
      reply: [
        ['ok', 'b'],
        ['p', 'a', ''],
      ],
    },
    {
      is: 'changes nothing with a stale receipt',
      before: async () => [await received('a'), await receive(stage, T + 30_000)],
      call: () => release(stage, T + 30_001, { id: 'a', delivery: 1, how: 'rejected' }),
      reply: ['ok', 'l'],
      after: { inflight: { a: T + 60_000 }, receives: { a: `2 2 ${T} ` } },
    },
    {
      is: 'answers the same to a repeat, and changes nothing',
      before: async () => [await received('a'), await release(stage, T, { id: 'a', how: 'uncounted' })],
      call: () => release(stage, T + 1, { id: 'a', how: 'uncounted' }),
      reply: ['ok', 'b'],
      after: { ready: { a: T }, receives: { a: `1 0 ${T} ` } },
    },
    {
      is: 'answers the same to a repeat of a rejection, and changes nothing',
      before: async () => [await received('a'), await release(stage, T, { id: 'a', how: 'rejected', reason: 'why' })],
      call: () => release(stage, T + 1, { id: 'a', how: 'rejected', reason: 'other' }),
      reply: ['ok', 'd'],
      after: { dead: { a: T }, letters: { a: letter(`1 1 ${T}`, 'rejected why') } },
    },
    {
      is: 'changes nothing when the message was completed, or received again since',
      before: async () => {
        await received('a', 'b')
        await complete(stage, T, { id: 'a' })
        await release(stage, T, { id: 'b' })
        await receive(stage, T)
      },
      call: () => release(stage, T, { id: 'a' }, { id: 'b' }),
      reply: ['ok', 'll'],
    },
    {
      is: 'answers each of a batch for itself, with its own reason',
      before: async () => [await received('a', 'b', 'c', 'd'), await complete(stage, T, { id: 'b' })],
      call: () =>
        release(
          stage,
          T,
          { id: 'a', how: 'failed', reason: 'one' },
          { id: 'b', how: 'failed', reason: 'two' },
          { id: 'c', how: 'rejected', reason: 'three' },
          { id: 'd', delay: 5 },
        ),
      reply: ['ok', 'bldb'],
      after: {
        ready: { a: T, d: T + 5 },
        receives: { a: `1 1 ${T} one`, d: `1 1 ${T} ` },
        dead: { c: T },
        letters: { c: letter(`1 1 ${T}`, 'rejected three') },
      },
    },
    {
      is: 'heeds only the first of two that name one message',
      before: () => received('a'),
      call: () => release(stage, T, { id: 'a' }, { id: 'a', how: 'rejected' }),
      reply: ['ok', 'bl'],
      after: { ready: { a: T }, receives: { a: `1 1 ${T} ` } },
    },
  ])

  test('tells those who await the result of a message that it is a dead letter', async () => {
    await received('a')
    await result(stage, T, { id: 'a', wait: 10_000 })
    const told = await published(stage, ['inbox'], () => release(stage, T, { id: 'a', how: 'rejected', reason: 'why' }))
    expect(told).toEqual(['inbox: result a'])
    expect(await result(stage, T, { id: 'a' })).toEqual(['dead', 'rejected why', 'a'])
  })
})
