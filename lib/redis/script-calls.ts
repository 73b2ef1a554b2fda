// Running scripts in one partition: each call names the version of the queue that this process knows, and where the partition
// knows another, both are brought together and the call is made again.
import { QueueDoesNotExist } from '../errors.ts'
import type { Arg, Reply, Runner } from './connection.ts'
import type { Routing } from './deliveries.ts'
import { keysOf } from './keys.ts'
import { persist } from './persist.ts'
import { Behind, Outdated } from './refusals.ts'
import type { Script } from './script.ts'
import { scripts } from './scripts.generated.ts'
import { accepted, text } from './wire.ts'

/** What this process knows of a queue. */
export interface Knowing {
  /** Of the attributes and the map of partitions. */
  readonly version: string
  /** Bring what the partition and this process know of the queue together; rejects where that cannot be. */
  mend(error: Error): Promise<void>
}

/** How a script is run. */
export interface Running {
  /** A call that was routed by a map which holds no longer rejects with Outdated: it may belong elsewhere now. */
  routing?: Routing | undefined
  /** By what its messages were checked: where that changes meanwhile it rejects with Outdated, too, for they are to be checked again. */
  checkedBy?: string | undefined
  /** How often at most what this process knows of the queue is brought up to date. */
  most?: number
  /** By performance.now(): after it the script is not run any more. */
  deadline?: number
}

/** How often in a row a call is mended before its error is the caller's. */
const MENDINGS = 5

export class ScriptCalls {
  readonly keys: string[]
  /** It is no longer in the map: nothing is left in it, and it hears of no new versions. */
  dropped = false

  constructor(
    readonly tag: string,
    private readonly knowing: Knowing,
    protected readonly connection: Runner,
  ) {
    this.keys = keysOf(tag)
  }

  /** On what the inbox is woken for this partition. */
  get topic(): string {
    return this.keys[0] as string
  }

  /** Any other script of a partition. `mended`: how often at most what this process knows of the queue is brought up to date. */
  call(script: Script, args: Arg[], deadline: number, mended = MENDINGS): Promise<Reply[]> {
    return persist(this.connection, deadline, () => this.run(script, args, { most: mended, deadline }))
  }

  /** Tell the partition what it goes by, making it where it is new. Answers how many messages its last purge removed. */
  async configure(version: number, fields: string, deadline: number): Promise<number> {
    const run = () => this.connection.run(scripts.configure, this.keys, ['0', String(version), fields])
    return accepted(await persist(this.connection, deadline, run))[1] as number
  }

  /** Whether calls can be answered here as they are to be; rejects with DurabilityUnavailable. */
  check(deadline: number): Promise<void> {
    return persist(this.connection, deadline, () => this.connection.check(this.keys))
  }

  protected async count(script: Script, args: Arg[], deadline: number): Promise<number[]> {
    const reply = await persist(this.connection, deadline, () => this.run(script, args))
    return reply.slice(1).map((value) => Number(value instanceof Buffer ? text(value) : value))
  }

  protected async run(
    script: Script,
    args: Arg[],
    { routing, checkedBy, most = MENDINGS, deadline = Number.POSITIVE_INFINITY }: Running = {},
  ): Promise<Reply[]> {
    const fixed = routing?.version ?? checkedBy
    for (let mendings = 0; ; mendings++) {
      const version = routing?.version ?? (this.dropped ? '' : (checkedBy ?? this.knowing.version))
      try {
        return accepted(await this.connection.run(script, this.keys, ['0', version, ...args], deadline))
      } catch (error) {
        const mendable = error instanceof Outdated || error instanceof Behind || error instanceof QueueDoesNotExist
        if (!mendable || mendings === most) throw error
        await this.knowing.mend(error)
        // Its caller has given it up by now: what came after it must not be overtaken.
        if (performance.now() > deadline) throw error
        if (fixed !== undefined && fixed !== this.knowing.version)
          throw new Outdated('the map or the attributes changed')
      }
    }
  }
}
