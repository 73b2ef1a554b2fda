// Partitions that grow and shrink, and slots that move, while messages are sent and worked on.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Where } from '../../lib/index.ts'
import { type RedisCluster, startCluster } from '../harness/cluster.ts'
import { moveSlot, slotOf } from '../harness/slots.ts'
import { redisUrl } from '../harness/stores.ts'
import { startBuilt } from './built.ts'
import { load } from './load.ts'
import { orderedLoad } from './ordered-load.ts'
import { fifoScene, type Scene, scene } from './scene.ts'

let cluster: RedisCluster
beforeAll(async () => {
  cluster = await startCluster(3, 1)
})
afterAll(() => cluster.stop())

const nodes = () => ({ nodes: cluster.nodes })
const places: { name: string; where: () => Where }[] = [
  { name: 'one Redis', where: redisUrl },
  { name: 'a cluster of 3 masters and 3 replicas', where: nodes },
]

const versions = async ({ client, queue }: Scene) => {
  const { redis } = client.shared.connection
  const lanes = queue.backend.opened?.lanes ?? []
  return Promise.all(lanes.map(({ partition }) => redis.hget(partition.keys[14] as string, 'version')))
}

describe.each(places)('on $name', ({ where }) => {
  test('a queue grows from 1 to 3 to 6 partitions and shrinks to 2 under load', async () => {
    await using on = await scene(where(), { partitions: 1, resultTtl: 0 })
    await using running = await load(on)
    await running.more(300)
    for (const count of [3, 6, 2]) {
      expect(await on.queue.repartition(count)).toMatchObject({ partitions: count })
      await running.more(600)
    }
    expect(await running.ended()).toEqual([])
    expect(running.errors).toEqual([])
    await on.empty()
    expect((await on.queue.attributes()).partitions).toBe(2)
  })

  test('a FIFO queue keeps the order of its groups while it grows and shrinks', async () => {
    await using on = await fifoScene(where(), { deduplicationScope: 'messageGroup' })
    await using running = await orderedLoad(on)
    await running.more(100)
    for (const count of [3, 6, 2]) {
      expect(await on.queue.repartition(count)).toMatchObject({ partitions: count })
      await running.more(300)
    }
    await running.ended()
    expect(running.errors).toEqual([])
    await on.empty()
  })

  test('others go on with what a process left that was killed between home and partitions', async () => {
    await using on = await scene(where(), { partitions: 1, resultTtl: 0 })
    await using running = await load(on)
    for (const count of [4, 2]) {
      await running.more(200)
      const setup = { where: where(), namespace: on.namespace, queue: on.queue.name, count }
      await using killed = await startBuilt('./repartition-process.ts', setup)
      await killed.line('the home is changed')
      killed.kill('SIGKILL')
      await killed.ended
      // By the old map, which holds in all partitions still.
      await running.more(200)
      const { queue } = await on.another()
      await queue.stats()
      expect((await queue.attributes()).partitions).toBe(count)
      await running.more(200)
      await on.queue.stats()
      expect(new Set(await versions(on)).size).toBe(1)
    }
    expect(await running.ended()).toEqual([])
    expect(running.errors).toEqual([])
    await on.empty()
  })
})

describe('slots move between masters', () => {
  test('with 100,000 messages waiting in one, under load', async () => {
    await using on = await scene(nodes(), { partitions: 3, resultTtl: 0 })
    const waiting = Array.from({ length: 100_000 }, (_, n) => ({ body: { n }, delay: '1h' }))
    const { lanes } = await on.queue.backend.open()
    const { partition } = lanes[0] as (typeof lanes)[number]
    const turnLane = on.queue.backend.turnLane
    on.queue.backend.turnLane = () => lanes[0] as (typeof lanes)[number]
    const outcomes = await on.queue.sendMany(waiting)
    on.queue.backend.turnLane = turnLane
    expect(outcomes.filter((outcome) => 'error' in outcome)).toEqual([])

    await using running = await load(on)
    await running.more(200)
    const slots = [partition.topic, `{${on.namespace}/${on.queue.name}}`].map(slotOf)
    for (const slot of [...slots, ...slots]) {
      // Half of the keys are on each master for a while, and no script can run.
      await moveSlot(cluster, slot, 3, () => sleep(500))
      await running.more(200)
    }
    expect(running.errors).toEqual([])
    expect((await on.queue.stats()).delayed).toBeGreaterThanOrEqual(100_000)
    expect(await running.ended()).toEqual([])
    expect(running.errors).toEqual([])
  })

  test('while ordered sends and workers go on, and every group keeps its order', async () => {
    await using on = await fifoScene(nodes(), { partitions: 3, deduplicationScope: 'messageGroup' })
    const { lanes } = await on.queue.backend.open()
    await using running = await orderedLoad(on)
    await running.more(100)
    const tags = [...lanes.map(({ partition }) => partition.topic), `{${on.namespace}/${on.queue.name}}`]
    for (const slot of tags.map(slotOf)) {
      await moveSlot(cluster, slot, 3, () => sleep(500))
      await running.more(200)
    }
    await running.ended()
    expect(running.errors).toEqual([])
    await on.empty()
  })
})
