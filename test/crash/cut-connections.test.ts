// Connections are cut and scripts forgotten again and again, while messages are sent and worked on. They are hidden for an
// hour: one that was taken and not handed out would be waited for in vain.
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { startCluster } from '../harness/cluster.ts'
import { startRedis } from '../harness/servers.ts'
import { type Scene, scene } from './scene.ts'
import { until } from './until.ts'
import { workersOf } from './workers.ts'

const ROUNDS = 30

/** Sends and works while the trouble comes round after round; then nothing is lost and nothing doubled. */
async function survives(stage: Scene, urls: string[], trouble: (direct: Redis) => Promise<unknown>): Promise<void> {
  await using workers = workersOf(stage)
  const { ledger } = workers
  const worker = await workers.start({ concurrency: 10 })
  const { queue } = await stage.another()
  const directs = urls.map((url) => new Redis(url))
  let running = true
  const sent: number[] = []
  const ids: (string | undefined)[] = []
  const produce = async (first: number) => {
    for (let n = first; running; n += 3) {
      const { id } = await queue.send({ n, ms: n % 5 })
      sent.push(n)
      ids.push(id)
      await sleep(2)
    }
  }
  const producers = Promise.all([0, 1, 2].map(produce))
  producers.catch(() => {})
  for (let round = 0; round < ROUNDS; round++) {
    const before = ledger.lines('completed').length
    for (const direct of directs) await trouble(direct)
    await until('they work', () => ledger.lines('completed').length > before)
  }
  running = false
  await producers
  for (const direct of directs) direct.disconnect()
  await stage.empty()
  ledger.expectOnce(sent)
  expect(new Set(ids).size).toBe(sent.length)
  expect(new Set(ledger.lines('started').map(({ id }) => id))).toEqual(new Set(ids))
  expect(ledger.lines('started')).toHaveLength(sent.length)
  expect(worker.lines).toEqual(['working'])
}

const killAll = (direct: Redis) => direct.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')

test('connections that are killed in a loop cost nothing but time', async () => {
  await using server = await startRedis()
  await using stage = await scene(server.url, { visibility: '1h' })
  await survives(stage, [server.url], async (direct) => {
    await killAll(direct)
    await direct.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
  })
})

test('scripts that Redis forgets in a loop are given to it again', async () => {
  await using server = await startRedis()
  await using stage = await scene(server.url, { visibility: '1h' })
  await survives(stage, [server.url], (direct) => direct.script('FLUSH'))
})

test('on a cluster, nothing is lost or doubled when the connections of its masters are cut', async () => {
  await using cluster = await startCluster()
  await using stage = await scene({ nodes: cluster.nodes }, { visibility: '1h', partitions: 3 })
  await survives(
    stage,
    cluster.servers.map(({ url }) => url),
    killAll,
  )
})

test('on a cluster, scripts that its masters forget are given to them again', async () => {
  await using cluster = await startCluster()
  await using stage = await scene({ nodes: cluster.nodes }, { visibility: '1h', partitions: 3 })
  await survives(
    stage,
    cluster.servers.map(({ url }) => url),
    (direct) => direct.script('FLUSH'),
  )
})
