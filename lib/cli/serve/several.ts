// Several server processes under a primary.
import { runProcesses } from '../../http/index.ts'
import { inWords } from '../duration.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { Log } from '../work/log.ts'
import { onSignals } from '../work/signals.ts'
import type { ServeOptions } from './options.ts'

/** What a process may take to end, above the grace. */
const LAST_GRACE = 10_000

export async function serveTogether({
  json = false,
  verbose = false,
  processes,
  grace,
}: ServeOptions): Promise<ExitCode> {
  const log = new Log({ json, verbose })
  let forced = false
  let said = false
  const all = runProcesses({
    count: processes,
    patience: grace + LAST_GRACE,
    ready: ({ url, line }, listening) => {
      const text = said ? `${listening} of ${processes} processes listen` : `${line}; ${processes} processes`
      said = true
      log.write({ level: 'info', event: 'serving', text, fields: { url, listening, processes } })
    },
    died: (how, pause) => {
      const text = `a process ended (${how}); a new one starts in ${inWords(pause)}`
      log.write({ level: 'error', event: 'died', text, fields: { how, pause } })
    },
  })
  onSignals(
    (name) => {
      log.write({ level: 'info', event: 'stopping', text: `${name}: all processes`, fields: { why: name } })
      all.stop()
    },
    () => {
      forced = true
      all.force()
    },
  )
  process.on('SIGHUP', () => all.renew())
  const code = await all.ended
  return forced ? EXIT.forced : (code as ExitCode)
}
