// What is kept of move tasks at a queue's home, and of errands at a namespace's.
import { afterEach, describe, expect, test } from 'vitest'
import { useStage } from './partition.ts'
import { T } from './stage.ts'

const stage = useStage()

describe('task', () => {
  // A home has tasks where a partition has messages.
  afterEach(() => stage.redis.del(stage.keys.ready, stage.keys.messages))

  /** Of each: name, status, turn, moved and to move; a code where it was refused. */
  async function task(now: number, verb: string, ...args: (string | number)[]) {
    const [name = '', turn = 0, moved = 0, text = ''] = args
    const [code, list] = await stage.call('task', now, verb, name, turn, 1_000, moved, text)
    if (code !== 'ok') return code
    const flat = list as string[]
    return Array.from({ length: flat.length / 3 }, (_, i) => {
      const [status, by, , done, all, failure] = (flat[3 * i + 2] as string).split(' ')
      return [flat[3 * i], Number(flat[3 * i + 1]), status, Number(by), Number(done), Number(all), failure]
    })
  }
  const start = (now: number, name: string) => task(now, 'start', name, 0, 0, '5 - what')
  const running = (name: string, started: number, turn = started, moved = 0) => [
    name,
    started,
    'RUNNING',
    turn,
    moved,
    5,
    '-',
  ]

  test('starts one at a time; a repeat finds its own', async () => {
    expect(await start(T, 'one')).toEqual([running('one', T)])
    expect(await start(T, 'one')).toEqual([running('one', T)])
    expect(await start(T, 'two')).toBe('MoveTaskRunning')
  })

  test('is taken by another when nobody keeps it', async () => {
    await start(T, 'one')
    expect(await task(T + 999, 'take')).toEqual([])
    expect(await task(T + 999, 'keep', 'one', T, 3)).toEqual([running('one', T, T, 3)])
    expect(await task(T + 1_500, 'take')).toEqual([])
    expect(await task(T + 1_999, 'take')).toEqual([running('one', T, T + 1_999, 3)])
    expect(await task(T + 2_000, 'keep', 'one', T, 4)).toEqual([])
    expect(await task(T + 2_000, 'end', 'one', T, 4, 'COMPLETED -')).toEqual([])
  })

  test('ends, once, and then another can start', async () => {
    await start(T, 'one')
    expect(await task(T, 'end', 'one', T, 5, 'FAILED why')).toEqual([['one', T, 'FAILED', T, 5, 5, 'why']])
    expect(await task(T, 'end', 'one', T, 5, 'COMPLETED -')).toEqual([])
    expect(await task(T + 9_000, 'take')).toEqual([])
    expect(await start(T, 'two')).toEqual([running('two', T + 1)])
    expect(await task(T, 'list', '', 9)).toEqual([running('two', T + 1), ['one', T, 'FAILED', T, 5, 5, 'why']])
    expect(await task(T, 'list', '', 1)).toHaveLength(1)
  })

  test('is taken at once by who cancels it, and by another should that one die', async () => {
    await start(T, 'one')
    expect(await task(T + 1, 'cancel', 'other')).toEqual([])
    expect(await task(T + 1, 'cancel', 'one')).toEqual([['one', T, 'CANCELLING', T + 1, 0, 5, '-']])
    expect(await task(T + 1, 'keep', 'one', T, 4)).toEqual([])
    expect(await task(T + 2_000, 'take')).toEqual([['one', T, 'CANCELLING', T + 2_000, 0, 5, '-']])
    expect(await task(T + 2_000, 'end', 'one', T + 2_000, 3, 'CANCELLED -')).toHaveLength(1)
    expect(await task(T + 2_000, 'cancel', 'one')).toEqual([])
  })
})

describe('errands', () => {
  afterEach(() => stage.redis.del(stage.keys.ready, stage.keys.inflight))

  const errands = async (now: number, verb: string, errand = '') =>
    (await stage.call('errands', now, verb, errand, 60_000))[1]

  test('are taken by one client a period', async () => {
    await errands(T, 'add', 'forward a')
    await errands(T + 5, 'add', 'forward a')
    expect(await errands(T + 59_999, 'take')).toEqual([])
    expect(await errands(T + 60_000, 'take')).toEqual(['forward a'])
    expect(await errands(T + 60_001, 'take')).toEqual([])
    expect(await errands(T + 120_000, 'take')).toEqual(['forward a'])
    await errands(T + 600_005, 'remove', 'forward a')
    expect(await errands(T + 600_006, 'take')).toEqual(['forward a'])
    await errands(T + 600_006, 'remove', 'forward a')
    expect(await errands(T + 700_000, 'take')).toEqual([])
  })
})
