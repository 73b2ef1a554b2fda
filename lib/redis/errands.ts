// The list of a namespace's queues at which somebody has to look from time to time (lua/errands.lua).
import type { Connection, Reply } from './connection.ts'
import { keysOf, namespaceTag } from './keys.ts'
import { persist } from './persist.ts'
import { scripts } from './scripts.generated.ts'
import { accepted, text } from './wire.ts'

/** `errand`: '<what> <queue>'; '' to take what is due, which is answered then. */
export async function errands(
  connection: Connection,
  namespace: string,
  [verb, errand, period]: [verb: 'add' | 'remove' | 'take', errand: string, period: number],
  deadline: number,
): Promise<string[]> {
  const args = ['0', verb, errand, String(period)]
  const run = () => connection.run(scripts.errands, keysOf(namespaceTag(namespace)), args)
  return (accepted(await persist(connection, deadline, run))[1] as Reply[]).map(text)
}
