// What a partition is told of its queue, and how it ends.
import { describe, expect, test } from 'vitest'
import { receive, release, send, sendOnce } from './calls.ts'
import { useStage } from './partition.ts'
import { T } from './stage.ts'

const stage = useStage()

describe('configure', () => {
  const told = (version: number, fields: string, now = T) => stage.call('configure', now, version, fields)
  const configure = async (version: number, fields: string, now = T) => (await told(version, fields, now)).slice(0, 2)
  const NEW = 'visibility 5 delay 0 maxReceives 1 resultTtl 9 idempotencyWindow 60000'

  test('says whether it made the partition', async () => {
    expect(await told(2, 'visibility 7')).toEqual(['ok', 0, 0, '0'])
    expect(await told(2, 'visibility 7')).toEqual(['ok', 0, 0, '0'])
    await stage.redis.del(stage.keys.meta)
    expect(await told(3, NEW)).toEqual(['ok', 0, 1, '0'])
  })

  test('raises sequence numbers, and never lowers them', async () => {
    expect(await told(2, 'sequenceFloor 70')).toEqual(['ok', 0, 0, '70'])
    expect(await told(2, 'sequenceFloor 90')).toEqual(['ok', 0, 0, '70'])
    expect(await told(3, 'sequenceFloor 50')).toEqual(['ok', 0, 0, '70'])
    await stage.redis.del(stage.keys.meta)
    expect(await told(4, `${NEW} sequenceFloor 60`)).toEqual(['ok', 0, 1, '60'])
  })

  test('clears what is left of a removed queue first, and of no other', async () => {
    await send(stage, T, { id: 'a' })
    await configure(7, 'visibility 7')
    expect(await told(8, `${NEW} after 6`)).toEqual(['ok', 0, 0, '0'])
    expect((await receive(stage, T)).ids).toEqual(['a'])
    expect(await told(9, `${NEW} after 8`)).toEqual(['ok', 0, 1, '0'])
    expect(await stage.state()).toEqual({})
    await send(stage, T, { id: 'b' })
    expect(await told(10, `${NEW} after 8`)).toEqual(['ok', 0, 0, '0'])
    expect((await receive(stage, T)).ids).toEqual(['b'])
  })

  test('makes a partition', async () => {
    await stage.redis.del(stage.keys.meta)
    expect(await configure(1, 'visibility 5 delay 0 maxReceives 1 resultTtl 9 idempotencyWindow 60000')).toEqual([
      'ok',
      0,
    ])
    await send(stage, T, { id: 'a' })
    expect((await receive(stage, T)).visibility).toBe(5)
  })

  test('changes attributes, and keeps what is there', async () => {
    await send(stage, T, { id: 'a' })
    expect(await configure(2, 'visibility 7')).toEqual(['ok', 0])
    expect((await receive(stage, T)).visibility).toBe(7)
    expect(await stage.meta('maxReceives')).toBe('5')
  })

  test('changes nothing by an older version, or by the same', async () => {
    await configure(5, 'visibility 7')
    await configure(4, 'visibility 4')
    await configure(5, 'visibility 5')
    expect(await stage.meta('visibility')).toBe('7')
  })

  test('removes an attribute', async () => {
    await configure(2, 'paused 1')
    expect(await stage.meta('paused')).toBe('1')
    await configure(3, 'paused -')
    expect(await stage.meta('paused')).toBeNull()
  })

  test('purges a partition where the queue has been purged since, once', async () => {
    await send(stage, T, { id: 'a' }, { id: 'b' })
    expect(await configure(2, 'visibility 7 purged 2')).toEqual(['ok', 2])
    await send(stage, T, { id: 'c' })
    expect(await configure(2, 'visibility 7 purged 2')).toEqual(['ok', 2])
    expect(await configure(3, 'visibility 8 purged 2')).toEqual(['ok', 2])
    expect((await receive(stage, T)).ids).toEqual(['c'])
    expect(await configure(4, 'purged 4')).toEqual(['ok', 1])
  })

  test('purges no new partition, and remembers which purge is past', async () => {
    await stage.redis.del(stage.keys.meta)
    expect(
      await configure(5, 'visibility 5 delay 0 maxReceives 1 resultTtl 9 idempotencyWindow 60000 purged 4'),
    ).toEqual(['ok', 0])
    await send(stage, T, { id: 'a' })
    expect(await configure(6, 'purged 4')).toEqual(['ok', 0])
    expect((await receive(stage, T)).ids).toEqual(['a'])
  })

  test('tells up to 1,000 who wait', async () => {
    const until = Array.from({ length: 1_003 }, (_, i) => [T + i, `nobody-${i}`]).flat()
    await stage.redis.zadd(stage.keys.waiters, ...until)
    await configure(2, 'visibility 7')
    expect(await stage.redis.zcard(stage.keys.waiters)).toBe(3)
  })

  test('is refused by what a newer release has written', async () => {
    await stage.set('schema', 3)
    expect(await told(2, 'visibility 7')).toEqual(['SchemaTooNew', '3', '2'])
  })
})

describe('remove', () => {
  test('leaves no key', async () => {
    await sendOnce(stage, T, { id: 'a', key: 'k' }, { id: 'b' }, { id: 'c' })
    await receive(stage, T, { wait: 1_000 })
    await receive(stage, T)
    await release(stage, T, { id: 'b', how: 'rejected' })
    expect(await stage.call('remove', T, 1)).toEqual(['ok', 3])
    expect(await stage.redis.exists(...Object.values(stage.keys))).toBe(0)
  })

  test('leaves what was made anew since', async () => {
    await send(stage, T, { id: 'a' })
    await stage.call('configure', T, 7, 'visibility 7')
    expect(await stage.call('remove', T, 6)).toEqual(['ok', 0])
    expect((await receive(stage, T)).ids).toEqual(['a'])
  })

  test('of what is not there removes nothing', async () => {
    await stage.redis.del(...Object.values(stage.keys))
    expect(await stage.call('remove', T, 1)).toEqual(['ok', 0])
  })
})
