// Redriving and discarding dead letters, purging the rest.
import { describe, expect, test } from 'vitest'
import { claim, complete, discard, letter, print, purge, receive, redrive, release, send, sendOnce } from './calls.ts'
import { published, table, useStage } from './partition.ts'
import { T } from './stage.ts'

const stage = useStage()

/** Messages that are dead letters, the first one since T, the next since T + 1 ... */
async function dead(...names: string[]): Promise<void> {
  for (const [i, name] of names.entries()) {
    await send(stage, T + i, { id: name })
    await receive(stage, T + i)
    await release(stage, T + i, { id: name, how: 'rejected', reason: 'why' })
  }
}

async function deadWithKey(): Promise<void> {
  await sendOnce(stage, T, { id: 'a', key: 'k' })
  await receive(stage, T)
  await release(stage, T, { id: 'a', how: 'rejected', reason: 'why' })
}

const why = (at: number) => letter(`1 1 ${at}`, 'rejected why')

describe('redrive', () => {
  table(stage, [
    {
      is: 'puts letters back with their deliveries, and counts the attempts anew',
      before: () => dead('a', 'b'),
      call: () => redrive(stage, T + 10),
      reply: ['ok', 2, 0],
      after: { ready: { a: T + 10, b: T + 10 }, receives: { a: `1 0 ${T}@${T + 10} `, b: `1 0 ${T + 1}@${T + 10} ` } },
    },
    {
      is: 'puts the oldest back, as many as are asked for',
      before: () => dead('b', 'a', 'c'),
      call: () => redrive(stage, T + 10, { limit: 1 }),
      reply: ['ok', 1, 0],
      after: {
        ready: { b: T + 10 },
        receives: { b: `1 0 ${T}@${T + 10} ` },
        dead: { a: T + 1, c: T + 2 },
        letters: { a: why(T + 1), c: why(T + 2) },
      },
    },
    {
      is: 'puts those back whose ids are given, once',
      before: () => dead('a', 'b'),
      call: () => redrive(stage, T + 10, { ids: ['b', 'b', 'x'] }),
      reply: ['ok', 1, 0],
      after: {
        ready: { b: T + 10 },
        receives: { b: `1 0 ${T + 1}@${T + 10} ` },
        dead: { a: T },
        letters: { a: why(T) },
      },
    },
    {
      is: 'makes their keys pending again',
      before: deadWithKey,
      call: async () => [await redrive(stage, T), await sendOnce(stage, T, { id: 'b', key: 'k' })],
      reply: [
        ['ok', 1, 0],
        ['p', 'a', ''],
      ],
    },
    {
      is: 'still refuses another payload under such a key',
      before: async () => [await deadWithKey(), await redrive(stage, T)],
      call: () => sendOnce(stage, T, { id: 'b', key: 'k', body: 'other' }),
      reply: ['x', 'a', ''],
    },
    {
      is: 'leaves a letter whose key is pending by another message',
      before: async () => [await deadWithKey(), await sendOnce(stage, T, { id: 'b', key: 'k' })],
      call: () => redrive(stage, T),
      reply: ['ok', 0, 1],
    },
    {
      is: 'leaves a letter whose key is done by another message',
      before: async () => {
        await deadWithKey()
        await sendOnce(stage, T, { id: 'b', key: 'k' })
        await receive(stage, T)
        await complete(stage, T, { id: 'b', key: 'k' })
      },
      call: () => redrive(stage, T),
      reply: ['ok', 0, 1],
      after: { dead: { a: T }, letters: { a: letter(`1 1 ${T}`, 'rejected why', 'T<k>body', print({})) } },
    },
    {
      is: 'passes over as many as it is told',
      before: () => dead('a', 'b', 'c'),
      call: () => redrive(stage, T + 10, { skip: 2 }),
      reply: ['ok', 1, 0],
    },
    { is: 'does nothing where there are none', call: () => redrive(stage, T), reply: ['ok', 0, 0], after: {} },
  ])

  test('lets a message be received as often as a new one', async () => {
    await stage.make({ maxReceives: 1 })
    await dead('a')
    await redrive(stage, T + 1)
    expect((await receive(stage, T + 1)).histories).toBe(`2 1 ${T}`)
  })

  test('wakes one who waits', async () => {
    await dead('a')
    await stage.waiting({ inbox: T + 10_000 })
    expect(await published(stage, ['inbox'], () => redrive(stage, T))).toEqual(['inbox: 0 ready'])
  })

  test('keeps bytes of body and reason apart, whatever they are', async () => {
    await send(stage, T, { id: 'a', body: '1 2 3 - x' })
    await receive(stage, T)
    await release(stage, T, {
      id: 'a',
      how: 'rejected',
      reason: '9 9 9 \n- ü'.normalize('NFD').replaceAll(/[^\0-\x7f]/g, ''),
    })
    await redrive(stage, T)
    expect((await receive(stage, T)).records).toEqual(['t1 2 3 - x'])
  })
})

describe('discard', () => {
  table(stage, [
    {
      is: 'removes the oldest',
      before: () => dead('b', 'a', 'c'),
      call: () => discard(stage, T, { limit: 2 }),
      reply: ['ok', 2],
      after: { dead: { c: T + 2 }, letters: { c: why(T + 2) } },
    },
    {
      is: 'removes those whose ids are given',
      before: () => dead('a', 'b'),
      call: () => discard(stage, T, { ids: ['b', 'x'] }),
      reply: ['ok', 1],
      after: { dead: { a: T }, letters: { a: why(T) } },
    },
    { is: 'does nothing where there are none', call: () => discard(stage, T), reply: ['ok', 0], after: {} },
  ])
})

describe('purge', () => {
  test('removes what is ready, delayed and in flight, and frees its keys', async () => {
    await dead('d')
    await sendOnce(stage, T, { id: 'a', key: 'k' }, { id: 'b' }, { id: 'c', delay: 1_000 })
    await receive(stage, T)
    await claim(stage, T, 30_000, { id: 'b', key: 'claimed' })
    expect(await purge(stage, T)).toEqual(['ok', 3])
    expect(await stage.state()).toEqual({ dead: { d: T }, letters: { d: why(T) } })
    expect(await sendOnce(stage, T, { id: 'e', key: 'k', body: 'other' })).toEqual(['n'])
  })

  test('keeps what is known to be done', async () => {
    await sendOnce(stage, T, { id: 'a', key: 'k' })
    await receive(stage, T)
    await complete(stage, T, { id: 'a', key: 'k', result: 'm1' })
    expect(await purge(stage, T)).toEqual(['ok', 0])
    expect(await sendOnce(stage, T, { id: 'b', key: 'k' })).toEqual(['r', 'a', 'm1'])
  })
})
