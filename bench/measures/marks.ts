// Bytes of Redis memory that a processed mark takes, many being held. Beside the mark of its key a completed message
// leaves the mark of its id (for minutes) and the record of its key (for `resultTtl`), which are told apart.
import type { Redis } from 'ioredis'
import type { Adapter, Server } from '../adapter.ts'
import type { Duration, Figures } from '../measure.ts'
import { dataBytes, openControl } from '../redis-info.ts'
import { live } from './life.ts'

export interface MarksSettings {
  marks: number
  chunk: number
  concurrency: number
}

export async function marks(adapter: Adapter, settings: MarksSettings, _: Duration, server: Server): Promise<Figures> {
  const redis = openControl(server)
  const before = await dataBytes(redis)
  for (let made = 0; made < settings.marks; made += settings.chunk) {
    await live(adapter, { messages: settings.chunk, concurrency: settings.concurrency, keyed: true })
  }
  const each = async (pattern: string) => (await bytesOf(redis, pattern)) / settings.marks
  return {
    value: await each('*:processed:*'),
    'mark of an id': await each('*:recent:*'),
    'all that a completed message leaves, its record included': ((await dataBytes(redis)) - before) / settings.marks,
  }
}

async function bytesOf(redis: Redis, pattern: string): Promise<number> {
  const keys = await redis.keys(pattern)
  const sizes = await Promise.all(keys.map((key) => redis.memory('USAGE', key, 'SAMPLES', 0)))
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0)
}
