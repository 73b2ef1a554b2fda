// Bytes of Redis memory by what a message is and where it stands: what the capacity page reckons with.
import type { Redis } from 'ioredis'
import type { Adapter, Server } from '../adapter.ts'
import { nextBody, nextKey } from '../body.ts'
import { fillKind, type Kind, type Opened, openKind } from '../grouped.ts'
import type { Duration, Figures } from '../measure.ts'
import { dataBytes, openControl } from '../redis-info.ts'

export interface FootprintSettings {
  messages: number
  /** Of the queues with groups. */
  groups: number
}

const bulk = 500

export async function footprint(
  _: Adapter,
  { messages, groups }: FootprintSettings,
  __: Duration,
  server: Server,
): Promise<Figures> {
  const redis = openControl(server)
  const each = async (
    kind: Kind,
    fill: (opened: Opened) => Promise<unknown>,
    then?: (opened: Opened) => Promise<void>,
  ) => {
    await redis.flushall('SYNC')
    const opened = await openKind(kind, server)
    await opened.queue.stats()
    const before = await dataBytes(redis)
    await fill(opened)
    const waiting = (await dataBytes(redis)) - before
    await then?.(opened)
    const after = (await dataBytes(redis)) - before
    await opened.close()
    return [waiting / messages, after / messages] as [number, number]
  }
  const filled = (kind: Kind) => (opened: Opened) => fillKind(opened, kind, messages, bulk, groups)
  const [plain, inFlight] = await each('plain', filled('plain'), (opened) => receiveAll(opened, messages))
  const [fair] = await each('fair', filled('fair'))
  const deduplication: number[] = []
  const [fifo] = await each('fifo', filled('fifo'), async () => {
    deduplication.push((await bytesOf(redis, '*:sent:*')) / messages)
  })
  const [keyed] = await each('plain', (opened) => sendKeyed(opened, messages))
  const [, done] = await each('plain', filled('plain'), (opened) => completeAll(opened, messages))
  const mark = (await bytesOf(redis, '*:recent:*')) / messages
  return {
    value: plain,
    'waiting, with an idempotency key': keyed,
    [`waiting, fair, ${groups} groups`]: fair,
    [`waiting, FIFO, ${groups} groups, its deduplication id included`]: fifo,
    'of that the deduplication id': deduplication[0] as number,
    'in flight': inFlight,
    'mark of an id': mark,
    'result of 2 bytes': done - mark,
  }
}

async function sendKeyed({ queue }: Opened, messages: number): Promise<void> {
  for (let sent = 0; sent < messages; sent += bulk) {
    await queue.sendMany(Array.from({ length: bulk }, () => ({ body: nextBody(), idempotencyKey: nextKey() })))
  }
}

async function receiveAll({ queue }: Opened, messages: number): Promise<void> {
  for (let received = 0; received < messages; ) received += (await queue.receive({ max: bulk })).length
}

async function completeAll({ queue }: Opened, messages: number): Promise<void> {
  for (let done = 0; done < messages; ) {
    const received = await queue.receive({ max: bulk })
    await Promise.all(received.map((message) => message.complete('ok' as never)))
    done += received.length
  }
}

async function bytesOf(redis: Redis, pattern: string): Promise<number> {
  const keys = await redis.keys(pattern)
  const sizes = await Promise.all(keys.map((key) => redis.memory('USAGE', key, 'SAMPLES', 0)))
  return sizes.reduce<number>((total, size) => total + (size ?? 0), 0)
}
