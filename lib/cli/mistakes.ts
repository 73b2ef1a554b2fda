// What nobody caught, in a process that goes on for long.
import type { Log } from './work/log.ts'
import { said } from './work/worker-log.ts'

/** A promise that nobody waited for says nothing about the rest of the process; an exception that nobody caught does: `stop`. */
export function surviveMistakes(log: Log, stop: () => void): void {
  process.on('unhandledRejection', (error) => {
    log.write(
      { level: 'error', event: 'unhandled', text: `a promise that nobody waited for: ${said(error)}`, error },
      true,
    )
  })
  process.on('uncaughtException', (error) => {
    log.write({ level: 'error', event: 'uncaught', text: said(error), error }, true)
    stop()
  })
}
