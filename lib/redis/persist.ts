import { setTimeout as sleep } from 'node:timers/promises'
import { Closed, DurabilityUnavailable, Timeout } from '../errors.ts'
import type { Runner } from './connection.ts'
import { NotAnswered, NotSent } from './fate.ts'

const PAUSE = 25

/**
 * Try until there is an answer or the deadline (by performance.now()) has passed. `attempt` is told whether there was an
 * earlier try, so that it can take a way that does nothing twice: that one may have run; and if it did not, a caller that was
 * told of its own timeout may have asked for the same again meanwhile.
 */
export async function persist<T>(
  connection: Pick<Runner, 'closed' | 'ready' | 'whenReady'>,
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
      // The first try may have run, so that what it asked for may have been done: that is not refused any more.
      if (error instanceof DurabilityUnavailable && cause instanceof NotAnswered) throw late(error)
      if (!(error instanceof NotAnswered || error instanceof NotSent)) throw error
      again = true
      if (!(cause instanceof NotAnswered)) cause = error
    }
    if (performance.now() + PAUSE > deadline) throw late(cause)
    await sleep(PAUSE)
    if (performance.now() > deadline) throw late(cause)
  }
}

function late(cause: unknown): Timeout {
  const why = cause instanceof Error && cause.message ? `: ${cause.message}` : ''
  return new Timeout(`no answer from Redis in time${why}`, { cause })
}

function before<T>(deadline: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late(undefined)), Math.max(deadline - performance.now(), 0))
    answer.then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (error) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}
