// Brings batches of sends to partitions that take them: plain ones to any active one, those with a home of their own there.
import type { Backend } from './backend.ts'
import { Timeout } from './errors.ts'
import { newId, partitionOf } from './id.ts'
import { groupHash, hashOfKey } from './key.ts'
import { type Lane, lateSend } from './lane.ts'
import type { PartitionMap } from './map.ts'
import { writeAnew } from './outgoing.ts'
import type { Outgoing, Routing, Stored } from './redis/deliveries.ts'
import { Drained, Outdated } from './redis/refusals.ts'
import { MOVED, REROUTINGS, routed } from './route.ts'
import type { Sent } from './sender.ts'

type Refused = Map<Outgoing, Error>

export class Dispatcher {
  constructor(
    private readonly backend: Backend,
    /** What the sender of a message is told. */
    private readonly answer: (message: Outgoing, stored: Stored) => Sent | Error,
  ) {}

  /** Messages of one level, here as below, whose ids are fresh: to the partition, and where it is drained to others. */
  async plain(lane: Lane, batch: Outgoing[], deadline: number): Promise<(Sent | Error)[]> {
    let left = batch
    const known = new Map<Outgoing, Stored>()
    const refused: Refused = new Map()
    for (let [to, again] = [lane, 0]; left.length > 0; ) {
      try {
        const { version } = this.backend
        // They came one after another, so that the first was checked by the oldest attributes.
        if (isOlder(left[0] as Outgoing, version)) left = this.#fitting(left, refused)
        const stored = left.length > 0 ? await to.partition.send(left, deadline, { checkedBy: version }) : undefined
        if (!stored) break
        for (const [i, message] of left.entries()) known.set(message, stored[i] as Stored)
        left = left.filter((message) => known.get(message)?.outcome === 'v')
      } catch (error) {
        if (error instanceof Outdated && again++ < REROUTINGS) continue
        if (!(error instanceof Drained)) throw error
      }
      // One whose caller was told its id is not stored under another: the caller asks again by that.
      left = left.filter(({ told }) => !told)
      if (left.length === 0) break
      this.backend.turn()
      to = this.backend.turnLane().at(left[0]?.level)
      for (const message of left) readdress(message, to)
    }
    if (known.size + refused.size === 0) return batch.map(({ uuid }) => ({ id: uuid }))
    return batch.map((message) => refused.get(message) ?? this.answer(message, known.get(message) ?? { outcome: 'n' }))
  }

  /** Messages that carry groups, those of a group in their order. A group that has moved goes on above its numbers. */
  async grouped(batch: Outgoing[], deadline: number): Promise<(Sent | Error)[]> {
    let above = 0
    const candidates = (map: PartitionMap, { group }: Outgoing) => map.candidates(groupHash(group as string))
    const send = async (lane: Lane, list: Outgoing[], how: Routing) => {
      for (const message of list) if (!message.repeated) readdress(message, lane)
      const { stored, last } = await lane.at(list[0]?.level).partition.sendGrouped(list, deadline, how, above)
      if (how.stay) above = Math.max(above, last)
      return stored
    }
    return this.#told(batch, await this.#routed(batch, candidates, send))
  }

  /** Messages that may be there already, by their keys or by ids that were given. */
  async checked(batch: Outgoing[], deadline: number): Promise<(Sent | Error)[]> {
    const send = async (lane: Lane, list: Outgoing[], how: Routing) => {
      if (!how.stay) for (const message of list) if (!message.repeated) readdress(message, lane)
      return (await lane.at(list[0]?.level).partition.send(list, deadline, how)) as Stored[]
    }
    return this.#told(batch, await this.#routed(batch, candidatesOf, send))
  }

  /** To where each may be; those that no longer fit are refused, the others go on. */
  #routed(
    batch: Outgoing[],
    candidates: (map: PartitionMap, message: Outgoing) => Lane[],
    send: (lane: Lane, list: Outgoing[], how: Routing) => Promise<Stored[]>,
  ): Promise<(Stored | Error)[]> {
    return routed<Outgoing, Stored | Error>(this.backend, batch, candidates, async (lane, list, how) => {
      const refused: Refused = new Map()
      const older = list.some((message) => isOlder(message, how.version))
      const left = older ? this.#fitting(list, refused) : list
      const stored = left.length > 0 ? await send(lane, left, how) : []
      let at = 0
      return list.map((message) => refused.get(message) ?? movedOr(stored[at++] as Stored))
    })
  }

  /**
   * Those that fit the attributes as they are known now, for they were checked by older ones. What may be stored already is
   * not refused any more.
   */
  #fitting(list: Outgoing[], refused: Refused): Outgoing[] {
    const { opened } = this.backend
    if (!opened) return list
    const { attributes, version } = opened
    return list.filter((message) => {
      if (message.resent) return true
      try {
        writeAnew(this.backend.shared.content, attributes, message)
        message.version = version
        return true
      } catch (error) {
        refused.set(message, error as Error)
        return false
      }
    })
  }

  #told(batch: Outgoing[], outs: (Stored | Error)[]): (Sent | Error)[] {
    return batch.map((message, i) => {
      const out = outs[i] as Stored | Error
      if (out instanceof Timeout) return lateSend(message, true)
      return out instanceof Error ? out : this.answer(message, out)
    })
  }
}

/** Whether a message was checked by attributes that are older than those of this version. */
function isOlder({ version }: Outgoing, than: string): boolean {
  return version !== undefined && version < Number(than)
}

function movedOr(stored: Stored): Stored | typeof MOVED {
  return stored.outcome === 'v' ? MOVED : stored
}

function candidatesOf(map: PartitionMap, { key, short }: Outgoing): Lane[] {
  return map.candidates(key === undefined ? partitionOf(short) : hashOfKey(key))
}

/**
 * An id names the partition in which the message is: in another one it needs another. It keeps the one that it has where
 * it may be stored under that, or where its caller was told so.
 */
function readdress(message: Outgoing, { partition }: Lane): void {
  if (message.resent || message.told || partitionOf(message.short) === partition.index) return
  Object.assign(message, newId(partition.index))
}
