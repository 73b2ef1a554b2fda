// What each level of durability costs a sender: messages a second, on a server with a replica, and on one that fsyncs each write.
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type Durability } from 'boomerang-mq'
import type { Adapter, Server } from '../adapter.ts'
import { nextBody } from '../body.ts'
import type { Duration, Figures } from '../measure.ts'
import { type OwnServer, startServer } from '../redis-server.ts'

export interface DurableSettings {
  /** Calls in flight; the first is the row's own. */
  inFlight: number[]
}

const patience = 30_000 // ms

export async function durable(
  _: Adapter,
  { inFlight }: DurableSettings,
  duration: Duration,
  __: Server,
): Promise<Figures> {
  const [master, disk] = [
    await startServer(['--repl-diskless-sync-delay', '0']),
    await startServer(['--appendonly', 'yes', '--appendfsync', 'always']),
  ]
  const replica = await startServer(['--replicaof', '127.0.0.1', `${master.port}`])
  try {
    await inStep(master)
    const figures: Figures = { value: 0 }
    for (const calls of inFlight) {
      const rates: [name: string, server: OwnServer, level: Durability][] = [
        ['memory', master, 'memory'],
        ['{ replicas: 1 }', master, { replicas: 1 }],
        ['memory, the server with appendfsync always', disk, 'memory'],
        ['fsync, the server with appendfsync always', disk, 'fsync'],
      ]
      for (const [name, server, level] of rates)
        figures[`${calls} in flight: ${name}`] = await rate(server, level, calls, duration)
    }
    figures.value = figures[`${inFlight[0]} in flight: { replicas: 1 }`] as number
    return figures
  } finally {
    await Promise.all([replica, master, disk].map((server) => server.stop()))
  }
}

async function inStep({ control }: OwnServer): Promise<void> {
  for (const end = Date.now() + patience; Date.now() < end; await sleep(50))
    if ((await control.info('replication')).includes('state=online')) return
  throw new Error('the replica did not come up')
}

/** Messages a second. */
async function rate(
  server: OwnServer,
  durability: Durability,
  calls: number,
  { warmUp, seconds }: Duration,
): Promise<number> {
  const client = await connect(`redis://127.0.0.1:${server.port}`)
  const queue = client.queue('bench', { durability })
  const state = { running: true, sent: 0 }
  const senders = Array.from({ length: calls }, async () => {
    for (; state.running; state.sent += 1) await queue.send(nextBody())
  })
  await sleep(warmUp * 1000)
  const [sent, begun] = [state.sent, performance.now()]
  await sleep(seconds * 1000)
  const found = ((state.sent - sent) / (performance.now() - begun)) * 1000
  state.running = false
  await Promise.all(senders)
  await client.close()
  await server.control.flushall()
  return found
}
