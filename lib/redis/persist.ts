import { setTimeout as sleep } from 'node:timers/promises'
import { Closed, Timeout } from '../errors.ts'
import { type Connection, NotAnswered, NotSent } from './connection.ts'

const PAUSE = 25

/**
 * Try until there is an answer or the deadline (by performance.now()) has passed. `attempt` is told whether an earlier
 * try may have run, so that it can take a way that does nothing twice.
 */
export async function persist<T>(
  connection: Connection,
  deadline: number,
  attempt: (again: boolean) => Promise<T>,
): Promise<T> {
  let again = false
  let cause: unknown
  for (;;) {
    if (connection.closed) throw new Closed('the client was closed before Redis answered', { cause })
    if (!connection.ready && !(await connection.whenReady(deadline)) && !connection.closed) throw late(cause)
    try {
      return await before(deadline, attempt(again))
    } catch (error) {
      if (error instanceof NotAnswered) again = true
      else if (!(error instanceof NotSent)) throw error
      cause = error
    }
    if (performance.now() + PAUSE > deadline) throw late(cause)
    await sleep(PAUSE)
  }
}

function late(cause: unknown): Timeout {
  const why = cause instanceof Error && cause.message ? `: ${cause.message}` : ''
  return new Timeout(`no answer from Redis in time${why}`, { cause })
}

function before<T>(deadline: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late(undefined)), Math.max(deadline - performance.now(), 0))
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
