// Commands a minute that one idle worker costs Redis, seen by MONITOR, which tells those a client sends from those a
// script runs.
import { createConnection } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Adapter, Server, WorkSettings } from '../adapter.ts'
import type { Duration, Figures } from '../measure.ts'
import { fill } from './fill.ts'

export interface IdleSettings extends WorkSettings {
  watch: number
}

const settling = 2000 // ms, after a little work

export async function idle(adapter: Adapter, settings: IdleSettings, _: Duration, server: Server): Promise<Figures> {
  await fill(adapter, 10)
  await adapter.work(settings, () => {})
  await sleep(settling)
  const counts = watchCommands(server)
  await sleep(settings.watch * 1000)
  const minutes = settings.watch / 60
  return { value: counts.client / minutes, 'with those inside scripts': (counts.client + counts.script) / minutes }
}

/** Counts the lines of MONITOR, one a command: `+<time> [<database> <address, or lua>] "<command>" …`. */
function watchCommands({ port }: Server) {
  const counts = { client: 0, script: 0 }
  const socket = createConnection(port, '127.0.0.1').setNoDelay()
  createInterface(socket).on('line', (line) => {
    const source = line.match(/^\+\S+ \[\d+ (\S+?)\]/)?.[1]
    if (source) counts[source === 'lua' ? 'script' : 'client'] += 1
  })
  socket.write('MONITOR\r\n')
  return counts
}
