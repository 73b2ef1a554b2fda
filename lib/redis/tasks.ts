// The tasks that move messages out of a queue, at the queue's home (lua/task.lua).
import { MoveTaskRunning } from '../errors.ts'
import type { Connection, Reply } from './connection.ts'
import { homeTag, keysOf } from './keys.ts'
import { persist } from './persist.ts'
import { scripts } from './scripts.generated.ts'
import { accepted, text } from './wire.ts'

export type TaskStatus = 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED'

export interface Task {
  id: string
  /** ms on Redis's clock: names the task in the partitions. */
  started: number
  status: TaskStatus
  /** Rises with everyone who runs the task. */
  turn: number
  moved: number
  toMove: number
  failure: string | undefined
  /** What it was asked to do, as its starter wrote it. */
  what: string
}

interface Asked {
  id?: string
  turn?: number
  moved?: number
  text?: string
}

export class Tasks {
  /** ms for which nobody else takes a task. */
  lease = 10_000

  constructor(
    private readonly connection: Connection,
    private readonly namespace: string,
  ) {}

  /** Start a task; rejects with MoveTaskRunning. */
  async start(queue: string, id: string, toMove: number, what: string, deadline: number): Promise<Task> {
    const [task] = await this.#run(queue, 'start', { id, text: `${toMove} - ${encodeURIComponent(what)}` }, deadline)
    return task as Task
  }

  /** Take the task that runs and that nobody sees to, if there is one. */
  async take(queue: string, deadline: number): Promise<Task | undefined> {
    return (await this.#run(queue, 'take', {}, deadline))[0]
  }

  /** Take a task from whoever runs it, to end it; nothing when it runs no more. */
  async cancel(queue: string, id: string, deadline: number): Promise<Task | undefined> {
    return (await this.#run(queue, 'cancel', { id }, deadline))[0]
  }

  /** Go on with a task; nothing when another does. */
  async keep(queue: string, { id, turn }: Task, moved: number, deadline: number): Promise<Task | undefined> {
    return (await this.#run(queue, 'keep', { id, turn, moved }, deadline))[0]
  }

  async end(
    queue: string,
    { id, turn }: Task,
    [status, moved, failure = '-']: [TaskStatus, moved: number, failure?: string],
    deadline: number,
  ): Promise<void> {
    await this.#run(queue, 'end', { id, turn, moved, text: `${status} ${failure}` }, deadline)
  }

  /** The newest first. */
  list(queue: string, limit: number, deadline: number): Promise<Task[]> {
    return this.#run(queue, 'list', { turn: limit }, deadline)
  }

  async #run(queue: string, verb: string, asked: Asked, deadline: number): Promise<Task[]> {
    const { id = '', turn = 0, moved = 0, text: words = '' } = asked
    const args = ['0', verb, id, String(turn), String(this.lease), String(moved), words]
    const keys = keysOf(homeTag(this.namespace, queue))
    const reply = await persist(this.connection, deadline, () => this.connection.run(scripts.task, keys, args))
    if (text(reply[0]) === 'MoveTaskRunning')
      throw new MoveTaskRunning(`a task moves messages out of queue ${queue} already: wait for it, or cancel it`)
    const list = (accepted(reply)[1] as Reply[]).map(text)
    return Array.from({ length: list.length / 3 }, (_, i) => taskOf(list.slice(3 * i, 3 * i + 3) as Three))
  }
}

type Three = [id: string, started: string, task: string]

function taskOf([id, started, task]: Three): Task {
  const [status, turn, , moved, toMove, failure, what] = task.split(' ') as [TaskStatus, ...string[]]
  return {
    id,
    started: Number(started),
    status,
    turn: Number(turn),
    moved: Number(moved),
    toMove: Number(toMove),
    failure: failure === '-' ? undefined : failure,
    what: decodeURIComponent(what as string),
  }
}
