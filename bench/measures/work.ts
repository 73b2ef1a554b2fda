// Messages handled a second by one worker, from a backlog that was there before.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Adapter, WorkSettings } from '../adapter.ts'
import { read } from '../body.ts'
import type { Duration, Figures } from '../measure.ts'
import { fill } from './fill.ts'

export async function work(adapter: Adapter, settings: WorkSettings, duration: Duration): Promise<Figures> {
  const backlog = Math.ceil(adapter.ceiling * (duration.warmUp + duration.seconds))
  await fill(adapter, backlog)
  const counter = countHandled()
  const worker = await adapter.work(settings, counter.handle)
  await sleep(duration.warmUp * 1000)
  const from = counter.now()
  await sleep(duration.seconds * 1000)
  const to = counter.now()
  if (counter.handled >= backlog) throw new Error(`the backlog of ${backlog} messages was too small`)
  await Promise.race([worker.stop(), sleep(1000)])
  return { value: ((to.handled - from.handled) / (to.at - from.at)) * 1000 }
}

function countHandled() {
  const counter = {
    handled: 0,
    handle(body: Parameters<typeof read>[0]) {
      read(body)
      counter.handled += 1
    },
    now: () => ({ handled: counter.handled, at: performance.now() })
  }
  return counter
}
