// A queue's home holds its attributes and where its partitions are; a namespace's home lists its queues.

import calculateSlot from 'cluster-key-slot'
import type { Cluster } from 'ioredis'
import { QueueDoesNotExist } from '../errors.ts'
import { clock } from '../id.ts'
import type { Connection, Reply } from './connection.ts'
import { homeTag, keysOf, namespaceTag, partitionTag } from './keys.ts'
import { persist } from './persist.ts'
import { scripts } from './scripts.generated.ts'
import { accepted } from './wire.ts'

/** Which partitions a queue has. A place is a partition's number and the suffix that decides its slot; it is never given twice. */
export interface Places {
  /** Active, in the order of their numbers: 0, 1, 2 ... */
  places: string[]
  /** They get nothing new, and are received from until nothing is left in them. */
  drained: string[]
  /** Nothing is left in them. */
  dropped: string[]
  /** Former numbers of active partitions, the oldest first, each with when it ended (ms on Redis's clock). */
  formers: { count: number; at: number }[]
}

/** What the home says: the stored attributes as text, and the map of partitions. */
export interface Declared extends Places {
  version: number
  /** ms at which the queue was made: a queue that was removed and made anew has another. */
  created: string
  paused: boolean
  /** Somebody removes the queue, or has died while doing so: it counts as gone. */
  removing: boolean
  fields: Record<string, string>
  /** ms on the clock of the home's server. */
  now: number
}

/** When a queue was removed, by the namespace's list: ms, and the version that it had; `at` is undefined if it was not. */
export interface Removed {
  at: number | undefined
  version: number
  now: number
}

const SUFFIXES = 'abcdefghijklmnopqrstuvwxyz'
const latin = (reply: Reply | undefined) => (reply as Buffer).toString('latin1')

export class Home {
  constructor(
    private readonly connection: Connection,
    readonly namespace: string,
    readonly queue: string,
  ) {}

  /** The home of another queue of the namespace. */
  of(queue: string): Home {
    return new Home(this.connection, this.namespace, queue)
  }

  /** What the home says now, if there is one. */
  async look(deadline: number): Promise<Declared | undefined> {
    try {
      return await this.#declare('', '', '', deadline)
    } catch (error) {
      if (error instanceof QueueDoesNotExist) return undefined
      throw error
    }
  }

  /** Change what was seen with version `seen`; answers nothing when it has been changed meanwhile. */
  change(seen: number, fields: string, deadline: number): Promise<Declared | undefined> {
    return this.#declare(String(seen), fields, '', deadline)
  }

  /** Make the queue, above all versions that a queue of its name had; answers nothing when there is one meanwhile. */
  make(above: number, fields: string, places: string, deadline: number): Promise<Declared | undefined> {
    return this.#declare(String(above), fields, places, deadline)
  }

  async #declare(known: string, fields: string, places: string, deadline: number): Promise<Declared | undefined> {
    const reply = await this.#run(
      scripts.declare,
      homeTag(this.namespace, this.queue),
      [known, fields, places],
      deadline,
    )
    if (latin(reply[0]) === 'Changed') return undefined
    const now = Number(latin(accepted(reply)[2]))
    clock.set(now)
    return declaredOf(reply[1] as Reply[], now)
  }

  /** List the name; answers false where it has been removed since. */
  async add(version: number, deadline: number): Promise<boolean> {
    return (await this.#register('add', String(version), deadline))[1] === 1
  }

  /** Strike the name off the list; answers whether it was there. Without a version, whatever the queue is. */
  async strike(version: number | undefined, deadline: number): Promise<boolean> {
    return (await this.#register('remove', String(version ?? ''), deadline))[1] === 1
  }

  async removed(deadline: number): Promise<Removed> {
    const [, at, version, now] = (await this.#register('removed', '', deadline)).map((part) => latin(part))
    return { at: at === '' ? undefined : Number(at), version: Number(version), now: Number(now) }
  }

  /** Write and remove tags; answers false where they would be more than `most`. */
  async tag(fields: string, most: number, deadline: number): Promise<boolean> {
    const reply = await this.#run(scripts.tag, homeTag(this.namespace, this.queue), [fields, String(most)], deadline)
    if (latin(reply[0]) === 'TooManyTags') return false
    accepted(reply)
    return true
  }

  /**
   * Tell a partition what it goes by, making it where it is new. Answers how many messages its last purge removed, whether
   * it was made, and the last sequence number that it gave.
   */
  async tellPartition(place: string, version: number, fields: string, deadline: number) {
    const tag = partitionTag(this.namespace, this.queue, place)
    const reply = accepted(await this.#run(scripts.configure, tag, [String(version), fields], deadline))
    return { removed: reply[1] as number, made: reply[2] === 1, sequence: Number(latin(reply[3])) }
  }

  /** Delete the keys of a partition, unless the queue was made anew since `version`. */
  async removePartition(place: string, version: number, deadline: number): Promise<void> {
    const tag = partitionTag(this.namespace, this.queue, place)
    accepted(await this.#run(scripts.remove, tag, [String(version)], deadline))
  }

  /** Forget the queue's attributes and partitions, unless it was made anew since `version`. */
  async remove(version: number, deadline: number): Promise<void> {
    accepted(await this.#run(scripts.remove, homeTag(this.namespace, this.queue), [String(version)], deadline))
  }

  #register(verb: string, version: string, deadline: number): Promise<Reply[]> {
    return this.#run(scripts.register, namespaceTag(this.namespace), [verb, this.queue, version], deadline)
  }

  #run(
    script: (typeof scripts)[keyof typeof scripts],
    tag: string,
    args: string[],
    deadline: number,
  ): Promise<Reply[]> {
    return persist(this.connection, deadline, () => this.connection.run(script, keysOf(tag), ['0', ...args]))
  }

  /** How many partitions a queue has that does not say it. */
  get usualPartitions(): number {
    return this.#masters().length
  }

  /** Masters, each by the slots that it holds; one without slots where there is no cluster. */
  #masters(): Set<number>[] {
    const { redis } = this.connection
    if (!redis.isCluster) return [new Set()]
    const masters = new Map<string, Set<number>>()
    ;(redis as Cluster).slots.forEach(([master], slot) => {
      if (master) masters.set(master, (masters.get(master) ?? new Set()).add(slot))
    })
    return masters.size > 0 ? [...masters.values()] : [new Set()]
  }

  /** Partition i on master i, i + 1 on the next ...: the suffix is chosen so that the slot falls there. */
  places(count: number): string {
    const masters = this.#masters()
    return Array.from({ length: count }, (_, i) => {
      const slots = masters[i % masters.length] as Set<number>
      const fits = (place: string) =>
        slots.size === 0 || slots.has(calculateSlot(`{${partitionTag(this.namespace, this.queue, place)}}`))
      return [...suffixes(i)].find(fits) ?? String(i)
    }).join()
  }
}

export async function queueNames(connection: Connection, namespace: string, deadline: number): Promise<string[]> {
  const run = () => connection.run(scripts.register, keysOf(namespaceTag(namespace)), ['0', 'list', '', ''])
  return ((await persist(connection, deadline, run))[1] as Reply[]).map(latin).sort()
}

function* suffixes(number: number): Generator<string> {
  yield String(number)
  for (const a of SUFFIXES) for (const b of SUFFIXES) yield `${number}${a}${b}`
}

function declaredOf(flat: Reply[], now: number): Declared {
  const fields: Record<string, string> = {}
  for (let i = 0; i < flat.length; i += 2) fields[latin(flat[i])] = latin(flat[i + 1])
  const list = (text: string | undefined) => (text ? text.split(',') : [])
  return {
    version: Number(fields.version),
    created: fields.created as string,
    places: list(fields.places),
    drained: list(fields.drained),
    dropped: list(fields.dropped),
    formers: list(fields.formers).map((former) => {
      const [count, at] = former.split(':').map(Number) as [number, number]
      return { count, at }
    }),
    paused: fields.paused === '1',
    removing: fields.removing !== undefined,
    fields,
    now,
  }
}
