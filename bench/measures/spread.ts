// How evenly one queue's Redis CPU is spread over the masters of a cluster, and what a message's life costs all of them
// together against one partition on one server, in batches of the same size.
import { type Client, connect, type Queue } from 'boomerang-mq'
import type { Adapter, Server } from '../adapter.ts'
import { type Body, nextBodies, read } from '../body.ts'
import { mean, median } from '../figures.ts'
import type { Duration, Figures } from '../measure.ts'
import { startCluster } from '../redis-cluster.ts'
import { commands, processorTime } from '../redis-info.ts'
import { type OwnServer, startServer } from '../redis-server.ts'

export interface SpreadSettings {
  masters: number
  partitions: number[]
  /** Messages whose lives are measured, for each number of partitions, in each turn. */
  messages: number
  batch: number
  turns: number
}

/** µs of each master for a message's life, and script calls of all. */
interface Life {
  each: number[]
  calls: number
}

export async function spread(_: Adapter, settings: SpreadSettings, __: Duration, ___: Server): Promise<Figures> {
  const single = await startServer()
  const cluster = await startCluster(settings.masters)
  const nodes = cluster.masters.map(({ port }) => ({ host: '127.0.0.1', port }))
  const [alone, spreading] = [await connect(`redis://127.0.0.1:${single.port}`), await connect({ nodes })]
  const found = new Map<number, Life[]>(settings.partitions.map((count) => [count, []]))
  const singles: Life[] = []
  try {
    for (let turn = -1; turn < settings.turns; turn += 1) {
      const one = await life(alone, 1, settings, [single])
      if (turn >= 0) singles.push(one) // the first turn warms up
      for (const partitions of settings.partitions) {
        const spread = await life(spreading, partitions, settings, cluster.masters)
        if (turn >= 0) found.get(partitions)?.push(spread)
      }
    }
  } finally {
    await Promise.all([alone.close(), spreading.close()])
    await Promise.all([single.stop(), cluster.stop()])
  }
  return figuresOf(found, singles)
}

function figuresOf(found: Map<number, Life[]>, singles: Life[]): Figures {
  const most = [...found.values()].at(-1) as Life[]
  const figures: Figures = {
    value: median(most.map(busiest)),
    'cost against one partition on one server': median(
      most.map((life, turn) => sum(life.each) / sum((singles[turn] as Life).each)),
    ),
    'µs, one partition on one server': median(singles.map(({ each }) => sum(each))),
    'script calls, one partition on one server': median(singles.map(({ calls }) => calls)),
  }
  for (const [count, lives] of found) {
    const name = (what: string) => `${what}, ${count} partitions`
    figures[name('busiest against the mean')] = median(lives.map(busiest))
    for (const index of (lives[0] as Life).each.keys()) {
      figures[name(`% on master ${index + 1}`)] = median(
        lives.map(({ each }) => ((each[index] as number) / sum(each)) * 100),
      )
    }
    figures[name('µs of all masters')] = median(lives.map(({ each }) => sum(each)))
    figures[name('script calls')] = median(lives.map(({ calls }) => calls))
  }
  return figures
}

const busiest = ({ each }: Life) => Math.max(...each) / mean(each)
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)

/** Send in bulk, receive and complete, `batch` at a time. */
async function life(
  client: Client,
  partitions: number,
  { messages, batch }: SpreadSettings,
  servers: OwnServer[],
): Promise<Life> {
  const queue = client.queue<Body>(`bench-${partitions}`, { partitions })
  await queue.stats()
  const times = () => Promise.all(servers.map(({ control }) => processorTime(control)))
  for (const { control } of servers) await control.config('RESETSTAT')
  const before = await times()
  await send(queue, messages, batch)
  await work(queue, messages, batch)
  const after = await times()
  const calls = await Promise.all(
    servers.map(async ({ control }) => (await commands(control)).get('evalsha')?.calls ?? 0),
  )
  return {
    each: after.map((time, index) => (time - (before[index] as number)) / messages),
    calls: sum(calls) / messages,
  }
}

// One call at a time: what is in flight at the same time would share batches where there is one partition, and not with many.
async function send(queue: Queue<Body>, messages: number, batch: number): Promise<void> {
  for (let sent = 0; sent < messages; sent += batch) await queue.sendMany(nextBodies(batch).map((body) => ({ body })))
}

async function work(queue: Queue<Body>, messages: number, batch: number): Promise<void> {
  for (let done = 0; done < messages; ) {
    const received = await queue.receive({ max: batch })
    for (const { body } of received) read(body)
    await Promise.all(received.map((message) => message.complete()))
    done += received.length
  }
}
