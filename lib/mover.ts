// Runs the tasks that move messages out of a queue. What is done is counted in the partitions, so that another process can go on.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Backend } from './backend.ts'
import type { Content } from './content.ts'
import { Closed } from './errors.ts'
import { type Plan, selects, targetOf } from './move-plan.ts'
import type { Partition } from './redis/partition.ts'
import { type Task, Tasks } from './redis/tasks.ts'
import { type Found, move, survey } from './redis/transit.ts'
import type { Shared } from './shared.ts'

const PAGE = 100
/** With a rate, so many batches a second. */
const BATCHES = 4
/** Another process runs the task by now. */
class Lost extends Error {}

/** One partition, and how many the task has moved there. */
interface Part {
  partition: Partition
  moved: number
}

interface Run {
  queue: string
  task: Task
  plan: Plan
  parts: Part[]
  content: Content
  /** Messages whose source is not known. */
  homeless: number
  began: number
  before: number
}

export class Mover {
  readonly tasks: Tasks
  readonly #busy = new Map<string, Promise<void>>()

  constructor(private readonly shared: Shared) {
    this.tasks = new Tasks(shared.connection, shared.namespace)
  }

  /** Take up a task that nobody runs. Answers whether none is left to be looked at. */
  async look(queue: string): Promise<boolean> {
    if (this.#busy.has(queue)) return false
    const task = await this.tasks.take(queue, this.#deadline())
    if (task) this.run(queue, task)
    if (task) return false
    const [newest] = await this.tasks.list(queue, 1, this.#deadline())
    return !newest || (newest.status !== 'RUNNING' && newest.status !== 'CANCELLING')
  }

  /** Run a task that this process has taken, in the background. */
  run(queue: string, task: Task): void {
    // What fails here is taken up by whoever looks next.
    const done = this.#run(queue, task)
      .catch(() => {})
      .finally(() => this.#busy.delete(queue))
    this.#busy.set(queue, done)
  }

  /** Settles when this process runs no task of the queue any more. */
  async settled(queue: string): Promise<void> {
    await this.#busy.get(queue)
  }

  /** How many a task has moved; `turn`: nobody who had the task before can move any more. */
  async count(backend: Backend, task: Pick<Task, 'started' | 'turn'>): Promise<Part[]> {
    const { lanes } = await backend.open()
    const read = async ({ partition }: (typeof lanes)[number]) => {
      const { moved, lost } = await move(partition, { ...task, to: '' }, -1, [], this.#deadline())
      if (lost && task.turn > 0) throw new Lost()
      return { partition, moved }
    }
    return Promise.all(lanes.map(read))
  }

  /** End a task that is to be cancelled. Answers how many it has moved. */
  async cancel(queue: string, backend: Backend, task: Task): Promise<number> {
    const moved = total(await this.count(backend, task))
    await this.tasks.end(queue, task, ['CANCELLED', moved], this.#deadline())
    return moved
  }

  async #run(queue: string, task: Task): Promise<void> {
    const backend = await this.shared.outbox.queue(queue)
    if (!backend) return
    if (task.status === 'CANCELLING') return void (await this.cancel(queue, backend, task))
    const plan = JSON.parse(task.what) as Plan
    const parts = await this.count(backend, task)
    const { content } = this.shared
    const run: Run = { queue, task, plan, parts, content, homeless: 0, began: performance.now(), before: total(parts) }
    if (plan.to !== undefined && !(await this.shared.outbox.queue(plan.to))) return this.#end(run, 'QueueDoesNotExist')
    // What was passed over because others went away meanwhile is found by the next round.
    for (let before = -1; before < total(parts) && !this.#full(run); ) {
      before = total(parts)
      run.homeless = 0
      for (const part of parts) await this.#pass(run, part)
    }
    await Promise.all(parts.map(({ partition }) => this.shared.outbox.forward(partition)))
    await this.#end(run, run.homeless > 0 ? 'CouldNotDetermineMessageSource' : undefined)
  }

  async #end({ queue, task, parts }: Run, failure?: string): Promise<void> {
    const status = failure === undefined ? 'COMPLETED' : 'FAILED'
    await this.tasks.end(queue, task, [status, total(parts), failure ?? '-'], this.#deadline())
  }

  /** Go through a partition once. */
  async #pass(run: Run, part: Part): Promise<void> {
    for (let cursor = ''; ; ) {
      const page = await survey(part.partition, run.task.started, cursor, PAGE, this.#deadline())
      const chosen = new Set<Found>()
      for (const one of page.found) {
        const parts = run.content.parts(one.record)
        if (!selects(run.plan, one.short, parts, run.task.started)) continue
        if (targetOf(run.plan, parts) === undefined) run.homeless++
        else chosen.add(one)
      }
      await this.#move(run, part, [...chosen])
      if (page.cursor === '' || this.#full(run)) return
      cursor = goOn(
        page.cursor,
        cursor,
        page.found.filter((one) => !chosen.has(one)),
      )
    }
  }

  async #move(run: Run, part: Part, chosen: Found[]): Promise<void> {
    const { queue, task, plan, parts } = run
    while (chosen.length > 0 && !this.#full(run)) {
      const room = Math.min(PAGE, (plan.limit ?? Number.POSITIVE_INFINITY) - total(parts))
      const list = chosen.splice(0, Math.min(room, Math.ceil((plan.rate ?? PAGE * BATCHES) / BATCHES)))
      const to = { started: task.started, turn: task.turn, to: plan.to ?? '' }
      const { moved, lost } = await move(part.partition, to, part.moved, list, this.#deadline())
      if (lost) throw new Lost()
      part.moved = moved
      if (!(await this.tasks.keep(queue, task, total(parts), this.#deadline()))) throw new Lost()
      await this.#pace(run, part)
    }
  }

  // No faster than asked for, and no faster than others take it.
  async #pace({ plan, parts, began, before }: Run, { partition }: Part): Promise<void> {
    await this.shared.outbox.forward(partition)
    if (plan.rate === undefined) return
    const due = began + ((total(parts) - before) * 1000) / plan.rate
    await sleep(Math.max(due - performance.now(), 0), undefined, { ref: false })
  }

  #full({ plan, parts }: Run): boolean {
    return plan.limit !== undefined && total(parts) >= plan.limit
  }

  #deadline(): number {
    if (this.shared.closed) throw new Closed('the client is closed')
    return performance.now() + this.shared.timeout
  }
}

const total = (parts: Part[]) => parts.reduce((sum, { moved }) => sum + moved, 0)

/** Messages without a group are passed over by number among those of one time: only those that stayed count. */
function goOn(next: string, last: string, stayed: { at: number }[]): string {
  const [, zset, score] = /^(\w+) (\S+) \d+$/.exec(next) ?? []
  if (zset === undefined || score === '-inf') return next
  const [, , before, skip] = /^(\w+) (\S+) (\d+)$/.exec(last) ?? []
  const ms = zset === 'ready' ? Number(score) : Math.floor(Number(score) / 1000)
  const here = stayed.filter(({ at }) => at === ms).length
  return `${zset} ${score} ${here + (before === score ? Number(skip) : 0)}`
}
