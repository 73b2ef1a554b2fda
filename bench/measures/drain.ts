// How fast a worker drains a deep backlog against a shallow one: the same number of messages is timed in the middle of
// the same loop, once with each depth, turn about.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Adapter, WorkSettings } from '../adapter.ts'
import { read } from '../body.ts'
import { median } from '../figures.ts'
import type { Duration, Figures } from '../measure.ts'
import { fill } from './fill.ts'

export interface DrainSettings extends WorkSettings {
  deep: number
  shallow: number
  cycles: number
}

const before = 1000 // messages handled before the clock starts
const timed = 7000

export async function drain(adapter: Adapter, settings: DrainSettings, _: Duration): Promise<Figures> {
  await rates(adapter, settings, settings.shallow, settings.cycles) // warm up
  const shallow = median(await rates(adapter, settings, settings.shallow, settings.cycles))
  const deep = median(await rates(adapter, settings, settings.deep, settings.cycles))
  return { value: deep / shallow, 'messages/s, deep': deep, 'messages/s, shallow': shallow }
}

async function rates(adapter: Adapter, settings: DrainSettings, depth: number, cycles: number): Promise<number[]> {
  const found: number[] = []
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    await fill(adapter, depth - (await adapter.left()))
    found.push(await rate(adapter, settings))
  }
  return found
}

async function rate(adapter: Adapter, settings: WorkSettings): Promise<number> {
  let handled = 0
  let began = 0
  let ended = 0
  const worker = await adapter.work(settings, (body) => {
    read(body)
    handled += 1
    if (handled === before) began = performance.now()
    if (handled === before + timed) ended = performance.now()
  })
  while (ended === 0) await sleep(1)
  await worker.stop()
  return (timed / (ended - began)) * 1000
}
