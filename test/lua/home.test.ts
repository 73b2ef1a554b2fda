// What a queue is: its attributes and tags at the home, and its name in the list.
import { beforeEach, describe, expect, test } from 'vitest'
import { useStage } from './partition.ts'
import { T } from './stage.ts'

const stage = useStage()
beforeEach(() => stage.redis.del(stage.keys.meta))

async function declare(known: number | string, fields = '', places = ''): Promise<unknown> {
  const [code, ...rest] = await stage.call('declare', T, known, fields, places)
  if (code !== 'ok') return [code, ...rest]
  const [flat] = rest as [string[]]
  return Object.fromEntries(Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]))
}

describe('declare', () => {
  test('makes a queue with its places', async () => {
    expect(await declare(0, 'visibility 5', '0,1ab')).toEqual({
      schema: '2',
      places: '0,1ab',
      version: `${T}`,
      created: `${T}`,
      visibility: '5',
    })
  })

  test('makes it above the versions that its name had', async () => {
    expect(await declare(T + 7, '', '0')).toMatchObject({ version: `${T + 8}` })
  })

  test('makes no queue that is there', async () => {
    await declare(0, 'visibility 5', '0,1')
    expect(await declare(0, 'visibility 6', '0')).toEqual(['Changed'])
    expect(await declare('')).toMatchObject({ places: '0,1', visibility: '5' })
  })

  test('changes what the caller has seen', async () => {
    await declare(0, 'visibility 5', '0')
    expect(await declare(T, 'visibility 6 delay 3')).toMatchObject({ visibility: '6', delay: '3', version: `${T + 1}` })
    expect(await declare(T + 1, 'visibility -')).not.toHaveProperty('visibility')
  })

  test('changes nothing for one who has seen something older', async () => {
    await declare(0, 'visibility 5', '0')
    await declare(T, 'visibility 6')
    const before = await stage.everything()
    expect(await declare(T, 'visibility 7')).toEqual(['Changed'])
    expect(await declare(T + 9, 'visibility 7')).toEqual(['Changed'])
    expect(await stage.everything()).toEqual(before)
  })

  test('changes no queue that is gone', async () => {
    expect(await declare(T, 'visibility 7')).toEqual(['Changed'])
    expect(await stage.redis.exists(stage.keys.meta)).toBe(0)
  })

  test('writes the version for a time', async () => {
    await declare(0, 'modified @', '0')
    expect(await declare(T, 'purged @')).toMatchObject({ modified: `${T}`, purged: `${T + 1}`, version: `${T + 1}` })
  })

  test('only looks', async () => {
    expect(await declare('')).toEqual(['QueueDoesNotExist'])
    await declare(0, 'visibility 5', '0')
    const before = await stage.everything()
    expect(await declare('', 'visibility 9')).toMatchObject({ visibility: '5' })
    expect(await stage.everything()).toEqual(before)
  })

  test('brings a home of the first schema to this one', async () => {
    await stage.redis.hset(stage.keys.meta, { schema: 1, version: 3, places: '0', created: 5 })
    expect(await declare('')).toMatchObject({ schema: '1', version: '3' })
    expect(await declare(3, 'visibility 5')).toMatchObject({ schema: '2', visibility: '5', created: '5' })
  })

  test('is refused by what a newer release has written', async () => {
    await stage.set('schema', 3)
    expect(await declare('')).toEqual(['SchemaTooNew', '3', '2'])
    expect(await declare(0, '', '0')).toEqual(['SchemaTooNew', '3', '2'])
  })
})

describe('tag', () => {
  const tag = (fields: string, most = 3) => stage.call('tag', T, fields, most)
  beforeEach(() => declare(0, '', '0'))

  test('writes tags, and removes them, without another version', async () => {
    expect(await tag('tag:a =1 tag:b =')).toEqual(['ok'])
    expect(await declare('')).toMatchObject({ 'tag:a': '=1', 'tag:b': '=', version: `${T}` })
    expect(await tag('tag:a - tag:x - tag:b =2')).toEqual(['ok'])
    expect(await declare('')).toMatchObject({ 'tag:b': '=2' })
    expect(await stage.meta('tag:a')).toBeNull()
  })

  test('refuses more than there may be, and writes none of them', async () => {
    await tag('tag:a =1 tag:b =2')
    expect(await tag('tag:c =3 tag:d =4')).toEqual(['TooManyTags'])
    expect(await stage.meta('tag:c')).toBeNull()
    expect(await tag('tag:a - tag:c =3 tag:d =4')).toEqual(['ok'])
    expect(await tag('tag:b =5')).toEqual(['ok'])
  })

  test('is refused where there is no queue, or none any more', async () => {
    await stage.set('removing', 1)
    expect(await tag('tag:a =1')).toEqual(['QueueDoesNotExist'])
    await stage.redis.del(stage.keys.meta)
    expect(await tag('tag:a =1')).toEqual(['QueueDoesNotExist'])
  })
})

describe('register', () => {
  const register = (verb: string, name = '', version: number | string = '', now = T) =>
    stage.call('register', now, verb, name, version)

  test('lists names', async () => {
    expect(await register('list')).toEqual(['ok', []])
    expect(await register('add', 'one', 5)).toEqual(['ok', 1])
    expect(await register('add', 'one', 5)).toEqual(['ok', 1])
    expect(await register('add', 'two', 6)).toEqual(['ok', 1])
    expect(await register('remove', 'one', 7)).toEqual(['ok', 1])
    expect(await register('remove', 'one', 7)).toEqual(['ok', 0])
    expect(await register('list')).toEqual(['ok', ['two']])
  })

  test('knows when a queue was removed', async () => {
    expect(await register('removed', 'one')).toEqual(['ok', '', '', `${T}`])
    await register('add', 'one', 5)
    expect(await register('removed', 'one')).toEqual(['ok', '', '', `${T}`])
    await register('remove', 'one', 7)
    expect(await register('removed', 'one', '', T + 3)).toEqual(['ok', `${T}`, '7', `${T + 3}`])
  })

  test('knows that the first release removed it, though not when', async () => {
    await stage.set('one', '-')
    expect(await register('removed', 'one')).toEqual(['ok', '0', '', `${T}`])
    expect(await register('add', 'one', 5)).toEqual(['ok', 1])
  })

  test('adds a name again for a newer queue, not for the one that was removed', async () => {
    await register('add', 'one', 5)
    await register('remove', 'one', 7)
    expect(await register('add', 'one', 7)).toEqual(['ok', 0])
    expect(await register('list')).toEqual(['ok', []])
    expect(await register('add', 'one', 8)).toEqual(['ok', 1])
    expect(await register('list')).toEqual(['ok', ['one']])
  })

  test('removes no newer queue', async () => {
    await register('add', 'one', 8)
    expect(await register('remove', 'one', 7)).toEqual(['ok', 0])
    expect(await register('remove', 'one')).toEqual(['ok', 1])
    expect(await register('removed', 'one')).toEqual(['ok', `${T}`, '8', `${T}`])
  })
})
