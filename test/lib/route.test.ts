// Routing, against partitions that are lists of what they know.
import { expect, test } from 'vitest'
import type { Backend } from '../../lib/backend.ts'
import type { Lane } from '../../lib/lane.ts'
import { Outdated } from '../../lib/redis/refusals.ts'
import { byMap, inAll, MOVED, routed } from '../../lib/route.ts'

const lane = (index: number) => ({ partition: { index } }) as Lane
const lanes = [lane(0), lane(1), lane(2)] as [Lane, Lane, Lane]

/** A backend that opens with one version after another. */
function backendOf(...versions: string[]): Backend {
  let at = 0
  const open = async () => ({ lanes, map: { version: versions[Math.min(at++, versions.length - 1)] } })
  return { open } as unknown as Backend
}

/** Ask `who`, then its home. */
const walk = (...numbers: number[]) => numbers.map((number) => lanes[number] as Lane)

test('items of one partition travel together and in order, and what has moved goes on together', async () => {
  const calls: string[] = []
  const walks: Record<string, Lane[]> = { a: walk(0, 1), b: walk(0, 2), c: walk(1), d: walk(0, 1), e: walk(0, 1) }
  const known = new Set(['d'])
  const outs = await routed(
    backendOf('1'),
    [...'abcde'],
    (_, item) => walks[item] as Lane[],
    async ({ partition }, items, { stay, version }) => {
      calls.push(`${partition.index}${stay ? ' stay' : ''} ${items.join('')} by ${version}`)
      return items.map((item) => (stay && !known.has(item) ? MOVED : `${item}${partition.index}`))
    },
  )
  expect(outs).toEqual(['a1', 'b2', 'c1', 'd0', 'e1'])
  expect(calls).toEqual(['0 stay abde by 1', '1 c by 1', '1 ae by 1', '2 b by 1'])
})

test('what an outdated map has not answered is routed anew', async () => {
  const calls: string[] = []
  const outs = await routed(
    backendOf('1', '2'),
    [...'abc'],
    ({ version }, item) => (version === '1' ? walk(item === 'a' ? 0 : 1) : walk(1, 2)),
    async ({ partition }, items, { stay, version }) => {
      calls.push(`${partition.index} ${items.join('')} by ${version}`)
      if (version === '1' && partition.index === 1) throw new Outdated()
      return items.map((item) => (stay && item === 'c' ? MOVED : `${item}${partition.index}`))
    },
  )
  expect(outs).toEqual(['a0', 'b1', 'c2'])
  expect(calls).toEqual(['0 a by 1', '1 bc by 1', '1 bc by 2', '2 c by 2'])
})

test('the error of a partition is that of its items alone', async () => {
  const error = new Error('away')
  const ask = async ({ partition }: Lane, items: string[]) => {
    if (partition.index === 0) throw error
    return items
  }
  const outs = await routed(backendOf('1'), [...'ab'], (_, item) => walk(item === 'a' ? 0 : 1), ask)
  expect(outs).toEqual([error, 'b'])
})

test('a map that never holds ends in its error', async () => {
  const outdated = async () => {
    throw new Outdated('again')
  }
  await expect(routed(backendOf('1'), ['a'], () => walk(0), outdated)).rejects.toThrow('again')
  await expect(byMap(backendOf('1'), outdated)).rejects.toThrow('again')
})

test('a task by the map is done again when the map has changed', async () => {
  const task = async (_: unknown, { version }: { version: string }) => {
    if (version === '1') throw new Outdated()
    return version
  }
  expect(await byMap(backendOf('1', '2'), task)).toBe('2')
})

test('what is done in all partitions is done in those that turn up meanwhile', async () => {
  let known: Lane[] = lanes.slice(0, 1)
  const backend = { open: async () => ({ lanes: known }) } as unknown as Backend
  const done = await inAll(backend, async ({ partition }) => {
    known = lanes
    return partition.index
  })
  expect(done).toEqual([0, 1, 2])
})
