// Messages older than the retention are never handed out, and their memory is given back, so many a call.
import { describe, expect, test } from 'vitest'
import { receive, redrive, release, send, sendOnce } from './calls.ts'
import { many, R, useRetention } from './retained.ts'
import { T } from './stage.ts'

const { stage, make, size, held } = useRetention()

describe('a message without a group', () => {
  const sent = (now: number, ...names: string[]) => send(stage, now, ...names.map((name) => ({ id: `${name}@${now}` })))

  test('is handed out until its age is the retention, and then dropped', async () => {
    await make()
    await sent(T, 'a')
    await sent(T + 1, 'b')
    expect((await receive(stage, T + R, { max: 2 })).ids).toEqual([`b@${T + 1}`])
    expect(await held()).toBe(1)
  })

  test('is dropped by sends, with the key that it holds', async () => {
    await make()
    await sendOnce(stage, T, { id: `a@${T}`, key: 'k' })
    await sent(T + R, 'b')
    expect(await stage.state()).toEqual({ ready: { [`b@${T + R}`]: T + R } })
    expect(await sendOnce(stage, T + R, { id: `c@${T + R}`, key: 'k' })).toEqual(['n'])
  })

  test('is dropped 500 a call', async () => {
    await make()
    const names = many(1_200, T)
    for (let i = 0; i < 1_200; i += 400) await send(stage, T, ...names.slice(i, i + 400).map((id) => ({ id })))
    const left: number[] = []
    for (let i = 0; i < 3; i++) {
      expect((await receive(stage, T + R, { max: 10 })).ids).toEqual([])
      left.push(await size('ready'))
    }
    expect(left).toEqual([700, 200, 0])
  })

  test('is dropped by sends when its deadline is older than the retention, and nobody has received it again', async () => {
    await make()
    await sent(T, 'a')
    await receive(stage, T)
    await sent(T + 30_000 + R - 1, 'b')
    expect(await held()).toBe(2)
    await sent(T + 30_000 + R + 1_000, 'c')
    await sent(T + 30_000 + 2 * R, 'd')
    expect(Object.keys((await stage.state()).inflight ?? {})).toEqual([])
  })

  test('counts from the send when it was delayed', async () => {
    await make()
    await send(stage, T, { id: `a@${T}`, delay: R - 5 })
    expect((await receive(stage, T + R, { max: 2 })).ids).toEqual([])
    expect(await held()).toBe(0)
  })

  test('counts from the send when it came back', async () => {
    await make()
    await sent(T, 'a', 'b')
    await receive(stage, T + 10_000, { max: 2 })
    await release(stage, T + 20_000, { id: `a@${T}` })
    expect((await receive(stage, T + R, { max: 2 })).ids).toEqual([])
    expect(await held()).toBe(0)
  })

  test('counts anew when it is redriven', async () => {
    await make()
    await sent(T, 'a')
    await receive(stage, T)
    await release(stage, T, { id: `a@${T}`, how: 'rejected' })
    await redrive(stage, T + R)
    expect((await receive(stage, T + 2 * R - 1, { visibility: 1 })).ids).toEqual([`a@${T}`])
    expect((await receive(stage, T + 2 * R + 5)).ids).toEqual([])
    expect(await held()).toBe(0)
  })

  test('is judged by the number in its id, not by how the server sorts letters', async () => {
    await make({ maxReceives: 9 })
    // 'a' and 'B' stand in the ids where they differ: by some locales 'a' is less.
    const at = [...Array(8)].reduce((ms: number, _, i) => ms * 64 + (i === 3 ? 12 : 0), 0)
    const later = [...Array(8)].reduce((ms: number, _, i) => ms * 64 + (i === 3 ? 38 : 0), 0)
    await send(stage, later, { id: `a@${later}`, delay: 1 })
    expect(later - at).toBeGreaterThan(R)
    expect((await receive(stage, later + 1)).ids).toEqual([`a@${later}`])
  })

  test('goes by a retention that was made shorter', async () => {
    await make()
    await sent(T, 'a')
    await stage.call('stats', T)
    await stage.call('configure', T, 2, 'retention 1000')
    expect((await receive(stage, T + 1_000)).ids).toEqual([])
    expect(await held()).toBe(0)
  })
})
