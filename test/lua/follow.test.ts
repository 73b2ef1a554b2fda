// Messages for a queue that is gone, and those that follow a completion.
import { describe, expect, test } from 'vitest'
import { complete, receive, redrive, release, result, send, work } from './calls.ts'
import { useStage } from './partition.ts'
import { T } from './stage.ts'
import { addressed, outbox, outboxOf, strand } from './transit-calls.ts'

const stage = useStage({ deadLetterQueue: 'dead', maxReceives: 1 })

/** A message that has died. */
async function died(name: string): Promise<void> {
  await send(stage, T, { id: name })
  await receive(stage, T)
  await release(stage, T, { id: name, how: 'rejected', reason: 'why' })
}

const number = (ms: number, more = 0) => String(ms * 1000 + more).padStart(16, '0')

describe('strand', () => {
  test('makes dead letters of what goes to a queue that is gone, as they would be without a dead-letter queue', async () => {
    await died('a')
    await outbox(stage, T)
    await addressed(stage, T, 'dead')
    await died('b')
    expect(await strand(stage, T + 5, 'dead')).toBe(2)
    expect(await stage.state()).toEqual({
      dead: { a: T + 5, b: T + 5 },
      letters: { a: `1 1 ${T} 12 - rejected whytbody`, b: `1 1 ${T} 12 - rejected whytbody` },
    })
    expect(await redrive(stage, T + 6)).toEqual(['ok', 2, 0])
    expect(await result(stage, T + 6, { id: 'a' })).toEqual(['pending', '', 'a'])
  })

  test('says of others for which queue they were', async () => {
    await send(stage, T, { id: 'a' })
    await receive(stage, T)
    await complete(stage, T, { id: 'a', sends: [{ to: 'gone', id: 'f', body: 'x' }] })
    await outbox(stage, T)
    await strand(stage, T, 'gone')
    expect(await stage.hash('letters')).toEqual({ f: '0 0 0 22 - QueueDoesNotExist gonetx' })
  })
})

describe('follow-ups of a completion', () => {
  const sends = [
    { to: 'next', id: 'f', body: 'x', delay: 500 },
    { to: 'other', id: 'g', body: 'y', key: 'k' },
  ]

  test('go into the outbox with it', async () => {
    await send(stage, T, { id: 'a' }, { id: 'b' })
    await receive(stage, T, { max: 2 })
    const { outcomes } = await work(stage, T, [{ id: 'a' }, { id: 'b', sends }])
    expect(outcomes).toBe('')
    expect(await outboxOf(stage)).toEqual([
      `q next ${number(T)} ${number(T)} f f 500 0 0 0 - 2 - -`,
      expect.stringMatching(new RegExp(`^q other ${number(T, 1)} ${number(T, 1)} f g - 0 0 0 \\S{12} 24 <k> -$`)),
    ])
    expect(Object.values(await stage.hash('letters'))).toEqual(['tx', 'T<k>y'])
  })

  test('may be thousands', async () => {
    await send(stage, T, { id: 'a' })
    await receive(stage, T)
    const many = Array.from({ length: 6_000 }, (_, i) => ({ to: 'next', id: `f${i}`, body: 'x' }))
    expect(await complete(stage, T, { id: 'a', sends: many })).toBe('')
    expect(await outboxOf(stage)).toHaveLength(6_000)
    expect(await stage.redis.hlen(stage.keys.letters)).toBe(6_000)
  })

  test('do not where it is not accepted, nor a second time', async () => {
    await send(stage, T, { id: 'a' }, { id: 'b' })
    await receive(stage, T, { max: 2 })
    expect(await complete(stage, T, { id: 'a', delivery: 2, sends })).toBe('l')
    expect(await outboxOf(stage)).toEqual([])
    await complete(stage, T, { id: 'a', sends })
    expect(await complete(stage, T, { id: 'a', sends })).toBe('d')
    expect(await outboxOf(stage)).toHaveLength(2)
  })

  test('go with the completions that are accepted, not with the others of the same call', async () => {
    await send(stage, T, { id: 'a' }, { id: 'b' })
    await receive(stage, T, { max: 2 })
    const lost = { id: 'a', delivery: 2, sends: [{ to: 'next', id: 'h', body: 'long' }] }
    expect(await complete(stage, T, lost, { id: 'b', sends })).toBe('ld')
    expect(Object.values(await stage.hash('letters'))).toEqual(['tx', 'T<k>y'])
    expect((await outboxOf(stage)).map((line) => line.split(' ')[5])).toEqual(['f', 'g'])
  })
})
