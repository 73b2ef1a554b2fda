// What all queues of one client share.
import type { Content } from './content.ts'
import type { Errands } from './errands.ts'
import { Closed, Overloaded } from './errors.ts'
import type { OrderedSends } from './ordered-sends.ts'
import type { Outbox } from './outbox.ts'
import type { Connection } from './redis/connection.ts'
import type { Inbox } from './redis/inbox.ts'
import type { Level } from './redis/level.ts'

export interface Shared {
  connection: Connection
  inbox: Inbox
  client: string
  namespace: string
  region: string
  timeout: number
  maxPending: number
  /** ms in which a queue is purged once; in which the name of a removed queue is not given again. */
  purgeWindow: number
  deleteWindow: number
  /** At which handles answer that do not say it; undefined for memory. */
  level: Level | undefined
  closed: boolean
  /** Bodies of whichever queue, as they are stored. */
  content: Content
  /** Forwards what partitions have for other queues. */
  outbox: Outbox
  /** Looks where nobody else does. */
  errands: Errands
  /** Sends to FIFO queues, by the queues' names: all handles of a client share them. */
  ordered: Map<string, OrderedSends>
}

/** No answer for so many ms: Redis is away. */
const AWAY = 1_000

/** Refuse a send while Redis is away and as much is waiting as may be. `waiting`: bytes of sends that are not answered yet. */
export function admit(shared: Shared, bytes: number, waiting: () => number): void {
  if (shared.closed) throw new Closed('the client is closed')
  if (shared.connection.ready && shared.connection.silence < AWAY) return
  const pending = waiting()
  if (pending + bytes <= shared.maxPending) return
  throw new Overloaded(`Redis is away and ${pending} bytes are waiting for it; \`maxPending\` is ${shared.maxPending}`)
}
