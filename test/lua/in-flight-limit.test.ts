// As many are in flight as may be: nothing more comes, except what came back.
import { describe, expect, test } from 'vitest'
import { complete, receive, send, work } from './calls.ts'
import { completeGrouped, receiveGrouped, sendGrouped, workGrouped } from './group-calls.ts'
import { useStage } from './partition.ts'
import { T } from './stage.ts'

const stage = useStage()
const V = 30_000
const make = (attributes: Record<string, number>) => stage.make({ maxInFlight: 2, ...attributes })

describe('without groups', () => {
  const sent = (...names: string[]) => send(stage, T, ...names.map((id) => ({ id })))

  test('gives no more than may be in flight, and says when that is why nothing came', async () => {
    await make({})
    await sent('a', 'b', 'c')
    expect((await receive(stage, T, { max: 10 })).ids).toEqual(['a', 'b'])
    const { ids, over, due } = await receive(stage, T, { max: 10, wait: 20_000 })
    expect([ids, over, due]).toEqual([[], 1, 1_000])
  })

  test('does not say so when there is nothing', async () => {
    await make({})
    expect((await receive(stage, T, { max: 1 })).over).toBe(0)
  })

  test('goes on when one is done, in the same call', async () => {
    await make({})
    await sent('a', 'b', 'c')
    await receive(stage, T, { max: 10 })
    expect((await work(stage, T, [{ id: 'a' }], { max: 10 })).received?.ids).toEqual(['c'])
    expect(await complete(stage, T, { id: 'b' })).toBe('')
  })

  test('gives again what came back', async () => {
    await make({})
    await sent('a', 'b', 'c')
    await receive(stage, T, { max: 10 })
    expect((await receive(stage, T + V, { max: 10 })).ids).toEqual(['a', 'b'])
  })
})

describe.each([
  { kind: 'FIFO', attributes: { fifo: 1 } },
  { kind: 'fair', attributes: {} },
])('with groups, on a $kind queue', ({ attributes }) => {
  const sequence = (number: number) => ('fifo' in attributes ? { sequence: number } : {})
  const sent = (...names: string[]) =>
    sendGrouped(
      stage,
      T,
      names.map((id) => ({ id, group: id[0] as string })),
    )
  const got = async (now: number, max = 10) => (await receiveGrouped(stage, now, { max })).ids

  test('gives no more than may be in flight, and says when that is why nothing came', async () => {
    await make(attributes)
    await sent('a1', 'b1', 'c1')
    expect(await got(T)).toEqual(['a1', 'b1'])
    const { ids, over, due } = await receiveGrouped(stage, T, { max: 10, wait: 20_000 })
    expect([ids, over, due]).toEqual([[], 1, 1_000])
  })

  test('goes on when one is done, in the same call', async () => {
    await make(attributes)
    await sent('a1', 'b1', 'c1')
    await got(T)
    const { ids } = await workGrouped(stage, T, [{ id: 'a1', group: 'a', ...sequence(1) }], { max: 10 })
    expect(ids).toEqual(['c1'])
  })

  test('gives again what came back, for it is in flight already: a worker that died does not stop the queue', async () => {
    await make(attributes)
    await sent('a1', 'b1')
    await got(T)
    await sent('c1', 'a2')
    expect(await got(T + V + 1)).toEqual(['a1', 'b1'])
    const done = [
      { id: 'a1', group: 'a', delivery: 2, ...sequence(1) },
      { id: 'b1', group: 'b', delivery: 2, ...sequence(2) },
    ]
    expect(await completeGrouped(stage, T + V + 2, ...done)).toBe('')
    expect((await got(T + V + 3)).sort()).toEqual(['a2', 'c1'])
  })

  test('gives what came back also when many others have waited for longer', async () => {
    await make(attributes)
    await sent('x1', 'y1')
    await got(T)
    await sendGrouped(
      stage,
      T,
      Array.from({ length: 100 }, (_, i) => ({ id: `m${i}`, group: `g${i}` })),
    )
    expect(await got(T + V + 1, 1)).toEqual(['x1'])
  })
})
