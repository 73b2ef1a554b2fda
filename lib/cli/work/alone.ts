// A single worker process, told to stop by signals.
import type { ExitCode } from '../exit.ts'
import { type HealthOptions, serveHealth } from './health.ts'
import type { Setup } from './setup.ts'
import { Shift } from './shift.ts'
import { onSignals } from './signals.ts'

export async function workAlone(setup: Setup, health: HealthOptions | undefined): Promise<ExitCode> {
  const shift = new Shift(setup)
  onSignals(
    (name) => shift.stop(name),
    (name) => shift.force(`a second ${name}`),
  )
  if (health) {
    const port = await serveHealth(health, async () => ({ processes: [shift.report()], wanted: 1 }))
    shift.log.write({
      level: 'info',
      event: 'health',
      text: `on http://${health.host}:${port}/healthz and /readyz`,
      fields: { port },
    })
  }
  return shift.work(() => {})
}
