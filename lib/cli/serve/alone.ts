// One server process: start, read files anew when told to, stop well.
import {
  createEndpoint,
  type Endpoint,
  findConfiguration,
  followPrimary,
  isOneOfSeveral,
  startupLine,
  tellPrimary,
} from '../../http/index.ts'
import { EXIT, type ExitCode, Refusal } from '../exit.ts'
import { surviveMistakes } from '../mistakes.ts'
import { redacted } from '../where.ts'
import { Gate } from '../work/gate.ts'
import { Log } from '../work/log.ts'
import { onSignals } from '../work/signals.ts'
import { said } from '../work/worker-log.ts'
import { logEndpoint } from './log.ts'
import { certificateOf, endpointOptions, type ServeOptions } from './options.ts'

export async function serveAlone(options: ServeOptions): Promise<ExitCode> {
  const { json = false, verbose = false, grace } = options
  const log = new Log({ json, verbose, process: isOneOfSeveral() ? process.pid : undefined })
  const accounts = findConfiguration(options.config, options.namespace)
  const tls = certificateOf(options)
  const endpoint = createEndpoint({ ...endpointOptions(options), ...(accounts && { accounts }), ...(tls && { tls }) })
  logEndpoint(endpoint, log, verbose)

  const ending = new Gate<ExitCode>()
  const stop = (why: string, code: ExitCode = EXIT.well) => {
    log.write({ level: 'info', event: 'stopping', text: why, fields: { why } })
    endpoint.stop(grace).then(
      () => ending.open(code),
      () => ending.open(EXIT.crashed),
    )
  }
  surviveMistakes(log, () => stop('uncaught exception', EXIT.crashed))
  obeySignals(stop, () => ending.open(EXIT.forced))

  process.on('SIGHUP', () => renew(endpoint, options, log, accounts !== undefined))
  const url = await endpoint.start()
  const line = startupLine(url, redacted(options.redis), options.namespace, accounts)
  if (isOneOfSeveral()) tellPrimary({ url: url.origin, line })
  else log.write({ level: 'info', event: 'serving', text: line, fields: { url: url.origin } })
  const code = await ending.opened
  log.write({ level: 'info', event: 'stopped', text: code === EXIT.well ? 'nothing runs any more' : 'at once' })
  return code
}

/** One of several is told by its primary: a terminal's Ctrl-C reaches all of them. */
function obeySignals(stop: (why: string) => void, force: () => void): void {
  if (isOneOfSeveral()) {
    process.on('SIGINT', () => {})
    process.once('SIGTERM', () => stop('SIGTERM'))
    followPrimary(() => stop('the primary process is gone'))
  } else onSignals(stop, force)
}

/** What cannot be read leaves things as they are. */
function renew(endpoint: Endpoint, options: ServeOptions, log: Log, guarded: boolean): void {
  try {
    const accounts = findConfiguration(options.config, options.namespace)
    if (guarded && !accounts) throw new Refusal('the configuration is gone')
    const tls = certificateOf(options)
    endpoint.renew({ ...(accounts && { accounts }), ...(tls && { tls }) })
    log.write({ level: 'info', event: 'renewed', text: 'configuration and certificate were read anew' })
  } catch (error) {
    log.write({ level: 'error', event: 'kept', text: `what was there goes on to count: ${said(error)}`, error })
  }
}
