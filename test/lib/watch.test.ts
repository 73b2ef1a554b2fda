import { expect, test } from 'vitest'
import { Watch } from '../../lib/redis/watch.ts'

const HOUR = 3_600_000

test('what is foretold holds for the wait after one that was given up', async () => {
  const watch = new Watch(() => {})
  const given = new AbortController()
  const first = watch.wait(HOUR, given.signal)
  watch.foretell(performance.now() + HOUR / 2)
  watch.foretell(performance.now() + 5)
  given.abort(new Error('another was woken'))
  await expect(first).rejects.toThrow('another was woken')
  expect(await watch.wait(HOUR)).toBe(false)
})

test('what is foretold before a wait begins holds for it, and for no other', async () => {
  const watch = new Watch(() => {})
  watch.foretell(performance.now())
  expect(await watch.wait(HOUR)).toBe(false)
  const given = new AbortController()
  const next = watch.wait(HOUR, given.signal)
  const settled = next.then(
    () => 'settled',
    () => 'given up',
  )
  await new Promise((resolve) => setTimeout(resolve, 20))
  given.abort()
  expect(await settled).toBe('given up')
})

test('one that was woken from here can be woken by Redis, too; of both it tells the one that others must hear of', async () => {
  const told: unknown[] = []
  const watch = new Watch((unused) => told.push(unused))
  expect(watch.wake('here')).toBe(true)
  expect(watch.wake('here')).toBe(false)
  expect(watch.wake('redis')).toBe(true)
  expect(watch.wake('redis')).toBe(false)
  expect(watch.wake('here')).toBe(false)
  watch.end()
  watch.wake('here')
  watch.end()
  watch.wake('redis')
  expect(await watch.wait(HOUR)).toBe(true)
  watch.end()
  expect(told).toEqual(['redis', 'here', undefined])
})
