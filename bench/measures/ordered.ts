// Messages of a FIFO queue handled a second, from a backlog of many groups.
import type { Adapter, Server } from '../adapter.ts'
import { read } from '../body.ts'
import { fillKind, handle, openKind } from '../grouped.ts'
import type { Duration, Figures } from '../measure.ts'
import { pace } from './pace.ts'

export interface OrderedSettings {
  groups: number
  concurrency: number
}

const bulk = 500
const ceiling = 25_000 // messages a second, more than one worker handles

export async function ordered(
  _: Adapter,
  { groups, concurrency }: OrderedSettings,
  duration: Duration,
  server: Server,
): Promise<Figures> {
  const opened = await openKind('fifo', server)
  const backlog = Math.ceil(ceiling * (duration.warmUp + duration.seconds))
  const began = performance.now()
  await fillKind(opened, 'fifo', backlog, bulk, groups)
  const sending = (backlog / (performance.now() - began)) * 1000
  let handled = 0
  await handle('fifo', server, { concurrency }, (body) => {
    read(body)
    handled += 1
  })
  const figures = await pace(() => handled, server, duration)
  if (handled >= backlog) throw new Error(`the backlog of ${backlog} messages was too small`)
  return { ...figures, 'messages/s sent in bulk of 500': sending }
}
