// A client that dies before one of its calls to Redis: from there on it says nothing any more, as a killed process.
import type { Client } from '../../lib/index.ts'

export interface Dying {
  /** How many calls it has made. */
  readonly calls: number
  /** Settles when it has died. */
  readonly death: Promise<void>
}

/** The client dies before its call number `last`, counted from 1: from now on, or from its first call of a script. `kill` is called then. */
export function dieBefore(client: Client, last: number, script?: string, kill?: () => void): Dying {
  const { connection } = client.shared
  const run = connection.run.bind(connection)
  let calls = 0
  let died = () => {}
  const death = new Promise<void>((resolve) => (died = resolve))
  connection.run = (...call) => {
    if ((calls === 0 && script !== undefined && call[0].name !== script) || ++calls < last) return run(...call)
    kill?.()
    died()
    return new Promise(() => {})
  }
  return {
    get calls() {
      return calls
    },
    death,
  }
}
