// What waits for Redis while it is away is bounded.
import { expect, test } from 'vitest'
import { startRedis } from '../harness/servers.ts'
import { scene } from './scene.ts'
import { until } from './until.ts'

const CAP = 100_000
const PART = 'x'.repeat(1_000)
const durable = { config: { appendonly: 'yes', appendfsync: 'always' } }

interface Outcome {
  id?: string
  code?: string
}

test.each<[string, NodeJS.Signals]>([
  ['killed', 'SIGKILL'],
  ['stopped', 'SIGSTOP'],
])('sends past the cap are refused while Redis is %s, the others arrive', async (_, away) => {
  await using server = await startRedis(durable)
  await using stage = await scene(server.url)
  const { queue } = await stage.another({ maxPending: CAP, timeout: '1m' })
  await queue.send({ n: -1 })
  await server.kill(away)
  let n = 0
  const calls: Promise<Outcome>[] = []
  let refusals = 0
  const note = (error: { code: string }) => {
    if (error.code === 'Overloaded') refusals++
    return { code: error.code }
  }
  const send = () => calls.push(queue.send({ n: n++, part: PART } as never).catch(note))
  await until('a send is refused', () => {
    send()
    return refusals > 0
  })
  for (let i = 0; i < 200; i++) send()
  const bulk = await Promise.all(
    Array.from({ length: 10 }, () => queue.sendMany([{ body: { n: n++, part: PART } as never }])),
  )
  expect(bulk.flat()).toEqual(bulk.flat().map(() => ({ error: expect.objectContaining({ code: 'Overloaded' }) })))

  if (away === 'SIGSTOP') await server.kill('SIGCONT')
  else await server.restart()
  const outcomes = await Promise.all(calls)
  const accepted = outcomes.filter(({ id }) => id !== undefined)
  const refused = outcomes.filter(({ code }) => code === 'Overloaded')
  expect(accepted.length + refused.length).toBe(outcomes.length)
  expect(refused.length).toBeGreaterThanOrEqual(200)
  expect(new Set(accepted.map(({ id }) => id)).size).toBe(accepted.length)
  expect(await stage.queue.stats()).toMatchObject({ ready: accepted.length + 1 })
  await queue.send({ n })
  expect(await stage.queue.purge()).toBe(accepted.length + 2)
  await stage.empty()
})

test('bulk sends count as well', async () => {
  await using server = await startRedis(durable)
  await using stage = await scene(server.url)
  const { client, queue } = await stage.another({ maxPending: CAP, timeout: '1m' })
  await queue.send({ n: -1 })
  await server.kill('SIGKILL')
  await until('the client knows', () => !client.shared.connection.ready)
  const part = { body: { n: 0, part: 'x'.repeat(CAP / 4) } as never }
  const calls = Array.from({ length: 10 }, () => queue.sendMany([part]))
  await server.restart()
  const outcomes = (await Promise.all(calls)).flat()
  const accepted = outcomes.filter((outcome) => !('error' in outcome))
  expect(accepted).toHaveLength(3)
  expect(await stage.queue.stats()).toMatchObject({ ready: 4 })
  await stage.queue.purge()
  await stage.empty()
})
