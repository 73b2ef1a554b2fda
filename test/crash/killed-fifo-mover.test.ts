// A process that forwards dead letters of a FIFO queue, or moves them back, is killed: groups keep their order, keys their message.
import { expect, test, vi } from 'vitest'
import { connect, type Queue } from '../../lib/index.ts'
import { namespace, redisUrl } from '../harness/stores.ts'
import { faults } from '../lua/sound.ts'
import { startBuilt } from './built.ts'
import type { MoverSetup } from './mover-process.ts'
import { until } from './until.ts'

// Whole processes are started here, on whatever machine this is.
vi.setConfig({ testTimeout: 120_000 })

const GROUPS = ['a', 'b', 'c', 'd', 'e']
const EACH = 6
const all = Array.from({ length: EACH }, (_, n) => n)

const options = { partitions: 2, deduplicationScope: 'messageGroup', visibility: '1h' } as const

test.each([
  [2, 2],
  [8, 6],
  [9, 8],
  [10, 12],
])('before step %i of forwarding, and step %i of the move', async (forwarding, moving) => {
  const own = namespace()
  await using client = await connect(redisUrl(), { namespace: own })
  client.shared.outbox.lease = 50
  const dead = client.queue<number>('dead.fifo', options)
  await dead.stats()
  const source = client.queue<number>('source.fifo', {
    ...options,
    deadLetter: { queue: 'dead.fifo', maxReceives: 1 },
  })
  const send = (group: string, n: number, deduplicationId: string) =>
    source.send(n, { group, deduplicationId, idempotencyKey: `key ${n}` })
  await Promise.all(GROUPS.flatMap((group) => all.map((n) => send(group, n, `${group}-${n}`))))

  const kill = async (what: MoverSetup['what'], step: number) => {
    const setup: MoverSetup = { where: redisUrl(), namespace: own, what, fifo: true, step }
    const program = await startBuilt('./mover-process.ts', setup)
    expect(await program.ended).toMatchObject({ signal: 'SIGKILL' })
  }

  const { outbox } = client.shared
  const { forward } = outbox
  outbox.forward = async () => {} // what dies waits for the process
  for (let left = GROUPS.length * EACH; left > 0; ) {
    const batch = await source.receive({ max: 500, wait: '5s' })
    for (const message of batch) await message.reject('why')
    left -= batch.length
  }
  await kill('forward', forwarding)
  outbox.forward = forward
  const forwardAll = async (queue: Queue<number>) => {
    for (const { partition } of (await queue.backend.open()).lanes) await outbox.forward(partition)
  }
  await until('another has forwarded the rest', async () => {
    await forwardAll(source)
    return (await source.stats()).moving === 0
  })
  expect(await dead.stats()).toMatchObject({ ready: GROUPS.length * EACH, dead: 0 })

  await kill('move', moving)
  await using other = await connect(redisUrl(), { namespace: own })
  other.shared.errands.period = 50
  other.shared.outbox.lease = 50
  await other.queue('source.fifo').stats()
  await until('all are back', async () => (await source.stats()).ready === GROUPS.length * EACH)
  // What has arrived is forgotten where it came from one step later.
  await until('none is on its way', async () => (await dead.stats()).moving === 0)
  expect(await dead.stats()).toMatchObject({ ready: 0, inFlight: 0, dead: 0, moving: 0 })
  // The key has its message again.
  expect(await send('a', 0, 'another')).toMatchObject({ duplicate: true })
  expect((await source.stats()).ready).toBe(GROUPS.length * EACH)

  const came = new Map<string, number[]>(GROUPS.map((group) => [group, []]))
  for (let left = GROUPS.length * EACH; left > 0; ) {
    const batch = await source.receive({ max: 500, wait: '5s' })
    for (const { group, body } of batch) came.get(group as string)?.push(body)
    for (const message of batch) await message.complete()
    left -= batch.length
  }
  expect([...came.values()]).toEqual(GROUPS.map(() => all))
  for (const queue of [source, dead]) {
    for (const { partition } of (await queue.backend.open()).lanes)
      expect(await faults(client.shared.connection.redis, partition.tag)).toEqual([])
  }
})
