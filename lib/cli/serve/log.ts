// Turns what the endpoint tells into log lines.
import type { Endpoint } from '../../http/index.ts'
import type { Log } from '../work/log.ts'
import { logClient, said } from '../work/worker-log.ts'

/** `requests`: a line for each that was answered, too. */
export function logEndpoint(endpoint: Endpoint, log: Log, requests: boolean): void {
  logClient(endpoint, log)
  endpoint.on('failure', ({ requestId, error }) =>
    log.write(
      { level: 'error', event: 'failure', text: `${requestId}: ${said(error)}`, fields: { requestId }, error },
      true,
    ),
  )
  endpoint.on('crowded', (connections) => {
    const text = `${connections} connections are open, and more were turned away: --max-connections`
    log.write({ level: 'warn', event: 'crowded', text, fields: { connections } })
  })
  if (!requests) return
  endpoint.on('exchanged', ({ requestId, action, protocol, by, ip, status, ms, signed }) => {
    const text = `${status} ${action || '-'} of ${by || 'nobody known'} at ${ip} by ${protocol} in ${ms.toFixed(1)} ms`
    const why = signed === undefined ? '' : `; what should have been signed: ${JSON.stringify(signed)}`
    const fields = { requestId, action, protocol, by, ip, status, ms, ...(signed !== undefined && { signed }) }
    log.write({ level: 'info', event: 'answered', text: text + why, fields })
  })
}
