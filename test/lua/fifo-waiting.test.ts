// FIFO queues: who is told what, and when the next look is due.
import { describe, expect, test } from 'vitest'
import { extend, release } from './calls.ts'
import { completeGrouped, receiveGrouped, workGrouped } from './group-calls.ts'
import { useLine } from './lines.ts'
import { published } from './partition.ts'
import { T } from './stage.ts'

const { stage, sent, got, receipt } = useLine()
const V = 30_000

describe('those who wait', () => {
  const waiting = () => stage.waiting({ inbox: T + 60_000 })
  const told = (task: () => Promise<unknown>) => published(stage, ['inbox'], task)

  test('are told when a completion lets a group go on', async () => {
    await sent(T, 'a1 a2')
    await got(T, { max: 1 })
    await waiting()
    expect(await told(() => completeGrouped(stage, T + 1, receipt('a1', 1)))).toEqual(['inbox: 0 ready'])
  })

  test('are told when what goes on will fall due, for its head is delayed', async () => {
    await sent(T, 'a1', 0)
    await sent(T, 'a2', 5_000)
    await got(T)
    await waiting()
    expect(await told(() => completeGrouped(stage, T + 1, receipt('a1', 1)))).toEqual(['inbox: 4999 ready'])
  })

  test('are told of a delayed head also when another group goes on with this caller', async () => {
    await sent(T, 'a1 b1 b2', 0)
    await sent(T, 'a2', 5_000)
    await got(T, { each: 1 })
    await waiting()
    const both = [receipt('a1', 1), receipt('b1', 2)]
    const list = await told(() => workGrouped(stage, T + 1, both, { max: 1 }))
    expect(list).toEqual([`inbox: ${V + 1} ready`, 'inbox: 4999 ready'])
  })

  test('are told when a completion leaves at the head what has passed its deadline', async () => {
    await sent(T, 'a1 a2')
    await got(T)
    await extend(stage, T, receipt('a2', 2, { visibility: 0, received: T }))
    await waiting()
    expect(await told(() => completeGrouped(stage, T + 5, receipt('a1', 1)))).toEqual(['inbox: 0 ready'])
  })

  test('are told nothing when the caller takes what goes on', async () => {
    await sent(T, 'a1 a2')
    await got(T, { max: 1 })
    await stage.waiting({ inbox: T + 10 })
    expect(await told(() => workGrouped(stage, T + 1, [receipt('a1', 1)], { max: 1 }))).toEqual([])
  })

  test('are told when the head is visible again by an extension of 0', async () => {
    await sent(T, 'a1')
    await got(T)
    await waiting()
    expect(await told(() => extend(stage, T + 1, receipt('a1', 1, { visibility: 0, received: T })))).toEqual([
      'inbox: 1 ready',
    ])
  })

  test('are told when a release or a rejection lets a group go on', async () => {
    await sent(T, 'a1 b1 b2')
    await got(T, { each: 1 })
    await waiting()
    expect(await told(() => release(stage, T + 1, receipt('a1', 1)))).toEqual(['inbox: 0 ready'])
    await waiting()
    expect(await told(() => release(stage, T + 1, receipt('b1', 2, { how: 'rejected' })))).toEqual(['inbox: 0 ready'])
  })

  test('are told of more when what filled the batch was buried', async () => {
    await stage.make({ fifo: 1, maxReceives: 1 })
    await sent(T, 'a1')
    await got(T)
    await sent(T + V, 'b1 c1')
    await waiting()
    expect(await told(() => got(T + V, { max: 2 }))).toContain('inbox: 0 ready')
  })

  test('learn when a head falls due: by its delay, its deadline, the head of all', async () => {
    await sent(T, 'a1', 400)
    expect((await receiveGrouped(stage, T, { max: 1, wait: 20_000 })).due).toBe(400)
    await got(T + 400)
    expect((await receiveGrouped(stage, T + 400, { max: 1, wait: 60_000 })).due).toBe(V + 1)
  })

  test('do not look all the time while what came back is not for them', async () => {
    await sent(T, 'a1')
    await got(T)
    expect((await receiveGrouped(stage, T + V + 1, { max: 1, returning: 0, wait: 20_000 })).due).toBe(20_000)
  })

  test('are passed a wake-up that another has no use for', async () => {
    await sent(T, 'a1')
    await waiting()
    expect(await told(() => stage.call('nudge', T))).toEqual(['inbox: 0 ready'])
  })
})
