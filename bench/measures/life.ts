// What a job costs from send to completion, in batches: Redis CPU, commands, network reads, bytes allocated in Node.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Adapter, Server } from '../adapter.ts'
import { read } from '../body.ts'
import type { Duration, Figures } from '../measure.ts'
import { commands, info, openControl, processorTime } from '../redis-info.ts'
import { fill } from './fill.ts'
import { allocatedDuring } from './heap.ts'

export interface LifeSettings {
  messages: number
  concurrency: number
  keyed?: boolean
}

export async function life(adapter: Adapter, settings: LifeSettings, _: Duration, server: Server): Promise<Figures> {
  const redis = openControl(server)
  await live(adapter, { ...settings, messages: settings.messages / 4 })
  await redis.config('RESETSTAT')
  const before = await processorTime(redis)
  const allocated = await allocatedDuring(() => live(adapter, settings))
  const value = ((await processorTime(redis)) - before) / settings.messages
  const left = await adapter.left()
  if (left > 0) throw new Error(`${left} messages were not finished`)
  return { value, ...(await counts(redis, settings.messages)), 'bytes allocated': allocated / settings.messages }
}

/** Sends in bulk, handles, and ends when the last completion has reached Redis. */
export async function live(adapter: Adapter, { messages, concurrency, keyed = false }: LifeSettings): Promise<void> {
  await fill(adapter, messages, { keyed })
  let handled = 0
  const worker = await adapter.work({ concurrency }, (body) => {
    read(body)
    handled += 1
  })
  while (handled < messages) await sleep(5)
  await worker.stop()
}

async function counts(redis: Redis, messages: number) {
  const { total_reads_processed = 0, total_commands_processed = 0 } = await info(redis, 'stats')
  const scripts = (await commands(redis)).get('evalsha')
  return {
    'µs of it inside scripts': (scripts?.usec ?? 0) / messages,
    'script calls': (scripts?.calls ?? 0) / messages,
    'commands, those in scripts included': total_commands_processed / messages,
    'network reads': total_reads_processed / messages,
  }
}
