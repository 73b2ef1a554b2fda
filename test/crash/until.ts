import { setTimeout as sleep } from 'node:timers/promises'

const PATIENCE = 100_000
const PAUSE = 20

/**
 * Waits until the condition holds and answers what it answered. It may fail meanwhile, as calls do in bad times; the
 * last failure is told when it never holds.
 */
export async function until<T>(what: string, condition: () => T | Promise<T>): Promise<T> {
  const end = performance.now() + PATIENCE
  let last: unknown
  while (performance.now() < end) {
    try {
      const answer = await condition()
      if (answer) return answer
      last = undefined
    } catch (error) {
      last = error
    }
    await sleep(PAUSE)
  }
  throw new Error(`waited in vain until ${what}`, { cause: last })
}
