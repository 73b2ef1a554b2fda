// A queue's home holds its attributes and where its partitions are; a namespace's home lists its queues.

import calculateSlot from 'cluster-key-slot'
import type { Cluster } from 'ioredis'
import { AttributesDiffer } from '../errors.ts'
import { clock } from '../id.ts'
import type { Connection, Reply } from './connection.ts'
import { homeTag, keysOf, namespaceTag, partitionTag } from './keys.ts'
import { persist } from './persist.ts'
import { scripts } from './scripts.generated.ts'
import { accepted } from './wire.ts'

/** What the home says: the stored attributes as text, and the places (number and suffix) of the partitions. */
export interface Declared {
  version: number
  places: string[]
  paused: boolean
  fields: Record<string, string>
}

const SUFFIXES = 'abcdefghijklmnopqrstuvwxyz'
const latin = (reply: Reply | undefined) => (reply as Buffer).toString('latin1')

export class Home {
  constructor(
    private readonly connection: Connection,
    readonly namespace: string,
    readonly queue: string,
  ) {}

  /**
   * 'open' writes what is unset and refuses what differs; 'update' writes; 'look' only reads. `partitions` is their
   * number, or their places as they were.
   */
  async declare(
    mode: 'open' | 'update' | 'look',
    fields: string,
    partitions: number | string | undefined,
    deadline: number,
  ): Promise<Declared> {
    const places = typeof partitions === 'string' ? partitions : this.#places(partitions ?? this.#masters().length)
    const reply = await this.#run(
      scripts.declare,
      homeTag(this.namespace, this.queue),
      [mode, fields, places, partitions === undefined ? '' : '1'],
      deadline,
    )
    if (latin(reply[0]) === 'AttributesDiffer')
      throw differ(this.queue, reply.slice(1).map(latin) as [string, string, string])
    clock.set(Number(latin(accepted(reply)[2])))
    return declaredOf(reply[1] as Reply[])
  }

  async register(verb: 'add' | 'remove' | 'removed', deadline: number): Promise<boolean> {
    const reply = await this.#run(scripts.register, namespaceTag(this.namespace), [verb, this.queue], deadline)
    return reply[1] === 1
  }

  /** Forget the queue's attributes and partitions. */
  async remove(deadline: number): Promise<void> {
    await this.#run(scripts.remove, homeTag(this.namespace, this.queue), [], deadline)
  }

  #run(
    script: (typeof scripts)[keyof typeof scripts],
    tag: string,
    args: string[],
    deadline: number,
  ): Promise<Reply[]> {
    return persist(this.connection, deadline, () => this.connection.run(script, keysOf(tag), ['0', ...args]))
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
  #places(count: number): string {
    const masters = this.#masters()
    return Array.from({ length: count }, (_, i) => {
      const slots = masters[i % masters.length] as Set<number>
      const fits = (place: string) =>
        slots.size === 0 || slots.has(calculateSlot(`{${partitionTag(this.namespace, this.queue, place)}}`))
      return [...suffixes(i)].find(fits) ?? String(i)
    }).join(',')
  }
}

export async function queueNames(connection: Connection, namespace: string, deadline: number): Promise<string[]> {
  const run = () => connection.run(scripts.register, keysOf(namespaceTag(namespace)), ['0', 'list', ''])
  return ((await persist(connection, deadline, run))[1] as Reply[]).map(latin).sort()
}

function* suffixes(number: number): Generator<string> {
  yield String(number)
  for (const a of SUFFIXES) for (const b of SUFFIXES) yield `${number}${a}${b}`
}

function declaredOf(flat: Reply[]): Declared {
  const fields: Record<string, string> = {}
  for (let i = 0; i < flat.length; i += 2) fields[latin(flat[i])] = latin(flat[i + 1])
  return {
    version: Number(fields.version),
    places: (fields.places as string).split(','),
    paused: fields.paused === '1',
    fields,
  }
}

function differ(queue: string, [name, stored, given]: [string, string, string]): AttributesDiffer {
  const way =
    name === 'partitions'
      ? 'their number is fixed when the queue is made'
      : `change it with queue.configure(…), with \`boomerang configure ${queue}\`, or with \`update: true\` in the one place that owns the queue`
  return new AttributesDiffer(`queue ${queue} has \`${name}\` ${stored}, this process wants ${given}: ${way}`)
}
