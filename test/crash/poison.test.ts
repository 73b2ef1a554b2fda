// A message that ends the process of whoever works on it.
import { expect, test } from 'vitest'
import { redisUrl } from '../harness/stores.ts'
import type { Deed } from './ledger.ts'
import { scene } from './scene.ts'
import { until } from './until.ts'
import { workersOf } from './workers.ts'

const MAX_RECEIVES = 3
const COUNT = 300
const POISON = 20

test.each<[string, Deed]>([
  ['ends by process.exit', 'exit'],
  ['is killed', 'kill'],
])('a message whose worker %s each time becomes a dead letter, and its neighbours do not', async (_, deed) => {
  await using stage = await scene(redisUrl(), { visibility: '1h', deadLetter: { maxReceives: MAX_RECEIVES } })
  await using workers = workersOf(stage)
  const { ledger } = workers
  let dead = false
  const supervised = (async () => {
    while (!dead) {
      await (await workers.start({ concurrency: 5 })).ended
      await stage.expire()
    }
  })()
  supervised.catch(() => {})
  // Some before it, so that the worker has learnt that handlers are short and fetches ahead.
  await stage.queue.sendMany(
    Array.from({ length: COUNT }, (_, n) => ({
      body: n === POISON ? { n, deeds: Array<Deed>(MAX_RECEIVES).fill(deed) } : { n, ms: 5 },
    })),
  )
  await until('the poison is a dead letter and all else is done', async () => {
    const { ready, inFlight, dead } = await stage.queue.stats()
    return ready + inFlight === 0 && dead === 1
  })
  dead = true
  await workers.stop()
  await supervised

  const [letter] = (await stage.queue.deadLetters.list()).letters
  expect(letter?.body.n).toBe(POISON)
  expect(letter).toMatchObject({ deliveries: MAX_RECEIVES, attempts: MAX_RECEIVES })
  expect(ledger.lines('started').filter(({ n }) => n === POISON)).toHaveLength(MAX_RECEIVES)
  // What ran beside it, or was fetched ahead, may have been counted once more.
  const most = Math.max(...ledger.lines('finished').map(({ attempt }) => attempt))
  expect(most).toBeLessThanOrEqual(2)
  ledger.expectOnce(Array.from({ length: COUNT }, (_, n) => n).filter((n) => n !== POISON))
  expect(await stage.queue.deadLetters.remove()).toBe(1)
  await stage.empty()
})
