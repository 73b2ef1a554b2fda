// The least that a worker can be: a loop that calls the `work` script by hand, with the library's ids, marks and codec,
// and with the same guarantees (receipts compared, marks written, attempts numbered so that a lost reply can be
// repeated). No heartbeats, no events, no stopping well, no errors: the difference to the library's worker is what those
// cost. This file, unlike the rest of the benchmark, looks inside the library.
import { Redis } from 'ioredis'
import { Content } from '../dist/lib/content.js'
import { markOf } from '../dist/lib/id.js'
import type { Connection } from '../dist/lib/redis/connection.js'
import { keysOf } from '../dist/lib/redis/keys.js'
import { scripts } from '../dist/lib/redis/scripts.generated.js'
import type { RunningWorker, Server } from './adapter.ts'
import type { Body } from './body.ts'

/** While the handlers of one lane run, the other's call is on its way. */
const lanes = 2
const shortId = 20 // characters
const codec = new Content<Body>({ kind: 'server' } as Connection, undefined, false)

interface Delivered {
  id: string
  body: Body
}

interface State {
  running: boolean
}

export async function startBareLoop(
  server: Server,
  concurrency: number,
  handle: (body: Body) => void,
): Promise<RunningWorker> {
  const redis = new Redis(server.port, '127.0.0.1')
  await redis.script('LOAD', scripts.work.text)
  const keys = await partitionKeys(redis)
  const state = { running: true }
  const loops = Array.from({ length: lanes }, (_, lane) => loop(redis, keys, state, { concurrency, lane, handle }))
  return {
    async stop() {
      state.running = false
      await Promise.all(loops)
      redis.disconnect()
    },
  }
}

interface Lane {
  concurrency: number
  lane: number
  handle: (body: Body) => void
}

async function loop(redis: Redis, keys: string[], state: State, { concurrency, lane, handle }: Lane): Promise<void> {
  const handler = async (message: Delivered) => handle(message.body)
  let done: Delivered[] = []
  for (let attempt = 1; state.running || done.length > 0; attempt += 1) {
    const max = state.running ? concurrency : 0
    const reply = await redis.callBuffer(
      'EVALSHA',
      scripts.work.sha1,
      ...work(keys, done, max, `bare-${lane}`, attempt),
    )
    done = max > 0 ? delivered(reply as Buffer[]) : []
    await Promise.all(done.map(handler))
  }
}

/** The arguments of lua/work.lua. */
function work(keys: string[], done: Delivered[], max: number, client: string, attempt: number): string[] {
  const [anyVersion, noSends, noPayloads] = ['', '', '']
  const deliveries = '' // all are first deliveries
  const [noKeys, noIndexes, noSizes, noResults] = ['', '', '', '']
  const [returning, queueVisibility, wait, inbox, again] = ['0', '', '0', '', '']
  let ids = ''
  let marks = ''
  for (const { id } of done) {
    ids += id
    marks += markOf(id)
  }
  const settled = [ids, deliveries, marks, noKeys, noIndexes, noSizes, noResults]
  return [
    `${keys.length}`,
    ...keys,
    '0',
    anyVersion,
    ...settled,
    `${max}`,
    returning,
    queueVisibility,
    wait,
    inbox,
    client,
    `${attempt}`,
    again,
    noSends,
    noPayloads,
  ]
}

function delivered(reply: Buffer[]): Delivered[] {
  const [, , ids, histories] = reply.map((part) => (Buffer.isBuffer(part) ? part.toString('latin1') : ''))
  if (histories !== '') throw new Error('the bare loop knows first deliveries only')
  const records = reply[5] as unknown as Buffer[]
  return records.map((record, index) => ({
    id: `${ids}`.slice(index * shortId, (index + 1) * shortId),
    body: codec.body(record) as Body,
  }))
}

async function partitionKeys(redis: Redis): Promise<string[]> {
  const [inside] = await redis.keys('boomerang:{default/bench:*}:meta')
  const tag = inside?.slice(inside.indexOf('{') + 1, inside.indexOf('}'))
  if (!tag) throw new Error('the queue has no partition yet')
  return keysOf(tag)
}
