// How long and how marks are kept.
import { describe, expect, test } from 'vitest'
import { complete, receive, send, sendOnce } from './calls.ts'
import { useStage } from './partition.ts'
import { key, mark, T } from './stage.ts'

const WINDOW = 60_000
const RECENT = 300_000
const stage = useStage({ idempotencyWindow: WINDOW, resultTtl: 0 })

async function done(now: number, name: string, by?: string): Promise<void> {
  const message = { id: name, ...(by && { key: by }) }
  if (by) await sendOnce(stage, now, message)
  else await send(stage, now, message)
  await receive(stage, now)
  await complete(stage, now, message)
}

const knowsKey = async (now: number, name: string) => (await sendOnce(stage, now, { id: 'z', key: name }))[0] === 'm'
const knowsId = async (now: number, name: string) => (await sendOnce(stage, now, { id: name }))[0] === 's'
const sizes = () =>
  Promise.all((['processed:a', 'processed:b'] as const).map((part) => stage.redis.hlen(stage.keys[part])))

describe('marks of keys', () => {
  test('last at least the window, when done just before a turn', async () => {
    await done(T + WINDOW - 1, 'a', 'k')
    expect(await knowsKey(T + 2 * WINDOW - 1, 'k')).toBe(true)
  })

  test('last at most twice the window, when done just after a turn', async () => {
    await done(T + WINDOW, 'a', 'k')
    expect(await knowsKey(T + 2 * WINDOW, 'k')).toBe(true)
    expect(await knowsKey(T + 3 * WINDOW, 'k')).toBe(false)
  })

  test('turn from one generation to the other and back', async () => {
    const generations = []
    for (let turn = 0; turn < 4; turn++) {
      await done(T + turn * WINDOW, `m${turn}`, `k${turn}`)
      generations.push([await stage.meta('processed'), ...(await sizes())])
    }
    expect(generations).toEqual([
      ['a', 1, 0],
      ['b', 1, 1],
      ['a', 1, 1],
      ['b', 1, 1],
    ])
    expect(await knowsKey(T + 3 * WINDOW, 'k2')).toBe(true)
    expect(await knowsKey(T + 3 * WINDOW, 'k1')).toBe(false)
  })

  test('are all forgotten when nothing happened for two windows', async () => {
    await done(T, 'a', 'k')
    await done(T + WINDOW, 'b', 'l')
    expect(await knowsKey(T + 3 * WINDOW, 'l')).toBe(false)
    expect(await sizes()).toEqual([0, 0])
    expect(await stage.call('stats', T + 3 * WINDOW)).toMatchObject({ 7: 0 })
  })

  test('are counted in both generations', async () => {
    await done(T, 'a', 'k')
    await done(T, 'b', 'l')
    await done(T + WINDOW, 'c', 'm')
    expect(await stage.call('stats', T + WINDOW)).toMatchObject({ 7: 3 })
  })

  test('follow a window that was changed', async () => {
    await done(T, 'a', 'k')
    await stage.call('configure', T, 2, `idempotencyWindow ${10 * WINDOW}`)
    expect(await knowsKey(T + 9 * WINDOW, 'k')).toBe(true)
  })
})

describe('marks of ids', () => {
  test('last at least five minutes', async () => {
    await done(T + RECENT - 1, 'a')
    expect(await knowsId(T + 2 * RECENT - 1, 'a')).toBe(true)
  })

  test('last at most ten', async () => {
    await done(T + RECENT, 'a')
    expect(await knowsId(T + 3 * RECENT, 'a')).toBe(false)
  })
})

describe('a field of marks', () => {
  const names = Array.from({ length: 40 }, (_, i) => `m${i.toString(36)}`)

  test('is found by a longer name as the generation fills', async () => {
    const counts = [0, 131_071, 131_072, 2_097_151, 2_097_152, 33_554_431, 33_554_432]
    const widths = []
    for (const [i, count] of counts.entries()) {
      await stage.set('processedCount', count)
      await done(T, `m${i}`, `k${i}`)
      const fields = await stage.redis.hkeys(stage.keys['processed:a'])
      widths.push(fields.find((field) => key(`k${i}`).startsWith(field))?.length)
    }
    expect(widths).toEqual([3, 3, 4, 4, 5, 5, 6])
    for (const i of counts.keys()) expect(await knowsKey(T, `k${i}`)).toBe(true)
    expect(await knowsKey(T, 'k99')).toBe(false)
  })

  test('holds the marks of ids that were made together', async () => {
    await send(stage, T, ...names.map((name) => ({ id: name })))
    await receive(stage, T, { max: 40 })
    await complete(stage, T, ...names.map((name) => ({ id: name })))
    const held = await stage.redis.hgetall(stage.keys['recent:a'])
    const marks = Object.entries(held).filter(([field]) => !field.startsWith('@'))
    const found = marks.flatMap(([field, text]) => (text.match(/.{11}/g) ?? []).map((rest) => field + rest))
    expect(found.sort()).toEqual(names.map(mark).sort())
    for (const name of names) expect(await knowsId(T, name)).toBe(true)
    expect(await knowsId(T, 'zzzz')).toBe(false)
  })

  test('is not read across two marks', async () => {
    // The end of one mark and the beginning of the next, put together, look like the mark of 'k'.
    const wanted = key('k').slice(0, 14)
    const text = `######${wanted.slice(3)}#####`
    await stage.redis.hset(stage.keys['processed:a'], wanted.slice(0, 3), text)
    expect(text).toHaveLength(22)
    expect(await knowsKey(T, 'k')).toBe(false)
  })
})
