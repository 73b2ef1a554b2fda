// Messages that leave a partition for another queue: into the outbox, given a place, removed when they have arrived.
import { describe, expect, test } from 'vitest'
import { complete, receive, release, result, send, sendOnce } from './calls.ts'
import { useStage } from './partition.ts'
import { type Stage, T } from './stage.ts'
import { addressed, arrived, dead, forward, numberOf, outbox, outboxOf } from './transit-calls.ts'

const stage = useStage({ deadLetterQueue: 'dead', maxReceives: 1 })

/** Messages that have died one after another, a ms apart. */
async function died(...names: string[]): Promise<void> {
  for (const [i, name] of names.entries()) {
    await send(stage, T + i, { id: name })
    await receive(stage, T + i)
    await release(stage, T + i, { id: name, how: 'rejected', reason: 'why' })
  }
}

const number = (ms: number, more = 0) => String(ms * 1000 + more).padStart(16, '0')
const entryOf = (name: string, at: number) =>
  `q dead ${number(at)} ${number(at)} d ${name} 0 1 ${at} 0 - ${dead('queue', 'rejected why', { at }).length} - -`

/** Numbers of what the outbox has, each with its place where it has one. */
async function entries(of: Stage = stage): Promise<string[]> {
  return (await outboxOf(of)).map((line) => {
    const [kind, queue, place] = line.split(' ')
    return kind === 'a' ? `${queue}:${Number(place)}` : (queue as string)
  })
}

describe('a message that dies where there is a dead-letter queue', () => {
  test('goes into the outbox with its origin, and is no message of the partition any more', async () => {
    await died('a', 'b')
    expect(await outboxOf(stage)).toEqual([entryOf('a', T), entryOf('b', T + 1)])
    expect(await stage.hash('letters')).toEqual({
      [`>${number(T)}`]: dead('queue', 'rejected why', { at: T }),
      [`>${number(T + 1)}`]: dead('queue', 'rejected why', { at: T + 1 }),
    })
    expect(await stage.zset('ready')).toEqual({})
    expect(await stage.hash('messages')).toEqual({})
    expect(await stage.meta('outboxAt')).toBe(String(T))
  })

  test('by a receive tells the receiver that somebody should forward it', async () => {
    await send(stage, T, { id: 'a' })
    await receive(stage, T)
    await release(stage, T, { id: 'a' })
    const [code, , , numbers] = await stage.call('receive', T, 1, 1, '', 0, 'inbox', 'client', 1, '')
    expect([code, (numbers as string).split(' ')[6]]).toEqual(['ok', '1'])
    expect((await outboxOf(stage))[0]).toContain(' d a 0 1 ')
  })

  test('by a release tells the releaser', async () => {
    await send(stage, T, { id: 'a' }, { id: 'b' })
    await receive(stage, T, { max: 2 })
    expect(await release(stage, T, { id: 'a', how: 'rejected' })).toEqual(['ok', 'd', 1])
    expect(await release(stage, T, { id: 'b' })).toEqual(['ok', 'b'])
  })

  test('is dead to a repeat of the release, to a stale receipt, to a send of its id, and to who awaits it', async () => {
    await died('a')
    expect((await release(stage, T + 1, { id: 'a', how: 'rejected', reason: 'why' }))[1]).toBe('d')
    expect((await release(stage, T + 1, { id: 'a', delivery: 2, how: 'rejected' }))[1]).toBe('l')
    expect(await complete(stage, T + 1, { id: 'a' })).toBe('l')
    expect(await sendOnce(stage, T + 1, { id: 'a', repeated: true })).toEqual(['s', 'a', ''])
    expect(await result(stage, T + 1, { id: 'a' })).toEqual(['dead', 'rejected why', 'a'])
  })

  test('frees its key, whose digest goes along', async () => {
    await sendOnce(stage, T, { id: 'a', key: 'k' })
    await receive(stage, T)
    await release(stage, T, { id: 'a', how: 'rejected', reason: 'why' })
    expect(await sendOnce(stage, T, { id: 'b', key: 'k', body: 'other' })).toEqual(['n'])
    expect((await outboxOf(stage))[0]).toMatch(/ d a 0 1 \d+ 0 \S{12} \d+ <k> -$/)
  })

  test('numbers rise with the clock, and never repeat', async () => {
    await send(stage, T, { id: 'a' }, { id: 'b' })
    await receive(stage, T, { max: 2 })
    await release(stage, T, { id: 'a', how: 'rejected' }, { id: 'b', how: 'rejected' })
    expect((await outboxOf(stage)).map(numberOf)).toEqual([number(T), number(T, 1)])
  })
})

describe('whoever is in charge of the outbox', () => {
  test('is told for which queues there is something', async () => {
    await died('a', 'b')
    await stage.call('configure', T, 2, 'deadLetterQueue dead.fifo')
    await died('c')
    expect(await outbox(stage, T + 5)).toEqual(['dead', 'dead.fifo'])
    await addressed(stage, T + 5, 'dead')
    expect((await outbox(stage, T + 5)) as string[]).toEqual(['dead', 'dead.fifo'])
  })

  test('is told so page by page', async () => {
    await send(stage, T, { id: 'a' })
    await receive(stage, T)
    const sends = Array.from({ length: 150 }, (_, i) => ({ to: `q${1_000 + i}`, id: `f${i}`, body: 'x' }))
    await complete(stage, T, { id: 'a', sends })
    const page = (cursor: string) => stage.call('outbox', T, 'client', 1_000, cursor)
    const [, first, cursor] = await page('')
    const [, second, end] = await page(cursor as string)
    expect([...(first as string[]), ...(second as string[])]).toEqual(sends.map(({ to }) => to))
    expect(end).toBe('')
    expect(await page('q q1149')).toEqual(['ok', [], ''])
    expect(await stage.meta('outboxBy')).toBe('client')
  })

  test('is the only one until the lease has passed', async () => {
    await died('a')
    await outbox(stage, T + 1, 'one', 1_000)
    expect(await outbox(stage, T + 1_000, 'two')).toEqual([])
    expect((await forward(stage, T + 1_000, 'dead', { client: 'two' })).what).toBe('lost')
    expect(await outbox(stage, T + 1_002, 'two')).toEqual(['dead'])
    expect((await forward(stage, T + 1_003, 'dead', { client: 'one' })).what).toBe('lost')
    expect(await arrived(stage, T + 1_003, 'dead', number(T + 9), { client: 'one' })).toBe('lost')
  })

  test('is so no longer when the outbox is empty', async () => {
    await died('a')
    await outbox(stage, T)
    const { entries: list } = await addressed(stage, T, 'dead')
    await arrived(stage, T, 'dead', numberOf(list[0]?.line as string))
    expect(await outbox(stage, T)).toEqual([])
    expect([await stage.meta('outboxAt'), await stage.meta('outboxBy')]).toEqual([null, null])
  })
})

describe('forward', () => {
  test('answers entries without a place, then, once they have one, with their records', async () => {
    await died('a', 'b')
    await outbox(stage, T)
    const open = await forward(stage, T + 5, 'dead')
    expect([open.what, open.entries.map(({ record }) => record)]).toEqual(['open', ['', '']])
    const places = open.entries.flatMap(({ line }, i) => [numberOf(line), i])
    const { what, entries: found } = await forward(stage, T + 5, 'dead', { places })
    expect(what).toBe('addressed')
    expect(found.map(({ line }) => stage.shown(line).split(' ').slice(0, 4))).toEqual([
      ['a', 'dead', '0000', number(T + 5)],
      ['a', 'dead', '0001', number(T + 5)],
    ])
    expect(found.map(({ record }) => record)).toEqual([0, 1].map((i) => dead('queue', 'rejected why', { at: T + i })))
  })

  test('gives an entry one place only, and numbers those of a place in their order', async () => {
    await died('a', 'b', 'c')
    await outbox(stage, T)
    const open = await forward(stage, T + 5, 'dead')
    const places = open.entries.flatMap(({ line }) => [numberOf(line), 3])
    await forward(stage, T + 5, 'dead', { places: places.slice(0, 2) })
    const { entries: found } = await forward(stage, T + 5, 'dead', { places })
    expect(found.map(({ line }) => [numberOf(line), stage.shown(line).split(' ')[6]])).toEqual([
      [number(T + 5), 'a'],
      [number(T + 5, 1), 'b'],
      [number(T + 5, 2), 'c'],
    ])
  })

  test('passes over places as it is told', async () => {
    await died('a', 'b')
    await outbox(stage, T)
    const open = await forward(stage, T, 'dead')
    await forward(stage, T, 'dead', { places: open.entries.flatMap(({ line }, i) => [numberOf(line), i]) })
    expect((await forward(stage, T, 'dead', { from: 1 })).entries.map(({ line }) => line.split(' ')[2])).toEqual([
      '0001',
    ])
    expect(await forward(stage, T, 'dead', { from: 2 })).toEqual({ what: 'open', entries: [] })
  })

  test('has nothing for another queue whose name begins the same', async () => {
    await died('a')
    await outbox(stage, T)
    expect((await forward(stage, T, 'dea')).entries).toEqual([])
    expect((await forward(stage, T, 'dead.fifo')).entries).toEqual([])
  })
})

describe('arrived', () => {
  test('removes what has a number up to the one that is named, at that place', async () => {
    await died('a', 'b', 'c')
    await outbox(stage, T)
    const open = await forward(stage, T, 'dead')
    const places = open.entries.flatMap(({ line }, i) => [numberOf(line), i === 2 ? 1 : 0])
    const { entries: list } = await forward(stage, T, 'dead', { places })
    expect(await arrived(stage, T, 'dead', numberOf(list[0]?.line as string))).toBe('removed')
    expect(await entries()).toEqual(['dead:0', 'dead:1'])
    await arrived(stage, T, 'dead', numberOf(list[1]?.line as string))
    expect(await entries()).toEqual(['dead:1'])
    await arrived(stage, T, 'dead', numberOf(list[1]?.line as string))
    expect(await entries()).toEqual(['dead:1'])
  })

  test('gives another place to what belongs elsewhere now, with a new number there', async () => {
    await died('a', 'b')
    await outbox(stage, T)
    const { entries: list } = await addressed(stage, T, 'dead')
    const second = numberOf(list[1]?.line as string)
    await arrived(stage, T + 9, 'dead', numberOf(list[0]?.line as string), { places: [second, 7] })
    expect(await entries()).toEqual(['dead:7'])
    const { entries: moved } = await forward(stage, T + 9, 'dead')
    expect(numberOf(moved[0]?.line as string)).toBe(number(T + 9))
    expect(moved[0]?.record).toBe(dead('queue', 'rejected why', { at: T + 1 }))
  })
})
