// Whoever forwards messages or runs a move task can die before any step: nothing is lost, nothing is doubled, another goes on.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Client, connect, type Message, type Queue } from '../../lib/index.ts'
import type { Mover } from '../../lib/mover.ts'
import { namespace, redisUrl } from '../harness/stores.ts'
import { faults } from '../lua/sound.ts'
import { startBuilt } from './built.ts'
import { dieBefore } from './dying.ts'
import type { MoverSetup } from './mover-process.ts'
import { until } from './until.ts'

// Whole processes are started here, on whatever machine this is.
vi.setConfig({ testTimeout: 120_000 })

/** ms after which another takes over. */
const SOON = 50
/** No run has as many steps. */
const ENOUGH = 200

let own: string
let client: Client
let clients: Client[]
let source: Queue<string>
let dead: Queue<string>

beforeEach(async () => {
  clients = []
  own = namespace()
  client = await another()
  dead = client.queue<string>('dead', { partitions: 2 })
  await dead.stats()
  source = client.queue<string>('source', {
    partitions: 2,
    visibility: '1h',
    deadLetter: { queue: 'dead', maxReceives: 1 },
  })
  await source.stats()
})

afterEach(async () => {
  for (const queue of [source, dead]) {
    const { lanes } = await queue.backend.open()
    for (const { partition } of lanes) expect(await faults(client.shared.connection.redis, partition.tag)).toEqual([])
  }
  for (const one of clients) await one.close()
})

/** A client that takes over soon, as another process would be. */
async function another(): Promise<Client> {
  const one = await connect(redisUrl(), { namespace: own })
  clients.push(one)
  one.shared.outbox.lease = SOON
  return one
}

/** Messages that have died and wait in the outbox; nobody forwards them yet. */
async function waitingDead(count: number): Promise<string[]> {
  const { outbox } = client.shared
  const { forward } = outbox
  outbox.forward = async () => {}
  const ids = await Promise.all(Array.from({ length: count }, (_, n) => source.send(`m${n}`)))
  for (let left = count; left > 0; ) {
    const batch = await source.receive({ max: left, wait: '5s' })
    await Promise.all(batch.map((message) => message.reject('why')))
    left -= batch.length
  }
  outbox.forward = forward
  return ids.map(({ id }) => id as string).sort()
}

const forwardAll = async (one: Client) => {
  const queue = one.queue<string>('source')
  const { lanes } = await queue.backend.open()
  await Promise.all(lanes.map(({ partition }) => one.shared.outbox.forward(partition)))
}

async function idsIn(queue: Queue<string>): Promise<string[]> {
  const found: Message<string>[] = []
  for (let batch = [true] as unknown[]; batch.length > 0; ) {
    const messages = await queue.receive({ max: 100 })
    for (const message of messages) await message.complete()
    found.push(...messages)
    batch = messages
  }
  return found.map(({ id }) => id).sort()
}

test('a client that forwards can die before any step', async () => {
  for (let step = 1; step < ENOUGH; step++) {
    const ids = await waitingDead(5)
    const doomed = await another()
    const dying = dieBefore(doomed, step)
    const done = forwardAll(doomed).then(() => true)
    const died = await Promise.race([dying.death.then(() => false), done])
    await until('another has forwarded the rest', async () => {
      await forwardAll(client)
      const { moving } = await source.stats()
      return moving === 0
    })
    expect([step, await dead.stats()]).toEqual([step, expect.objectContaining({ ready: 5, dead: 0 })])
    expect(await idsIn(dead)).toEqual(ids)
    await doomed.close()
    if (died) {
      expect(step).toBeGreaterThan(10)
      return
    }
  }
  throw new Error('it has no end')
})

test('a client that runs a move task can die before any step', async () => {
  let last: string | undefined
  for (let step = 1; step < ENOUGH; step++) {
    const ids = await waitingDead(5)
    await forwardAll(client)
    await until('all are dead', async () => (await dead.stats()).ready === 5)
    const doomed = await another()
    ;(doomed.moves as unknown as { mover: { tasks: { lease: number } } }).mover.tasks.lease = SOON
    const dying = dieBefore(doomed, step)
    const done = doomed.moves
      .start({ from: 'dead', limit: 4 })
      .then(() => until('the task has ended', async () => (await doomed.moves.list('dead'))[0]?.status === 'COMPLETED'))
    done.catch(() => {})
    const died = await Promise.race([dying.death.then(() => true), done.then(() => false)])
    // Where it died before the task was made, there is none.
    await until('another has ended the task', async () => {
      await (client.moves as unknown as { mover: Mover }).mover.look('dead')
      const [task] = await client.moves.list('dead')
      return !task || task.status === 'COMPLETED'
    })
    const [task] = await client.moves.list('dead')
    const moved = task && task.handle !== last ? 4 : 0
    last = task?.handle
    await until('all have arrived', async () => {
      await Promise.all(
        (await dead.backend.open()).lanes.map(({ partition }) => client.shared.outbox.forward(partition)),
      )
      return (await dead.stats()).moving === 0
    })
    const [back, stayed] = [await idsIn(source), await idsIn(dead)]
    expect([step, back.length]).toEqual([step, moved])
    expect([...back, ...stayed].sort()).toEqual(ids)
    if (moved > 0) expect(task).toMatchObject({ moved: 4, toMove: 4 })
    await doomed.close()
    if (!died) {
      expect(step).toBeGreaterThan(20)
      return
    }
  }
  throw new Error('it has no end')
})

test.each([2, 8, 9, 10])('a process that forwards is killed before its step %i', async (step) => {
  const ids = await waitingDead(50)
  const setup: MoverSetup = { where: redisUrl(), namespace: own, what: 'forward', step }
  const program = await startBuilt('./mover-process.ts', setup)
  expect(await program.ended).toMatchObject({ signal: 'SIGKILL' })
  await until('another has forwarded the rest', async () => {
    await forwardAll(client)
    return (await source.stats()).moving === 0
  })
  expect(await idsIn(dead)).toEqual(ids)
})

test.each([2, 4, 6, 8, 12, 16])('a process that runs a move task is killed before its step %i', async (step) => {
  const ids = await waitingDead(50)
  await forwardAll(client)
  await until('all are dead', async () => (await dead.stats()).ready === 50)
  const setup: MoverSetup = { where: redisUrl(), namespace: own, what: 'move', step }
  const program = await startBuilt('./mover-process.ts', setup)
  expect(await program.ended).toMatchObject({ signal: 'SIGKILL' })
  // Nobody asks for it: what a client looks for from time to time is enough.
  const other = await another()
  other.shared.errands.period = SOON
  await other.queue('source').stats()
  await until('another has ended the task', async () => (await client.moves.list('dead'))[0]?.status === 'COMPLETED')
  await until('all have arrived', async () => (await source.stats()).ready === 50)
  // What has arrived is forgotten where it came from one step later.
  await until('none is on its way', async () => (await dead.stats()).moving === 0)
  expect((await client.moves.list('dead'))[0]?.moved).toBe(50)
  expect(await idsIn(source)).toEqual(ids)
  expect(await dead.stats()).toMatchObject({ ready: 0, inFlight: 0, dead: 0, moving: 0 })
})
