import { randomUUID } from 'node:crypto'
import { arnOf, queueNamed } from './arn.ts'
import type { Backend } from './backend.ts'
import { InvalidOption, MoveTaskDoesNotExist, NotADeadLetterQueue, QueueDoesNotExist } from './errors.ts'
import { clock } from './id.ts'
import { type MoveOptions, type Plan, planOf, selects, targetOf } from './move-plan.ts'
import type { Mover } from './mover.ts'
import { known, whole } from './options.ts'
import type { Queues } from './queues.ts'
import type { Task, TaskStatus } from './redis/tasks.ts'
import { survey } from './redis/transit.ts'
import type { Shared } from './shared.ts'

/** A task that moves messages out of a dead-letter queue. */
export interface MoveTask {
  /** Names it, for `moves.cancel`. */
  handle: string
  status: TaskStatus
  from: string
  /** Undefined: each message goes to where it came from. */
  to?: string
  /** Messages a second at the most. */
  rate?: number
  moved: number
  /** How many could be moved when it was started; with a filter, at the most. */
  toMove: number
  failureReason?: string
  startedAt: Date
}

/** What a task would move. */
export interface DryRun {
  /** Messages that would be moved, in all and to each queue. */
  toMove: number
  queues: Record<string, number>
  /** Messages that would stay, for it is not known where they came from. */
  homeless: number
}

const PAGE = 500

/** Tasks that move messages out of dead-letter queues. */
export class Moves {
  /** @internal */
  constructor(
    private readonly shared: Shared,
    private readonly mover: Mover,
    private readonly queues: Queues,
  ) {}

  /**
   * Move messages out of a dead-letter queue, in the background: the task goes on in another process when this one ends. Only what is there when
   * it starts and is not in flight is moved. `dryRun` only says what would be moved.
   */
  start(options: MoveOptions & { dryRun: true }): Promise<DryRun>
  start(options: MoveOptions & { dryRun?: false }): Promise<MoveTask>
  async start(options: MoveOptions & { dryRun?: boolean }): Promise<MoveTask | DryRun> {
    const { from, plan } = planOf(options, this.shared.namespace)
    const source = await this.#existing(from, 'source')
    if (plan.to !== undefined) await this.#existing(plan.to, 'destination')
    if ((await this.queues.sourcesOf(from, { limit: 1 })).names.length === 0)
      throw new NotADeadLetterQueue(`queue ${from} is not the dead-letter queue of any queue`)
    if (options.dryRun) return this.#dryRun(source, plan)
    const toMove = Math.min(await this.#ready(source), plan.limit ?? Number.POSITIVE_INFINITY)
    await this.shared.errands.add('forward', from)
    await this.shared.errands.add('moves', from)
    const task = await this.mover.tasks.start(from, randomUUID(), toMove, JSON.stringify(plan), this.#deadline())
    this.mover.run(from, task)
    return this.#shown(from, task)
  }

  /** The tasks of a queue, the newest first: up to `limit` (1 to 100, 1 unless given). */
  async list(from: string, options: { limit?: number } = {}): Promise<MoveTask[]> {
    known(options, ['limit'], 'moves.list')
    const queue = queueNamed(from, this.shared.namespace)
    const limit = whole(options.limit ?? 1, 'limit', 1, 100)
    const source = await this.#existing(queue, 'source')
    const tasks = await this.mover.tasks.list(queue, limit, this.#deadline())
    const counted = tasks.map(async (task) => {
      if (task.status !== 'RUNNING' && task.status !== 'CANCELLING') return this.#shown(queue, task)
      const parts = await this.mover.count(source, { started: task.started, turn: 0 })
      return this.#shown(queue, { ...task, moved: parts.reduce((sum, { moved }) => sum + moved, 0) })
    })
    return Promise.all(counted)
  }

  /** Cancel a task that runs. Answers how many messages it has moved: no more will be. */
  async cancel(handle: string): Promise<number> {
    const { id, queue } = read(handle, this.shared.namespace)
    const source = await this.#existing(queue, 'source')
    const task = await this.mover.tasks.cancel(queue, id, this.#deadline())
    if (!task) throw new MoveTaskDoesNotExist(`there is no task ${id} that moves messages out of queue ${queue}`)
    return this.mover.cancel(queue, source, task)
  }

  async #dryRun(source: Backend, plan: Plan): Promise<DryRun> {
    const found: DryRun = { toMove: 0, queues: {}, homeless: 0 }
    const { content } = this.shared
    await this.#ready(source)
    const now = clock.now()
    for (const { partition } of (await source.open()).lanes) {
      for (let cursor = ''; ; ) {
        const page = await survey(partition, now, cursor, PAGE, this.#deadline())
        for (const { short, record } of page.found) {
          const parts = content.parts(record)
          if (!selects(plan, short, parts, now) || found.toMove === plan.limit) continue
          const target = targetOf(plan, parts)
          if (target === undefined) found.homeless++
          else [found.toMove, found.queues[target]] = [found.toMove + 1, (found.queues[target] ?? 0) + 1]
        }
        cursor = page.cursor
        if (cursor === '') break
      }
    }
    return found
  }

  async #ready(source: Backend): Promise<number> {
    const { lanes } = await source.open()
    const counts = await Promise.all(lanes.map(({ partition }) => partition.stats(this.#deadline())))
    return counts.reduce((sum, { ready }) => sum + ready, 0)
  }

  async #existing(name: string, role: 'source' | 'destination'): Promise<Backend> {
    const backend = await this.shared.outbox.queue(name)
    if (!backend) throw Object.assign(new QueueDoesNotExist(`queue ${name} does not exist`), { role })
    return backend
  }

  #shown(from: string, { id, status, moved, toMove, failure, started, what }: Task): MoveTask {
    const { to, rate } = JSON.parse(what) as Plan
    const sourceArn = arnOf(this.shared.region, this.shared.namespace, from)
    return {
      handle: Buffer.from(JSON.stringify({ taskId: id, sourceArn })).toString('base64'),
      status,
      from,
      ...(to !== undefined && { to }),
      ...(rate !== undefined && { rate }),
      moved,
      toMove,
      ...(failure !== undefined && { failureReason: failure }),
      startedAt: new Date(started),
    }
  }

  #deadline(): number {
    return performance.now() + this.shared.timeout
  }
}

function read(handle: string, namespace: string): { id: string; queue: string } {
  try {
    const { taskId, sourceArn } = JSON.parse(Buffer.from(handle, 'base64').toString()) as Record<string, unknown>
    if (typeof taskId === 'string') return { id: taskId, queue: queueNamed(sourceArn, namespace) }
  } catch (cause) {
    throw new InvalidOption('a task is named by the handle that `moves.start` or `moves.list` answered', { cause })
  }
  throw new InvalidOption('a task is named by the handle that `moves.start` or `moves.list` answered')
}
