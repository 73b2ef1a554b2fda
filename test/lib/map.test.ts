// The map of partitions: how it changes, and where it sends what has a home.
import { describe, expect, test } from 'vitest'
import { clock } from '../../lib/id.ts'
import type { Lane } from '../../lib/lane.ts'
import { PartitionMap, planned } from '../../lib/map.ts'
import type { Declared, Places } from '../../lib/redis/home.ts'

const DAY = 86_400_000
const ATTRIBUTES = { retention: DAY, idempotencyWindow: DAY, resultTtl: 0 } as never
const fresh = (count: number) => Array.from({ length: count }, (_, i) => `${i}n`)
const places = (text: string, drained = '', dropped = ''): Places => {
  const list = (one: string) => (one ? one.split(',') : [])
  return { places: list(text), drained: list(drained), dropped: list(dropped), formers: [] }
}

describe('planned', () => {
  const change = (now: Places, count: number) => {
    const { places: active, drained, dropped } = planned(now, count, fresh(count))
    return [active.join(), drained.join(), dropped.join()]
  }

  test('adds places when it grows', () => {
    expect(change(places('0,1ab'), 4)).toEqual(['0,1ab,2n,3n', '', ''])
  })
  test('drains places when it shrinks', () => {
    expect(change(places('0,1ab,2,3', '', '4'), 1)).toEqual(['0', '1ab,2,3', '4'])
  })
  test('takes back places that were drained or dropped', () => {
    expect(change(places('0', '1ab', '2'), 4)).toEqual(['0,1ab,2,3n', '', ''])
    expect(change(places('0', '1,2ab,3'), 2)).toEqual(['0,1', '2ab,3', ''])
  })
  test('keeps each former number once, and not the one that ends now', () => {
    const now = {
      ...places('0,1,2'),
      formers: [
        { count: 3, at: 1 },
        { count: 5, at: 2 },
      ],
    }
    expect(planned(now, 4, fresh(4)).formers).toEqual([{ count: 5, at: 2 }])
  })
})

describe('candidates', () => {
  const map = (active: number, formers: [count: number, at: number][], drained: number[] = []) => {
    const numbers = [...Array(active).keys(), ...drained]
    const lanes = numbers.map((index) => ({ partition: { index } }) as Lane)
    const declared = {
      ...places([...Array(active).keys()].join()),
      formers: formers.map(([count, at]) => ({ count, at })),
      version: 7,
    } as unknown as Declared
    return new PartitionMap(lanes, declared, ATTRIBUTES)
  }
  const asked = (one: PartitionMap, hash: number) => one.candidates(hash).map(({ partition }) => partition.index)
  const now = clock.now()

  test('are the home alone where nothing has changed', () => {
    expect(asked(map(4, []), 7)).toEqual([3])
  })
  test('are the former homes, the oldest first, then the home', () => {
    expect(
      asked(
        map(6, [
          [1, now - 2],
          [4, now - 1],
        ]),
        11,
      ),
    ).toEqual([0, 3, 5])
  })
  test('name each partition once, and the home last', () => {
    expect(
      asked(
        map(6, [
          [3, now],
          [6, now],
          [2, now],
        ]),
        8,
      ),
    ).toEqual([0, 2])
    expect(
      asked(
        map(
          2,
          [
            [3, now],
            [6, now],
          ],
          [2, 3, 4, 5],
        ),
        8,
      ),
    ).toEqual([2, 0])
  })
  test('leave out those that are dropped', () => {
    expect(asked(map(2, [[3, now]]), 5)).toEqual([1])
  })
  test('leave out former homes once nothing of their time can be left', () => {
    const kept = DAY + 12 * 3_600_000 + 2 * DAY
    expect(asked(map(2, [[1, now - kept + 60_000]]), 1)).toEqual([0, 1])
    expect(asked(map(2, [[1, now - kept - 1]]), 1)).toEqual([1])
  })
})
