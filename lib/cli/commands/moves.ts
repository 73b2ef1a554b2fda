import { setTimeout as sleep } from 'node:timers/promises'
import { Command } from 'commander'
import type { Client, MoveOptions, MoveTask } from '../../index.ts'
import { inWords } from '../duration.ts'
import { atLeastOne } from '../options.ts'
import { count, print, table } from '../output.ts'
import { type Shared, withClient } from '../session.ts'

interface Options extends Shared {
  to?: string
  rate?: number
  limit?: number
  reason?: string
  olderThan?: string
  newerThan?: string
  dryRun?: boolean
}

const LOOK_EVERY = 200

const EXAMPLES = `
Messages in a dead-letter queue know where they came from. A task brings them back there, or elsewhere.

Examples:
  $ boomerang moves start videos-dead --dry-run            what would be moved, and where to
  $ boomerang moves start videos-dead --rate 50            all, 50 a second; ends when they are moved
  $ boomerang moves start videos-dead --to archive --older-than 7d
  $ boomerang moves list videos-dead                       the tasks so far`

export function moves(): Command {
  return new Command('moves')
    .description('move messages out of a dead-letter queue, back to where they came from')
    .addCommand(start())
    .addCommand(list())
    .addCommand(cancel())
    .addHelpText('after', EXAMPLES)
}

function start(): Command {
  return new Command('start')
    .description('move messages, and wait until it is done')
    .argument('<queue>', 'the dead-letter queue')
    .option('--to <queue>', 'where they go (default: each to where it came from)')
    .option('--rate <n>', 'messages a second at most, 1 to 500', atLeastOne)
    .option('--limit <n>', 'messages at most', atLeastOne)
    .option('--reason <reason>', 'only those that died for it: maxReceives or rejected')
    .option('--older-than <duration>', 'only those sent longer ago')
    .option('--newer-than <duration>', 'only those sent less long ago')
    .option('--dry-run', 'only say what would be moved')
    .action(async (from: string, _, command: Command) => {
      const options = command.optsWithGlobals<Options>()
      await withClient(options, async (client) => {
        if (options.dryRun) {
          const found = await client.moves.start({ ...wanted(from, options), dryRun: true })
          const lines = Object.entries(found.queues).map(([queue, number]) => `${count(number, 'message')} to ${queue}`)
          const text = lines.length > 0 ? `would move ${lines.join(', ')}` : 'would move nothing'
          return print(options, found, () =>
            found.homeless > 0 ? `${text}; ${found.homeless} would stay: it is not known where they came from` : text,
          )
        }
        const { handle } = await client.moves.start(wanted(from, options))
        const task = await ended(client, from, handle)
        print(options, task, () => `${task.status.toLowerCase()}: moved ${count(task.moved, 'message')}${why(task)}`)
      })
    })
}

function list(): Command {
  return new Command('list')
    .description('show the tasks of a dead-letter queue, the newest first')
    .argument('<queue>')
    .option('--limit <n>', 'how many (default: 10)', atLeastOne)
    .action(async (from: string, _, command: Command) => {
      const options = command.optsWithGlobals<Options>()
      const tasks = await withClient(options, (client) => client.moves.list(from, { limit: options.limit ?? 10 }))
      print(options, tasks, () => (tasks.length > 0 ? asTable(tasks) : 'no tasks'))
    })
}

function cancel(): Command {
  return new Command('cancel')
    .description('end the task that moves messages out of a queue')
    .argument('<queue>')
    .action(async (from: string, _, command: Command) => {
      const options = command.optsWithGlobals<Options>()
      await withClient(options, async (client) => {
        const [task] = await client.moves.list(from)
        const moved = task?.status === 'RUNNING' ? await client.moves.cancel(task.handle) : undefined
        const text = moved === undefined ? 'no task runs' : `cancelled: moved ${count(moved, 'message')}`
        print(options, { queue: from, moved }, () => text)
      })
    })
}

function wanted(from: string, { to, rate, limit, reason, olderThan, newerThan }: Options): MoveOptions {
  const filter = { ...(reason && { reason }), ...(olderThan && { olderThan }), ...(newerThan && { newerThan }) }
  return { from, ...(to && { to }), ...(rate && { rate }), ...(limit && { limit }), filter } as MoveOptions
}

async function ended(client: Client, from: string, handle: string): Promise<MoveTask> {
  for (;;) {
    const task = (await client.moves.list(from, { limit: 100 })).find((one) => one.handle === handle) as MoveTask
    if (task.status !== 'RUNNING' && task.status !== 'CANCELLING') return task
    await sleep(LOOK_EVERY)
  }
}

const why = ({ failureReason }: MoveTask) => (failureReason === undefined ? '' : ` (${failureReason})`)

function asTable(tasks: MoveTask[]): string {
  const rows = tasks.map((task) => [
    `${inWords(Math.max(Date.now() - task.startedAt.getTime(), 0))} ago`,
    task.status.toLowerCase() + why(task),
    task.moved,
    task.toMove,
    task.to ?? 'where they came from',
  ])
  return table(['started', 'status', 'moved', 'of', 'to'], rows)
}
