// Deduplication of FIFO sends: five minutes from the first send, in two generations that are dropped as a whole.
import { describe, expect, test } from 'vitest'
import { redrive, release } from './calls.ts'
import { completeGrouped, receiveGrouped, sendGrouped } from './group-calls.ts'
import { useStage } from './partition.ts'
import { T } from './stage.ts'

const stage = useStage({ fifo: 1 })
const WINDOW = 300_000
const sent = async (now: number, id: string, dedup: string, group = 'a') =>
  sendGrouped(stage, now, [{ id, group, dedup }])
const duplicate = (first: string, sequence: number, last: number) => ({
  outcomes: 'e',
  known: [first, ''],
  sequences: [sequence],
  last,
})

describe('a message with a deduplication id that was sent before', () => {
  test('is not stored: the first id and its sequence number are answered', async () => {
    await sent(T, 'm1', 'x')
    await sent(T, 'm2', 'y')
    expect(await sent(T + 5, 'm3', 'x')).toEqual(duplicate('m1', 1, 2))
    expect((await stage.state()).grouped).toEqual({ m1: T, m2: T })
  })

  test('is a duplicate also in another group', async () => {
    await sent(T, 'm1', 'x')
    expect(await sent(T, 'm2', 'x', 'b')).toEqual(duplicate('m1', 1, 1))
  })

  test('is a duplicate within one call', async () => {
    const list = ['m1', 'm2', 'm3'].map((id) => ({ id, group: 'a', dedup: id === 'm3' ? 'y' : 'x' }))
    expect(await sendGrouped(stage, T, list)).toEqual({
      outcomes: 'nen',
      known: ['m1', ''],
      sequences: [1, 1, 2],
      last: 2,
    })
  })

  test.each([0, 1, 150_000, 299_999])(
    'is a duplicate for five minutes, whenever the first came: after %i ms',
    async (after) => {
      // Generations begin with the first send of all.
      await sent(T, 'm0', 'first')
      for (const [i, began] of [T + 1, T + 299_999, T + 300_000, T + 450_000].entries()) {
        await sent(began, `m${i + 1}`, `x${i}`)
        expect(await sent(began + after, `n${i}`, `x${i}`)).toMatchObject({ outcomes: 'e', known: [`m${i + 1}`, ''] })
      }
    },
  )

  test.each([0, 1, 150_000, 299_999, 700_000])(
    'is new after five minutes, also when others came meanwhile: after %i ms',
    async (meanwhile) => {
      await sent(T, 'm1', 'x')
      await sent(T + meanwhile, 'm2', 'y')
      expect(await sent(T + Math.max(WINDOW, meanwhile), 'm3', 'x')).toMatchObject({ outcomes: 'n', sequences: [3] })
    },
  )

  test('does not make the window longer', async () => {
    await sent(T, 'm1', 'x')
    await sent(T + 200_000, 'm2', 'x')
    expect(await sent(T + WINDOW, 'm3', 'x')).toMatchObject({ outcomes: 'n' })
    expect(await sent(T + 2 * WINDOW - 1, 'm4', 'x')).toMatchObject({ outcomes: 'e', known: ['m3', ''] })
  })

  test('is a duplicate also when the first was received and completed', async () => {
    await sent(T, 'm1', 'x')
    await receiveGrouped(stage, T)
    await completeGrouped(stage, T, { id: 'm1', group: 'a', sequence: 1 })
    expect(await sent(T + 1, 'm2', 'x')).toEqual(duplicate('m1', 1, 1))
  })

  test('keeps the number of the first send when that was redriven', async () => {
    await sent(T, 'm1', 'x')
    await receiveGrouped(stage, T)
    await release(stage, T, { id: 'm1', group: 'a', sequence: 1, how: 'rejected' })
    await redrive(stage, T)
    expect(await sent(T + 1, 'm2', 'x')).toEqual(duplicate('m1', 1, 2))
  })

  test('may be in line behind the first once the window is over', async () => {
    await sent(T, 'm1', 'x')
    await sent(T + WINDOW, 'm2', 'x')
    expect((await receiveGrouped(stage, T + WINDOW, { max: 2 })).ids).toEqual(['m1', 'm2'])
  })

  test('holds two generations at the most', async () => {
    for (let i = 0; i < 6; i++) await sent(T + i * WINDOW, `m${i}`, `x${i}`)
    const held = await Promise.all([stage.hash('sent:a'), stage.hash('sent:b')])
    expect(held.flatMap((one) => Object.keys(one)).sort()).toEqual(['x4', 'x5'])
  })
})

describe('an idempotency key besides', () => {
  const keyed = (id: string, dedup: string, key: string) => sendGrouped(stage, T, [{ id, group: 'a', dedup, key }])

  test('is asked after the deduplication id', async () => {
    await keyed('m1', 'x', 'k')
    expect(await keyed('m2', 'x', 'l')).toMatchObject({ outcomes: 'e', known: ['m1', ''] })
    expect(await keyed('m3', 'y', 'k')).toMatchObject({ outcomes: 'p', known: ['m1', ''] })
    expect(await keyed('m4', 'y', 'l')).toMatchObject({ outcomes: 'n' })
  })

  test('goes on when the message is done', async () => {
    await keyed('m1', 'x', 'k')
    await receiveGrouped(stage, T)
    expect(await completeGrouped(stage, T, { id: 'm1', group: 'a', sequence: 1, key: 'k', result: 'm7' })).toBe('')
    expect(await keyed('m2', 'y', 'k')).toMatchObject({ outcomes: 'r', known: ['m1', 'm7'] })
  })
})
