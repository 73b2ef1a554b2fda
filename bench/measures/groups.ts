// What a message's life costs Redis when the queue has few groups and when it has very many: the same number of messages
// stand in line, and as many groups take part in each batch; only the number of groups differs.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Adapter, Server } from '../adapter.ts'
import { read } from '../body.ts'
import { fillKind, handle, type Kind, openKind } from '../grouped.ts'
import type { Duration, Figures } from '../measure.ts'
import { dataBytes, openControl, processorTime } from '../redis-info.ts'

export interface GroupsSettings {
  kind: Kind
  groups: number[]
  /** Messages that stand in line all the time. */
  standing: number
  /** Messages whose lives are measured. */
  messages: number
  /** Messages, each of another group, that are sent, received and completed together. */
  batch: number
}

const bulk = 500

export async function groups(_: Adapter, settings: GroupsSettings, __: Duration, server: Server): Promise<Figures> {
  const redis = openControl(server)
  const found: { count: number; cost: number; bytes: number }[] = []
  for (const count of settings.groups) found.push({ count, ...(await lives(redis, server, settings, count)) })
  const [few, many] = [found[0], found.at(-1)] as [(typeof found)[0], (typeof found)[0]]
  const figures: Figures = { value: many.cost / few.cost }
  for (const { count, cost, bytes } of found) {
    figures[`µs, ${count.toLocaleString('en-US')} groups`] = cost
    figures[`bytes of a waiting message, ${count.toLocaleString('en-US')} groups`] = bytes
  }
  return figures
}

async function lives(
  redis: Redis,
  server: Server,
  { kind, standing, messages, batch }: GroupsSettings,
  count: number,
): Promise<{ cost: number; bytes: number }> {
  await redis.flushall('SYNC')
  const opened = await openKind(kind, server)
  await fillKind(opened, kind, bulk, bulk, count)
  const before = await dataBytes(redis)
  await fillKind(opened, kind, standing - bulk, bulk, count)
  const bytes = ((await dataBytes(redis)) - before) / (standing - bulk)
  await live(server, { kind, messages: messages / 4, batch, count })
  const from = await processorTime(redis)
  await live(server, { kind, messages, batch, count })
  const cost = ((await processorTime(redis)) - from) / messages
  await opened.close()
  return { cost, bytes }
}

/** As many are sent as are handled, so that what stands in line stays as long. */
async function live(
  server: Server,
  { kind, messages, batch, count }: { kind: Kind; messages: number; batch: number; count: number },
): Promise<void> {
  const opened = await openKind(kind, server)
  await fillKind(opened, kind, messages, batch, count)
  await opened.close()
  let handled = 0
  const worker = await handle(kind, server, { concurrency: batch, ahead: false }, (body) => {
    read(body)
    handled += 1
  })
  while (handled < messages) await sleep(1)
  await worker.stop()
}
