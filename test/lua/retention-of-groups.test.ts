// The same of messages with groups: those that wait and those that nobody has received again.
import { describe, expect, test } from 'vitest'
import { redrive, release, send } from './calls.ts'
import { receiveGrouped, sendGrouped } from './group-calls.ts'
import { many, R, useRetention } from './retained.ts'
import { T } from './stage.ts'

const { stage, make, size, held } = useRetention()

describe.each([
  { kind: 'FIFO', attributes: { fifo: 1 } },
  { kind: 'fair', attributes: {} },
])('a message with a group, on a $kind queue', ({ attributes }) => {
  const makeThis = (more: Record<string, number> = {}) => make({ ...attributes, ...more })
  const sent = (now: number, names: string[], delay = 0) =>
    sendGrouped(
      stage,
      now,
      names.map((name) => ({ id: `${name}@${now}`, group: name[0] as string, delay })),
    )
  const got = async (now: number, max = 10) => (await receiveGrouped(stage, now, { max })).ids
  const receipt = (name: string, at: number, sequence: number) => ({
    id: `${name}@${at}`,
    group: name[0] as string,
    ...('fifo' in attributes && { sequence }),
  })

  test('is handed out until its age is the retention, and then dropped', async () => {
    await makeThis()
    await sent(T, ['a1', 'b1'])
    await sent(T + 1, ['a2'])
    expect(await got(T + R)).toEqual([`a2@${T + 1}`])
    expect(await held()).toBe(1)
  })

  test('is dropped by sends', async () => {
    await makeThis()
    await sent(T, ['a1', 'b1'])
    await sent(T + R, ['a2'])
    expect((await stage.state()).grouped).toEqual({ [`a2@${T + R}`]: T + R })
  })

  test('is dropped 200 a call', async () => {
    await makeThis()
    const names = many(500, T)
    await sendGrouped(
      stage,
      T,
      names.map((id, i) => ({ id, group: `g${i % 7}` })),
    )
    const left: number[] = []
    for (let i = 0; i < 3; i++) {
      await receiveGrouped(stage, T + R, { max: 0 })
      left.push(await size('grouped'))
    }
    expect(left).toEqual([300, 100, 0])
    expect([await held(), await size('order'), await size('groups')]).toEqual([0, 0, 0])
  })

  test('is dropped by sends when its deadline is older than the retention, and nobody has received it again', async () => {
    await makeThis()
    await sent(T, ['a1', 'a2', 'b1'])
    await got(T)
    const before = T + 30_000 + R - 1
    await sent(before, ['c1'])
    expect([await held(), await size('inflight')]).toEqual([4, 3])
    await sent(T + 30_000 + R + 1, ['c2'])
    expect(await size('inflight')).toBe(0)
    const { grouped, groups, receives, inflight, noisy, tenants } = await stage.state()
    expect(Object.keys(grouped ?? {})).toEqual([`c1@${before}`, `c2@${before + 2}`])
    expect(groups).toEqual({ c: before })
    expect([receives, inflight, noisy, tenants]).toEqual([undefined, undefined, undefined, undefined])
    expect([await held(), await size('order')]).toEqual([2, 2])
  })

  test('in flight is dropped 100 a call, with the key that it holds, and its group goes on', async () => {
    await makeThis({ noisyInFlight: 1_000 })
    await sendGrouped(stage, T, [
      { id: `a0@${T}`, group: 'a', key: 'k' },
      ...many(249, T).map((id) => ({ id, group: 'a' })),
    ])
    await got(T, 250)
    const now = T + 30_000 + R + 1
    const left: number[] = []
    for (let i = 0; i < 3; i++) {
      await sendGrouped(stage, now, [{ id: `${i}@${now}`, group: 'a' }])
      left.push(await size('inflight'))
    }
    expect(left).toEqual([150, 50, 0])
    expect((await sendGrouped(stage, now, [{ id: `b@${now}`, group: 'b', key: 'k' }])).outcomes).toBe('n')
    expect(await got(now)).toEqual([`0@${now}`, `1@${now}`, `2@${now}`, `b@${now}`])
  })

  test('is never handed out, though much is left to drop', async () => {
    await makeThis()
    await sendGrouped(
      stage,
      T,
      many(500, T).map((id) => ({ id, group: 'a' })),
    )
    expect(await got(T + R, 300)).toEqual([])
  })

  test('frees the key that it holds', async () => {
    await makeThis()
    await sendGrouped(stage, T, [{ id: `a1@${T}`, group: 'a', key: 'k' }])
    await got(T + R)
    expect(await stage.state()).toEqual({})
  })

  test('counts from the send when it came back', async () => {
    await makeThis()
    await sent(T, ['a1', 'a2'])
    await got(T + 10_000)
    await release(stage, T + 20_000, receipt('a1', T, 1))
    expect(await got(T + R)).toEqual([])
    expect(await stage.state()).toEqual({})
  })

  test('counts from the send when it was delayed', async () => {
    await makeThis()
    await sent(T, ['a1'], R - 5)
    expect(await got(T + R)).toEqual([])
    expect(await stage.state()).toEqual({})
  })

  test('counts anew when it is redriven', async () => {
    await makeThis()
    await sent(T, ['a1'])
    await got(T)
    await release(stage, T, { ...receipt('a1', T, 1), how: 'rejected' })
    await redrive(stage, T + R)
    expect(await got(T + 2 * R - 1)).toEqual([`a1@${T}`])
    expect(await got(T + 2 * R + 30_000)).toEqual([])
    expect(await stage.state()).toEqual({})
  })

  test('goes by a retention that was made shorter', async () => {
    await makeThis()
    await sent(T, ['a1'])
    await receiveGrouped(stage, T, { max: 0 })
    await stage.call('configure', T, 2, 'retention 1000')
    await receiveGrouped(stage, T + 1_000, { max: 0 })
    expect(await stage.state()).toEqual({})
  })

  test('is dropped in time though others are delayed for long', async () => {
    await makeThis()
    await sent(T, ['a1'], 50_000)
    await receiveGrouped(stage, T, { max: 0 })
    await sent(T + 1, ['b1'])
    await receiveGrouped(stage, T + R + 1, { max: 0 })
    expect(await stage.zset('grouped')).toEqual({ [`a1@${T}`]: T + 50_000 })
  })
})

test('a message without a group that is in flight beside tenants is dropped, too', async () => {
  await make()
  await sendGrouped(stage, T, [{ id: `a1@${T}`, group: 'a' }])
  await send(stage, T, { id: `x@${T}` })
  expect((await receiveGrouped(stage, T, { max: 2 })).ids).toHaveLength(2)
  const now = T + 30_000 + R + 1
  await sendGrouped(stage, now, [{ id: `a2@${now}`, group: 'a' }])
  expect([await held(), await size('inflight')]).toEqual([1, 0])
})

test('a sweep leaves no place without a message, though many of the group are in flight before it', async () => {
  await make({ fifo: 1, visibility: 10 * R })
  const names = many(700, T)
  for (let i = 0; i < 700; i += 350) {
    await sendGrouped(
      stage,
      T,
      names.slice(i, i + 350).map((id) => ({ id, group: 'a' })),
    )
  }
  await receiveGrouped(stage, T, { max: 600 })
  await receiveGrouped(stage, T + R, { max: 0 })
  expect(await size('grouped')).toBe(100)
  expect(Number(await stage.meta('sweptTo'))).toBe(T + 1_000)
})
