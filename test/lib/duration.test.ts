import { expect, test } from 'vitest'
import { milliseconds } from '../../lib/duration.ts'

test.each([
  [0, 0],
  [1_500, 1_500],
  [1.4, 1],
  ['0s', 0],
  ['500ms', 500],
  ['30s', 30_000],
  ['1.5s', 1_500],
  ['2m', 120_000],
  ['12h', 43_200_000],
  ['7d', 604_800_000],
  [' 3 s ', 3_000],
])('%j is %d ms', (value, ms) => {
  expect(milliseconds(value, 'delay')).toBe(ms)
})

test.each([
  '30',
  's',
  '',
  '3 weeks',
  '1h30m',
  '-1s',
  '1e3ms',
  '1,5s',
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  null,
  true,
  {},
  5n,
])('%s is no duration', (value) => {
  expect(() => milliseconds(value, 'delay')).toThrow(/^`delay` must be milliseconds or a text such as '30s', got /)
})

test('what is out of its range is refused, with the range and what came', () => {
  expect(() => milliseconds('13h', 'visibility', 0, '12h')).toThrow("`visibility` must be between 0 and 12h, got '13h'")
  expect(() => milliseconds(59_999, 'idempotencyWindow', '1m')).toThrow('between 1m and 365d, got 59999')
  expect(milliseconds('12h', 'visibility', 0, '12h')).toBe(43_200_000)
})
