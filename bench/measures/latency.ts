// From the call of send to the handler, when nothing else is going on: one message at a time, with pauses.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Adapter } from '../adapter.ts'
import { nextBody } from '../body.ts'
import { percentile } from '../figures.ts'
import type { Duration, Figures } from '../measure.ts'

export interface LatencySettings {
  concurrency: number
}

const warmUps = 100
const pause = () => 3 + Math.random() * 5 // ms

export async function latency(adapter: Adapter, settings: LatencySettings, { seconds }: Duration): Promise<Figures> {
  let arrived = () => {}
  await adapter.work(settings, () => arrived())
  const once = async () => {
    await sleep(pause())
    const began = performance.now()
    const arrival = new Promise<number>((resolve) => {
      arrived = () => resolve(performance.now() - began)
    })
    await adapter.send(nextBody())
    return await arrival
  }
  for (let count = 0; count < warmUps; count += 1) await once()
  const times: number[] = []
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) times.push(await once())
  return { value: percentile(times, 0.5), p99: percentile(times, 0.99), worst: Math.max(...times) }
}
