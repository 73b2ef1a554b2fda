// How fast messages of noisy tenants start: by a clock of its own.
import { beforeEach, describe, expect, test } from 'vitest'
import { Pace } from '../../workers/pace.ts'

let now = 0
let pace: Pace
const ended = (count: number, took: (index: number) => number) => {
  for (let index = 0; index < count; index++) pace.ended(took(index))
}

beforeEach(() => {
  now = 10_000
  pace = new Pace(10, () => now)
})

describe('any number starts', () => {
  test('while no handler has ended', () => expect(pace.room()).toBeUndefined())

  test('where handlers are short', () => {
    ended(100, () => 4)
    expect(pace.room()).toBeUndefined()
  })

  test('where their times differ, for then places come free one by one', () => {
    ended(200, (index) => (index % 2) * 100)
    expect(pace.room()).toBeUndefined()
  })
})

describe('where handlers take 100 ms at concurrency 10', () => {
  beforeEach(() => ended(100, () => 100))

  test('ten free places are filled over 100 ms, not at once', () => {
    const starts: number[] = []
    for (const end = now + 100; now < end; now += 1) {
      const room = pace.room() as number
      for (let i = 0; i < room; i++) starts.push(now)
      pace.started(room)
    }
    expect(starts.length).toBeGreaterThanOrEqual(10)
    expect(starts.length).toBeLessThanOrEqual(12)
    const gaps = starts.slice(2).map((at, i) => at - (starts[i + 1] as number))
    expect(Math.max(...gaps)).toBeLessThanOrEqual(10)
  })

  test('what was not used for long is lost', () => {
    now += 60_000
    expect(pace.room()).toBe(2)
  })

  test('it says when the next may start', () => {
    pace.started(2)
    expect(pace.room()).toBe(0)
    now += pace.wait
    expect(pace.room()).toBe(1)
  })

  test('quiet tenants start at once, and noisy ones make up for it', () => {
    pace.started(7)
    expect(pace.wait).toBeGreaterThan(50)
    expect(pace.wait).toBeLessThan(70)
  })
})
