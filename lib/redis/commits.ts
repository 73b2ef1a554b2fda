// Runs scripts so that each is answered at a level: by a group commit for each node.
import calculateSlot from 'cluster-key-slot'
import type { Cluster, Redis } from 'ioredis'
import type { Arg, Connection, Reply, Runner } from './connection.ts'
import { NotSent } from './fate.ts'
import { GroupCommit } from './group-commit.ts'
import type { Level } from './level.ts'
import { OWN } from './own.ts'
import type { Script } from './script.ts'

/** ms for a call whose deadline is not said. */
const LONGEST = 600_000

const addressOf = ({ options }: Redis): string => `${options.host}:${options.port}`

export class Commits implements Runner {
  /** By host and port; one where there is no cluster. */
  readonly #nodes = new Map<string, GroupCommit>()

  constructor(
    private readonly main: Connection,
    private readonly level: Level,
  ) {
    main.redis.on('-node', (_: Redis, key: string) => this.#leave(key))
  }

  get closed(): boolean {
    return this.main.closed
  }

  get ready(): boolean {
    return this.main.ready
  }

  whenReady(deadline: number): Promise<boolean> {
    return this.main.whenReady(deadline)
  }

  async run(script: Script, keys: string[], args: Arg[], deadline = Number.POSITIVE_INFINITY): Promise<Reply[]> {
    return this.#node(keys[0] as string).run(script, keys, args, Math.min(deadline, performance.now() + LONGEST))
  }

  async check(keys: string[]): Promise<void> {
    await this.#node(keys[0] as string).check()
  }

  close(): void {
    for (const node of this.#nodes.values()) node.close()
  }

  /** Where a key is now. */
  #node(key: string): GroupCommit {
    const { redis } = this.main
    if (!redis.isCluster) return this.#nodes.get('') ?? this.#join('', redis as Redis)
    const cluster = redis as Cluster
    const name = cluster.slots[calculateSlot(key)]?.[0]
    const known = name === undefined ? undefined : this.#nodes.get(name)
    if (known) return known
    const master = cluster.nodes('master').find((node) => addressOf(node) === name)
    if (name === undefined || !master) {
      this.#astray()
      throw new NotSent(`no master is known for slot ${calculateSlot(key)}`)
    }
    this.#leaveOthers(cluster)
    return this.#join(name, master)
  }

  #join(name: string, like: Redis): GroupCommit {
    const redis = like.duplicate(OWN)
    redis.on('error', (error) => this.main.redis.emit('error', error))
    const node = new GroupCommit(redis, this.level, this.main.fsyncAlways, () => this.#astray())
    this.#nodes.set(name, node)
    return node
  }

  /** One that was a master, and is known to have come back as a replica, is left as if it were gone. */
  #leaveOthers(cluster: Cluster): void {
    const masters = new Set(cluster.nodes('master').map(addressOf))
    for (const name of this.#nodes.keys()) if (!masters.has(name)) this.#leave(name)
  }

  #leave(name: string): void {
    this.#nodes.get(name)?.close()
    this.#nodes.delete(name)
  }

  /** The slots may be on other masters now. */
  #astray(): void {
    const { redis } = this.main
    if (redis.isCluster && !this.closed) (redis as Cluster).refreshSlotsCache(() => {})
  }
}
