// Messages handled a second by one worker, from a backlog that was there before.
import type { Adapter, Server, WorkSettings } from '../adapter.ts'
import { read } from '../body.ts'
import type { Duration, Figures } from '../measure.ts'
import { fill } from './fill.ts'
import { pace } from './pace.ts'

export async function work(
  adapter: Adapter,
  settings: WorkSettings,
  duration: Duration,
  server: Server,
): Promise<Figures> {
  const backlog = Math.ceil(adapter.ceiling * (duration.warmUp + duration.seconds))
  await fill(adapter, backlog)
  let handled = 0
  await adapter.work(settings, (body) => {
    read(body)
    handled += 1
  })
  const figures = await pace(() => handled, server, duration)
  if (handled >= backlog) throw new Error(`the backlog of ${backlog} messages was too small`)
  return figures
}
