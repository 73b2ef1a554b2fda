import { describe, expect, test } from 'vitest'
import { complete, extend, receive, send } from './calls.ts'
import { useStage } from './partition.ts'
import { T } from './stage.ts'

const stage = useStage()

describe('a receive whose reply was lost', () => {
  const first = { max: 3, attempt: 7, client: 'me' }

  test('gets the same batch again', async () => {
    await send(stage, T, { id: 'a' }, { id: 'b' }, { id: 'c' })
    const one = await receive(stage, T, first)
    const again = await receive(stage, T + 100, { ...first, again: true })
    expect([again.ids, again.fence, again.records]).toEqual([one.ids, one.fence, one.records])
    expect(await stage.state()).toEqual({ inflight: { a: T + 30_000, b: T + 30_000, c: T + 30_000 } })
  })

  test('gets the same numbers again', async () => {
    await send(stage, T, { id: 'a' })
    await receive(stage, T)
    const one = await receive(stage, T + 30_000, first)
    const again = await receive(stage, T + 30_001, { ...first, again: true })
    expect([one.histories, again.histories]).toEqual([`2 2 ${T}`, `2 2 ${T}`])
  })

  test('gets what is left of it', async () => {
    await send(stage, T, { id: 'a' }, { id: 'b' })
    await receive(stage, T, first)
    await complete(stage, T, { id: 'a' })
    expect((await receive(stage, T, { ...first, again: true })).ids).toEqual(['b'])
  })

  test('gets others when it never ran', async () => {
    await send(stage, T, { id: 'a' })
    expect((await receive(stage, T, { ...first, again: true })).ids).toEqual(['a'])
  })

  test('gets others when the deadline of that batch has passed', async () => {
    await send(stage, T, { id: 'a' })
    await receive(stage, T, first)
    const again = await receive(stage, T + 30_000, { ...first, again: true })
    expect([again.ids, again.histories]).toEqual([['a'], `2 2 ${T}`])
  })

  test('does not get what another client received at the same moment', async () => {
    await send(stage, T, { id: 'a' }, { id: 'b' })
    await receive(stage, T, { ...first, max: 1 })
    await receive(stage, T, { max: 1, attempt: 7, client: 'you' })
    expect((await receive(stage, T, { ...first, again: true })).ids).toEqual(['a'])
  })

  test('does not get what was extended since by its side', async () => {
    await send(stage, T, { id: 'a' }, { id: 'b' })
    await receive(stage, T, { ...first, max: 1 })
    await receive(stage, T + 30, { max: 1, client: 'you' })
    await extend(stage, T + 30, { id: 'b', visibility: 29_970 })
    expect((await receive(stage, T + 31, { ...first, again: true })).ids).toEqual(['a'])
  })

  test('still finds its batch after the generations have turned', async () => {
    await stage.make({ visibility: 3_600_000 })
    await send(stage, T, { id: 'a' })
    await receive(stage, T + 299_000, first)
    expect((await receive(stage, T + 301_000, { ...first, again: true })).ids).toEqual(['a'])
  })
})
