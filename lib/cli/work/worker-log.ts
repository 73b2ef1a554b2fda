// Turns what a worker tells into log lines; the only place that does.
import type { Handler, Message, Worker } from '../../index.ts'
import { inWords } from '../duration.ts'
import type { Line, Log } from './log.ts'

/** Notes when handlers start, so that the log can say how long they took. */
export class Stopwatch {
  readonly #started = new WeakMap<Message, number>()

  around(handler: Handler): Handler {
    return (message, context) => {
      this.#started.set(message, performance.now())
      return handler(message, context)
    }
  }

  /** ms; undefined where no handler ran. */
  since(message: Message): number | undefined {
    const started = this.#started.get(message)
    return started === undefined ? undefined : Math.round(performance.now() - started)
  }
}

/** Log what becomes of messages; with `quiet` only what somebody should look at. */
export function logWorker(worker: Worker, queue: string, log: Log, watch: Stopwatch, quiet: boolean): void {
  const about = (message: Message, more: object = {}) => ({
    queue,
    id: message.id,
    deliveries: message.deliveries,
    ms: watch.since(message),
    ...more,
  })
  const line = (level: Line['level'], event: string, message: Message, text: string, more?: object, error?: unknown) =>
    log.write({ level, event, text: `${queue} ${message.id}${text}`, fields: about(message, more), error })

  worker.on('failed', ({ message, error, delay, dead }) => {
    const next = dead ? 'now a dead letter' : `again in ${inWords(delay)}`
    line(
      dead ? 'error' : 'warn',
      'failed',
      message,
      `: ${said(error)}; ${next}`,
      dead ? { dead } : { dead, delay },
      error,
    )
  })
  worker.on('rejected', ({ message, reason }) =>
    line('error', 'rejected', message, `: ${reason}; now a dead letter`, { reason }),
  )
  worker.on('lost', ({ message }) =>
    line('warn', 'lost', message, ': another worker has it now; what this one did does not count'),
  )
  worker.on('error', (error) =>
    log.write({ level: 'error', event: 'error', text: `${queue}: ${said(error)}`, fields: { queue }, error }),
  )
  if (quiet) return
  worker.on('completed', ({ message }) => line('info', 'completed', message, took(watch.since(message))))
  worker.on('duplicate', ({ message, key }) =>
    line('info', 'duplicate', message, `: '${key}' was done before`, { key }),
  )
  worker.on('released', ({ message }) => line('info', 'released', message, ': given back, uncounted'))
}

interface Connected {
  on(event: 'error', told: (error: Error) => void): unknown
  on(event: 'reconnect', told: () => void): unknown
}

/** Log that Redis went away, once, and that it came back. */
export function logClient(client: Connected, log: Log): void {
  let away = false
  client.on('error', (error) => {
    if (!away) log.write({ level: 'error', event: 'away', text: `Redis is away: ${said(error)}; trying again`, error })
    away = true
  })
  client.on('reconnect', () => {
    if (away) log.write({ level: 'info', event: 'back', text: 'connected to Redis again' })
    away = false
  })
}

/** The message of an error; its code where the message is empty, as with refused connections to several addresses. */
export function said(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message || (error as NodeJS.ErrnoException).code || error.name
}

function took(ms: number | undefined): string {
  return ms === undefined ? '' : ` in ${inWords(ms)}`
}
