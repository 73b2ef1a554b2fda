// Tenants: who is told what, and when the next look is due.
import { describe, expect, test } from 'vitest'
import { release } from './calls.ts'
import { receiveGrouped } from './group-calls.ts'
import { noise, useTenants } from './lines.ts'
import { published } from './partition.ts'
import { T } from './stage.ts'

const { stage, sent, got, receipt } = useTenants()

describe('those who wait where there are tenants', () => {
  const told = (task: () => Promise<unknown>) => published(stage, ['inbox'], task)
  const waiting = () => stage.waiting({ inbox: T + 10_000 })
  const due = async (now: number) => (await receiveGrouped(stage, now, { max: 1, wait: 20_000 })).due

  test('learn when a message without a group falls due', async () => {
    await sent(T, 'a1', 9_000)
    await sent(T, 'p1', 4_000)
    expect(await due(T)).toBe(4_000)
  })

  test('learn when a message of a tenant falls due', async () => {
    await sent(T, 'p1', 9_000)
    await sent(T, 'a1', 4_000)
    expect(await due(T)).toBe(4_000)
  })

  test.each(['a1 p1 p2', 'a1 a2 b1'])(
    'are told when the batch of another was full and there is more: %s',
    async (names) => {
      await sent(T, names)
      await waiting()
      expect(await told(() => got(T, { max: 2 }))).toEqual(['inbox: 0 ready'])
    },
  )

  test('are told when only noisy tenants have more', async () => {
    await sent(T, 'a1 a2 a3 a4 a5')
    await got(T, { max: 3 })
    await waiting()
    expect(await told(() => got(T, { max: 1 }))).toEqual(['inbox: 0 ready'])
  })

  test('are passed a wake-up when only noisy tenants have something', async () => {
    await sent(T, 'a1 a2 a3 a4')
    await got(T, { max: 3 })
    await waiting()
    expect(await told(() => stage.call('nudge', T))).toEqual(['inbox: 0 ready'])
  })

  test('look again at once when all that came was received too often and more is left, of noisy tenants too', async () => {
    await stage.make({ ...noise, maxReceives: 1 })
    await sent(T, 'a1 a2 a3 a4')
    await got(T, { max: 3 })
    await sent(T, 'p1')
    await got(T, { max: 1 })
    await release(stage, T, { id: 'p1' })
    const first = await receiveGrouped(stage, T, { max: 1, wait: 20_000 })
    expect([first.ids, first.due]).toEqual([[], 0])
    expect(await got(T, { max: 1 })).toBe('a4')
  })

  test('are told when a message is given back', async () => {
    await sent(T, 'a1')
    await got(T)
    await waiting()
    expect(await told(() => release(stage, T, receipt('a1')))).toEqual(['inbox: 0 ready'])
  })
})
