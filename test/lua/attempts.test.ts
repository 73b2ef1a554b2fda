// Attempts that the caller has named: within five minutes the same receive answers the same messages, hidden anew.
import { beforeEach, describe, expect, test } from 'vitest'
import { extend, receive, release } from './calls.ts'
import { completeGrouped, type GroupWanting, receiveGrouped, sendGrouped } from './group-calls.ts'
import { useStage } from './partition.ts'
import { T } from './stage.ts'

const V = 400_000
const stage = useStage({ fifo: 1, visibility: V })
beforeEach(() =>
  sendGrouped(
    stage,
    T,
    ['b1', 'a1', 'b2', 'c1'].map((id) => ({ id, group: id[0] as string })),
  ),
)

const attempt = (now: number, name = 'x', wanting: GroupWanting = {}) =>
  receiveGrouped(stage, now, { max: 3, client: `!${name}`, attempt: 1, again: true, ...wanting })
const receipt = <R extends object>(id: string, sequence: number, rest = {} as R) => ({
  id,
  group: id[0] as string,
  sequence,
  ...rest,
})

describe('the same attempt', () => {
  test('answers the same messages, each group in order', async () => {
    const first = await attempt(T)
    expect([first.ids, first.sequences]).toEqual([
      ['a1', 'b1', 'b2'],
      [2, 1, 3],
    ])
    const again = await attempt(T + 5)
    expect([again.ids, again.sequences]).toEqual([
      ['b1', 'a1', 'b2'],
      [1, 2, 3],
    ])
    expect(again.records).toEqual(['ab\n0 0\ntbody', 'aa\n0 0\ntbody', 'ab\n0 0\ntbody'])
  })

  test('hides them anew, and they count as received once', async () => {
    await attempt(T)
    const { histories, receivedAt } = await attempt(T + 5)
    expect([histories, receivedAt]).toEqual([`1 1 ${T} 1 1 ${T} 1 1 ${T}`, T + 5])
    const { inflight, receives, noisy } = await stage.state()
    expect(inflight).toEqual({ a1: T + 5 + V, b1: T + 5 + V, b2: T + 5 + V })
    expect(noisy).toEqual({ a: T + 5 + V, b: T + 5 + V })
    // The deadline tells no more when they came first.
    expect(receives).toEqual({ a1: `1 1 ${T} `, b1: `1 1 ${T} `, b2: `1 1 ${T} ` })
  })

  test('may come any number of times, until five minutes after the first', async () => {
    for (const after of [0, 100_000, 200_000, 299_999]) expect((await attempt(T + after)).ids).toHaveLength(3)
    expect((await attempt(T + 300_000)).ids).toEqual(['c1'])
  })

  test('after the deadline receives anew', async () => {
    await stage.set('visibility', 1_000)
    await attempt(T)
    const { ids, came } = await attempt(T + 1_000, 'x', { max: 10 })
    expect([ids, came]).toEqual([['c1', 'a1', 'b1', 'b2'], '-rrr'])
  })

  test('receives anew when one of the messages is done', async () => {
    await attempt(T)
    await completeGrouped(stage, T + 1, receipt('a1', 2))
    expect((await attempt(T + 2)).ids).toEqual(['c1'])
  })

  test('receives anew when one of the messages was extended', async () => {
    await attempt(T)
    await extend(stage, T + 1, receipt('a1', 2, { visibility: 1_000, received: T }))
    expect((await attempt(T + 2)).ids).toEqual(['c1'])
  })

  test('receives anew when one of the messages was given back', async () => {
    await attempt(T)
    await release(stage, T + 1, receipt('a1', 2, { received: T }))
    expect((await attempt(T + 2)).ids.sort()).toEqual(['a1', 'c1'])
  })

  test('that got nothing looks again', async () => {
    await receiveGrouped(stage, T, { max: 10 })
    expect((await attempt(T)).ids).toEqual([])
    await sendGrouped(stage, T, [{ id: 'd1', group: 'd' }])
    expect((await attempt(T)).ids).toEqual(['d1'])
  })
})

describe('a look for what the attempt has got', () => {
  const look = (now: number, wanting: GroupWanting = {}) => attempt(now, 'x', { noted: true, ...wanting })

  test('answers that, hidden anew', async () => {
    await attempt(T)
    const { ids, sequences } = await look(T + 5)
    expect([ids, sequences]).toEqual([
      ['b1', 'a1', 'b2'],
      [1, 2, 3],
    ])
    expect((await stage.state()).inflight).toEqual({ a1: T + 5 + V, b1: T + 5 + V, b2: T + 5 + V })
  })

  for (const [is, before] of Object.entries({
    'before there was one': async () => {},
    'when it has got nothing': async () => {
      await receiveGrouped(stage, T, { max: 10 })
      await attempt(T)
    },
    'when one of its messages is done': async () => {
      await attempt(T)
      await completeGrouped(stage, T + 1, receipt('a1', 2))
    },
    'that is another': () => attempt(T, 'y'),
  })) {
    test(`takes nothing ${is}, and nobody waits`, async () => {
      await before()
      await stage.set('tidyAt', T + V)
      const all = await stage.everything()
      expect((await look(T + 2, { wait: 0 })).ids).toEqual([])
      expect(await stage.everything()).toEqual(all)
    })
  }

  test('takes nothing when its deadline has passed', async () => {
    await stage.set('visibility', 1_000)
    await attempt(T)
    expect((await look(T + 1_000)).ids).toEqual([])
    expect((await attempt(T + 1_000, 'x', { max: 10 })).came).toBe('-rrr')
  })
})

test('another attempt gets other messages', async () => {
  await attempt(T)
  expect((await attempt(T, 'y')).ids).toEqual(['c1'])
  expect((await attempt(T + 1, 'y')).ids).toEqual(['c1'])
})

describe('a repeat after a lost reply, which no caller has named', () => {
  const again = (now: number) => receiveGrouped(stage, now, { max: 3, client: 'c', attempt: 7, again: true })

  test('answers the same, as it was hidden', async () => {
    await receiveGrouped(stage, T, { max: 3, client: 'c', attempt: 7 })
    const before = await stage.everything()
    const { ids, sequences } = await again(T + 5)
    expect([ids, sequences]).toEqual([
      ['b1', 'a1', 'b2'],
      [1, 2, 3],
    ])
    expect(await stage.everything()).toEqual(before)
  })

  test('answers of tenants, too', async () => {
    await stage.make()
    await sendGrouped(stage, T, [
      { id: 'a1', group: 'a' },
      { id: 'b1', group: 'b' },
    ])
    await receiveGrouped(stage, T, { max: 3, client: 'c', attempt: 7 })
    const before = await stage.everything()
    expect((await again(T + 5)).ids.sort()).toEqual(['a1', 'b1'])
    expect(await stage.everything()).toEqual(before)
  })
})

test('the plain scripts know nothing of it', async () => {
  await stage.make()
  expect((await receive(stage, T, { client: '!x', attempt: 1, again: true })).ids).toEqual([])
})
