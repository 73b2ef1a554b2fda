// Sends to one partition: fresh messages, messages that may be there already, messages that carry groups.
import { OutOfMemory } from '../errors.ts'
import { clock } from '../id.ts'
import type { Reply } from './connection.ts'
import type { Outgoing, Routing, Stored } from './deliveries.ts'
import { persist } from './persist.ts'
import { type Running, ScriptCalls } from './script-calls.ts'
import { scripts } from './scripts.generated.ts'
import { delaysOf, onceArguments, storedOf, text, withPayloads } from './wire.ts'

/** ms for a look at what time alone may free. */
const PATIENCE = 1_000
/** '1' where messages may be here by their ids already. */
const repeatedOf = (batch: Outgoing[]) => (batch.some(({ repeated, resent }) => repeated || resent) ? '1' : '')
/** '1' where the partition is a former home of what is asked for. */
export const stayOf = (routing: Routing | undefined) => (routing?.stay ? '1' : '')

export class SendCalls extends ScriptCalls {
  /** Routed, or checked by attributes of a version; what became of each, or nothing when all are new. */
  async send(batch: Outgoing[], deadline: number, how: Routing | { checkedBy: string }): Promise<Stored[] | undefined> {
    const [routing, checkedBy] = 'version' in how ? [how, undefined] : [undefined, how.checkedBy]
    const once = routing !== undefined || batch.some((message) => message.resent)
    const reply = await persist(this.connection, deadline, (again) => {
      if (again) for (const message of batch) message.resent = true
      const running = { routing, checkedBy, deadline }
      return once || again ? this.#sendOnce(batch, running) : this.#sendFresh(batch, running)
    }).catch((error) => this.#makeRoom(error))
    clock.set(Number(text(reply[1])))
    return reply.length === 2 ? undefined : storedOf(reply)
  }

  #sendFresh(batch: Outgoing[], running: Running): Promise<Reply[]> {
    return this.run(scripts.send, withPayloads([delaysOf(batch)], batch), running)
  }

  #sendOnce(batch: Outgoing[], running: Running): Promise<Reply[]> {
    const keyed = batch.every(({ key }) => key)
    const head = [...onceArguments(batch, keyed), repeatedOf(batch), stayOf(running.routing)]
    return this.run(scripts.send_once, withPayloads(head, batch), running)
  }

  /**
   * Store messages that carry groups. At a former home only what belongs there still is stored; sequence numbers rise above
   * `above`, and `last` is the last that was given here.
   */
  async sendGrouped(
    batch: Outgoing[],
    deadline: number,
    routing: Routing,
    above: number,
  ): Promise<{ stored: Stored[]; last: number }> {
    const reply = await persist(this.connection, deadline, (again) => {
      if (again) for (const message of batch) message.resent = true
      const repeated = repeatedOf(batch)
      const head = [
        ...onceArguments(batch, repeated === ''),
        repeated,
        batch.map(({ group }) => group).join(' '),
        batch.some(({ dedup }) => dedup) ? batch.map(({ dedup }) => dedup).join(' ') : '',
        stayOf(routing),
        String(above),
      ]
      return this.run(scripts.send_grouped, withPayloads(head, batch), { routing, deadline })
    }).catch((error) => this.#makeRoom(error))
    clock.set(Number(text(reply[1])))
    const sequences = text(reply[4]).split(' ').map(Number)
    const stored = storedOf(reply)
    for (const [i, one] of stored.entries()) one.sequence = sequences[i] as number
    return { stored, last: Number(text(reply[5])) }
  }

  // A send frees nothing. Where it was refused for want of memory, what time alone must do may free some.
  #makeRoom(error: Error): never {
    if (error instanceof OutOfMemory) this.nudge(performance.now() + PATIENCE).catch(() => {})
    throw error
  }

  /** Pass a wake-up on, and do what time alone must. */
  nudge = (deadline: number) => this.count(scripts.nudge, [], deadline)
}
