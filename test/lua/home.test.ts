// What a queue is: its attributes at the home, in its partitions, and its name in the list.
import { describe, expect, test } from 'vitest'
import { receive, release, send, sendOnce } from './calls.ts'
import { useStage } from './partition.ts'
import { T } from './stage.ts'

const stage = useStage()

describe('configure', () => {
  const configure = (version: number, fields: string, now = T) => stage.call('configure', now, version, fields)

  test('makes a partition', async () => {
    await stage.redis.del(stage.keys.meta)
    expect(await configure(1, 'visibility 5 delay 0 maxReceives 1 resultTtl 9 idempotencyWindow 60000')).toEqual(['ok'])
    await send(stage, T, { id: 'a' })
    expect((await receive(stage, T)).visibility).toBe(5)
  })

  test('changes attributes, and keeps what is there', async () => {
    await send(stage, T, { id: 'a' })
    expect(await configure(2, 'visibility 7')).toEqual(['ok'])
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

  test('is refused by what a newer release has written', async () => {
    await stage.set('schema', 3)
    expect(await configure(2, 'visibility 7')).toEqual(['SchemaTooNew', '3', '1'])
  })
})

describe('declare', () => {
  const declare = (mode: string, fields: string, places = '0', fixed = '') =>
    stage.call('declare', T, mode, fields, places, fixed).then(([code, ...rest]) => {
      if (code !== 'ok') return [code, ...rest]
      const [flat] = rest as [string[]]
      return Object.fromEntries(Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]))
    })
  const anew = () => stage.redis.del(stage.keys.meta)

  test('makes a queue with its places', async () => {
    await anew()
    expect(await declare('open', 'visibility 5', '0,1ab')).toEqual({
      schema: '1',
      places: '0,1ab',
      version: '1',
      created: String(T),
      visibility: '5',
    })
  })

  test('keeps the places that the queue has', async () => {
    await anew()
    await declare('open', '', '0,1')
    expect(await declare('open', '', '0,1,2,3')).toMatchObject({ places: '0,1' })
  })

  test('writes what is unset', async () => {
    await anew()
    await declare('open', 'visibility 5')
    expect(await declare('open', 'visibility 5 delay 3')).toMatchObject({ visibility: '5', delay: '3', version: '2' })
  })

  test('does not count a version where nothing changes', async () => {
    await anew()
    await declare('open', 'visibility 5')
    expect(await declare('open', 'visibility 5')).toMatchObject({ version: '1' })
    expect(await declare('update', 'visibility 5 paused -')).toMatchObject({ version: '1' })
  })

  test('refuses what differs, and writes nothing then', async () => {
    await anew()
    await declare('open', 'visibility 5')
    expect(await declare('open', 'delay 1 visibility 6')).toEqual(['AttributesDiffer', 'visibility', '5', '6'])
    expect(await stage.meta('delay')).toBeNull()
  })

  test('refuses another number of partitions where one was asked for', async () => {
    await anew()
    await declare('open', '', '0,1,2', '1')
    expect(await declare('open', '', '0', '1')).toEqual(['AttributesDiffer', 'partitions', '3', '1'])
    expect(await declare('open', '', '0,1,2', '1')).toMatchObject({ places: '0,1,2' })
  })

  test('changes what differs when it is to update', async () => {
    await anew()
    await declare('open', 'visibility 5')
    expect(await declare('update', 'visibility 6')).toMatchObject({ visibility: '6', version: '2' })
    expect(await declare('update', 'visibility -')).not.toHaveProperty('visibility')
  })

  test('only reads when it is to look', async () => {
    await anew()
    expect(await declare('look', '')).toEqual(['QueueDoesNotExist'])
    await declare('open', 'visibility 5')
    const before = await stage.everything()
    expect(await declare('look', 'visibility 9')).toMatchObject({ visibility: '5' })
    expect(await stage.everything()).toEqual(before)
  })

  test('is refused by what a newer release has written', async () => {
    await stage.set('schema', 2)
    expect(await declare('look', '')).toEqual(['SchemaTooNew', '2', '1'])
  })
})

describe('register', () => {
  const register = (verb: string, name = '') => stage.call('register', T, verb, name)

  test('lists names', async () => {
    await stage.redis.del(stage.keys.meta)
    expect(await register('list')).toEqual(['ok', []])
    expect(await register('add', 'one')).toEqual(['ok', 1])
    expect(await register('add', 'one')).toEqual(['ok', 0])
    expect(await register('add', 'two')).toEqual(['ok', 1])
    expect(await register('remove', 'one')).toEqual(['ok', 1])
    expect(await register('remove', 'one')).toEqual(['ok', 0])
    expect(await register('list')).toEqual(['ok', ['two']])
  })
})

describe('remove', () => {
  test('leaves no key', async () => {
    await sendOnce(stage, T, { id: 'a', key: 'k' }, { id: 'b' }, { id: 'c' })
    await receive(stage, T, { wait: 1_000 })
    await receive(stage, T)
    await release(stage, T, { id: 'b', how: 'rejected' })
    expect(await stage.call('remove', T)).toEqual(['ok', 3])
    expect(await stage.redis.exists(...Object.values(stage.keys))).toBe(0)
  })

  test('of what is not there removes nothing', async () => {
    await stage.redis.del(...Object.values(stage.keys))
    expect(await stage.call('remove', T)).toEqual(['ok', 0])
  })
})
