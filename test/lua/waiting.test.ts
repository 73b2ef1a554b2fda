// Who is told what, and when the next look is due.
import { describe, expect, test } from 'vitest'
import { complete, extend, receive, release, send } from './calls.ts'
import { published, useStage } from './partition.ts'
import { T } from './stage.ts'

const stage = useStage()
const due = async (now: number, wait = 20_000, returning = 1) => (await receive(stage, now, { wait, returning })).due

describe('an empty receive says when to look again', () => {
  test('at the end of the wait, when nothing is there', async () => {
    expect(await due(T)).toBe(20_000)
    expect(await stage.zset('waiters')).toEqual({ inbox: T + 20_000 })
  })

  test('when a delayed message falls due', async () => {
    await send(stage, T, { id: 'a', delay: 5_000 })
    expect(await due(T + 1_000)).toBe(4_000)
  })

  test('when a deadline passes', async () => {
    await send(stage, T, { id: 'a' })
    await receive(stage, T, { visibility: 7_000 })
    expect(await due(T)).toBe(7_001)
  })

  test('at the end of the wait, when that is earlier', async () => {
    await send(stage, T, { id: 'a', delay: 50_000 })
    expect(await due(T)).toBe(20_000)
  })

  test('at the end of the wait, when the queue is paused', async () => {
    await send(stage, T, { id: 'a' })
    await stage.set('paused', 1)
    expect(await due(T)).toBe(20_000)
  })

  test('without waiting, and registers nobody, when there is no wait', async () => {
    await receive(stage, T, { wait: 0 })
    expect(await stage.zset('waiters')).toEqual({})
  })

  test('of what it may have: not of deadlines that passed while it wants none that came back', async () => {
    await send(stage, T, { id: 'a' })
    await receive(stage, T)
    expect(await due(T + 40_000, 20_000, 0)).toBe(20_000)
  })

  test('and forgets those whose waits are over', async () => {
    await receive(stage, T, { wait: 1_000, inbox: 'old' })
    await receive(stage, T + 1_000, { wait: 5_000, inbox: 'new' })
    expect(await stage.zset('waiters')).toEqual({ new: T + 6_000 })
  })
})

describe('those who wait are told', () => {
  const waits = (inbox: string, wait = 20_000) => receive(stage, T, { wait, inbox })

  test('to look at the deadline of what another received, if they meant to look later', async () => {
    await send(stage, T, { id: 'a' })
    await stage.waiting({ early: T + 10_000, late: T + 60_000 })
    const told = await published(stage, ['early', 'late'], () => receive(stage, T))
    expect(told).toEqual(['late: 30001 ready'])
    expect(await stage.zset('waiters')).toEqual({ early: T + 10_000, late: T + 30_001 })
  })

  test('once for one time', async () => {
    await send(stage, T, { id: 'a' }, { id: 'b', delay: 1 })
    await stage.waiting({ inbox: T + 60_000 })
    const told = await published(stage, ['inbox'], async () => {
      await receive(stage, T)
      await receive(stage, T + 1)
    })
    expect(told).toEqual(['inbox: 30001 ready'])
  })

  test('a bounded number at a time', async () => {
    await send(stage, T, { id: 'a' })
    const inboxes = Array.from({ length: 40 }, (_, i) => `inbox${i}`)
    await stage.waiting(Object.fromEntries(inboxes.map((inbox) => [inbox, T + 60_000])))
    expect(await published(stage, inboxes, () => receive(stage, T))).toHaveLength(16)
  })

  test('to look earlier, when a deadline was set to an earlier time', async () => {
    await send(stage, T, { id: 'a' })
    await receive(stage, T)
    await waits('inbox', 60_000)
    const told = await published(stage, ['inbox'], () => extend(stage, T + 1, { id: 'a', visibility: 10 }))
    expect(told).toEqual(['inbox: 11 ready'])
  })

  test('nothing, when a deadline was set to a later time', async () => {
    await send(stage, T, { id: 'a' })
    await receive(stage, T)
    await waits('inbox', 60_000)
    expect(await published(stage, ['inbox'], () => extend(stage, T + 1, { id: 'a', visibility: 90_000 }))).toEqual([])
  })

  test('all of them, when a delayed message will fall due before they meant to look', async () => {
    await stage.waiting({ early: T + 400, one: T + 10_000, two: T + 20_000 })
    const told = await published(stage, ['early', 'one', 'two'], () => send(stage, T, { id: 'a', delay: 500 }))
    expect(told).toEqual(['one: 500 ready', 'two: 500 ready'])
  })

  test('all of them, when a message was given back for later', async () => {
    await send(stage, T, { id: 'a' })
    await receive(stage, T)
    await stage.waiting({ one: T + 10_000, two: T + 20_000 })
    const told = await published(stage, ['one', 'two'], () => release(stage, T, { id: 'a', delay: 500 }))
    expect(told).toEqual(['one: 500 ready', 'two: 500 ready'])
  })

  test('when a message was given back', async () => {
    await send(stage, T, { id: 'a' })
    await receive(stage, T)
    await waits('inbox')
    expect(await published(stage, ['inbox'], () => release(stage, T, { id: 'a' }))).toEqual(['inbox: 0 ready'])
  })

  test('when the batch of another was full and there is more', async () => {
    await send(stage, T, { id: 'a' }, { id: 'b' }, { id: 'c' })
    await stage.waiting({ inbox: T + 10_000 })
    expect(await published(stage, ['inbox'], () => receive(stage, T, { max: 2 }))).toEqual(['inbox: 0 ready'])
  })

  test('not when the batch of another took all', async () => {
    await send(stage, T, { id: 'a' }, { id: 'b' }, { id: 'c', delay: 1 })
    await stage.waiting({ inbox: T + 10_000 })
    expect(await published(stage, ['inbox'], () => receive(stage, T, { max: 2 }))).toEqual([])
  })

  test('not when a message is completed', async () => {
    await send(stage, T, { id: 'a' })
    await receive(stage, T)
    await waits('inbox')
    expect(await published(stage, ['inbox'], () => complete(stage, T, { id: 'a' }))).toEqual([])
  })

  test('all of them when the queue goes on after a pause, or its attributes change', async () => {
    await stage.set('paused', 1)
    await waits('one')
    await waits('two')
    const told = await published(stage, ['one', 'two'], () => stage.call('configure', T, 2, 'paused -'))
    expect(told.sort()).toEqual(['one: 1 ready', 'two: 1 ready'])
    expect(await stage.zset('waiters')).toEqual({})
  })
})

describe('nudge', () => {
  const nudged = (now: number) => published(stage, ['inbox'], () => stage.call('nudge', now))
  const waiting = () => stage.waiting({ inbox: T + 50_000 })

  test('passes a wake-up on when something is receivable', async () => {
    await send(stage, T, { id: 'a' })
    await waiting()
    expect(await nudged(T)).toEqual(['inbox: 0 ready'])
  })

  test('passes a wake-up on when a deadline has passed', async () => {
    await send(stage, T, { id: 'a' })
    await receive(stage, T)
    await waiting()
    expect(await nudged(T + 30_001)).toEqual(['inbox: 0 ready'])
  })

  test('passes on when the next message falls due', async () => {
    await send(stage, T, { id: 'a', delay: 500 })
    await waiting()
    expect(await nudged(T)).toEqual(['inbox: 500 ready'])
  })

  test('tells nobody when nothing is there', async () => {
    await waiting()
    expect(await nudged(T)).toEqual([])
  })
})
