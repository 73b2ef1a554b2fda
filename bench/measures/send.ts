// Messages sent a second, by one process, so many calls in flight.
import type { Adapter, Server } from '../adapter.ts'
import { nextBodies, nextBody, nextKey } from '../body.ts'
import type { Duration, Figures } from '../measure.ts'
import { pace } from './pace.ts'

export interface SendSettings {
  inFlight: number
  /** Messages in one call; 1 is a call of its own for each message. */
  bulk?: number
  keyed?: boolean
}

export async function send(
  adapter: Adapter,
  settings: SendSettings,
  duration: Duration,
  server: Server,
): Promise<Figures> {
  const call = caller(adapter, settings)
  const state = { running: true, sent: 0 }
  const lanes = Array.from({ length: settings.inFlight }, async () => {
    while (state.running) {
      const sent = await call()
      state.sent += sent
    }
  })
  const figures = await pace(() => state.sent, server, duration)
  state.running = false
  await Promise.all(lanes)
  return figures
}

function caller(adapter: Adapter, { bulk = 1, keyed = false }: SendSettings): () => Promise<number> {
  if (bulk > 1) return () => sent(bulk, adapter.sendMany?.(nextBodies(bulk)))
  if (keyed) return () => sent(1, adapter.sendWithKey?.(nextBody(), nextKey()))
  return () => sent(1, adapter.send(nextBody()))
}

async function sent(count: number, call: Promise<unknown> | undefined): Promise<number> {
  if (!call) throw new Error('the library cannot do this')
  await call
  return count
}
