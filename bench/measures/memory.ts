// Bytes of Redis memory that a waiting message takes.
import type { Adapter, Server } from '../adapter.ts'
import type { Duration, Figures } from '../measure.ts'
import { dataBytes, openControl } from '../redis-info.ts'
import { fill } from './fill.ts'

export interface MemorySettings {
  messages: number
}

export async function memory(
  adapter: Adapter,
  settings: MemorySettings,
  _: Duration,
  server: Server,
): Promise<Figures> {
  const redis = openControl(server)
  await fill(adapter, 1000)
  const before = await dataBytes(redis)
  await fill(adapter, settings.messages)
  return { value: ((await dataBytes(redis)) - before) / settings.messages }
}
