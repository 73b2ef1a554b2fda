import { Command } from 'commander'
import type { DeadLetter } from '../../index.ts'
import { confirm } from '../confirm.ts'
import { inWords } from '../duration.ts'
import { whole } from '../options.ts'
import { count, oneLine, print, table } from '../output.ts'
import { type Shared, withQueue } from '../session.ts'

interface Options extends Shared {
  limit?: number
  cursor?: string
  yes?: boolean
}

const EXAMPLES = `
A message becomes a dead letter after too many attempts (configure --max-receives), or when its handler throws Reject.

Where the queue has a dead-letter queue (configure --dead-letter-queue), they go there: look with peek, put them back with moves.

Examples:
  $ boomerang dead list videos                   which, and why
  $ boomerang dead redrive videos                all of them: another try, attempts count anew
  $ boomerang dead redrive videos --limit 1      the oldest, to see whether it works now
  $ boomerang dead remove videos <id> --yes      one, for good`

export function dead(): Command {
  return new Command('dead')
    .description('look at dead letters, put them back, or remove them')
    .addCommand(list())
    .addCommand(redrive())
    .addCommand(remove())
    .addHelpText('after', EXAMPLES)
}

function list(): Command {
  return new Command('list')
    .description('show the dead letters of a queue, the oldest first')
    .argument('<queue>')
    .option('--limit <n>', 'how many (default: 10)', whole)
    .option('--cursor <cursor>', 'where to go on, as the last page said')
    .action(async (name: string, _, command: Command) => {
      const options = command.optsWithGlobals<Options>()
      const { limit, cursor } = options
      const wanted = { ...(limit !== undefined && { limit }), ...(cursor !== undefined && { cursor }) }
      const page = await withQueue(options, name, (queue) => queue.deadLetters.list(wanted))
      print(options, page, () => shown(page))
    })
}

export function redrive(): Command {
  return new Command('redrive')
    .description('put dead letters back into their queue')
    .argument('<queue>')
    .argument('[ids...]', 'all dead letters unless given')
    .option('--limit <n>', 'only the oldest n', whole)
    .action(async (name: string, ids: string[], _, command: Command) => {
      const options = command.optsWithGlobals<Options>()
      const done = await withQueue(options, name, (queue) => queue.deadLetters.redrive(which(ids, options)))
      const stayed =
        done.duplicates > 0 ? `; ${done.duplicates} stayed: another message with the same key is pending or done` : ''
      print(
        options,
        { queue: name, ...done },
        () => `put ${count(done.redriven, 'message')} back into ${name}${stayed}`,
      )
    })
    .addHelpText('after', '\nExample:\n  $ boomerang redrive videos --limit 100')
}

function remove(): Command {
  return new Command('remove')
    .description('remove dead letters for good')
    .argument('<queue>')
    .argument('[ids...]', 'all dead letters unless given')
    .option('--limit <n>', 'only the oldest n', whole)
    .option('--yes', 'do not ask')
    .action(async (name: string, ids: string[], _, command: Command) => {
      const options = command.optsWithGlobals<Options>()
      const removed = await withQueue(options, name, async ({ deadLetters }) => {
        const there = await deadLetters.count()
        const many = ids.length > 0 ? ids.length : Math.min(options.limit ?? there, there)
        await confirm(options, `remove ${count(many, 'dead letter')} of ${name} for good`)
        return deadLetters.remove(which(ids, options))
      })
      print(options, { queue: name, removed }, () => `removed ${count(removed, 'dead letter')} of ${name}`)
    })
}

function which(ids: string[], { limit }: Options): { ids?: string[]; limit?: number } {
  return { ...(ids.length > 0 && { ids }), ...(limit !== undefined && { limit }) }
}

function shown({ letters, cursor }: { letters: DeadLetter[]; cursor?: string }): string {
  if (letters.length === 0) return 'no dead letters'
  const rows = letters.map(({ id, diedAt, attempts, reason, error, body }) => [
    id,
    `${inWords(Math.max(Date.now() - diedAt.getTime(), 0))} ago`,
    attempts,
    reason,
    oneLine(error, 50),
    oneLine(body, 40),
  ])
  const all = table(['id', 'died', 'attempts', 'reason', 'error', 'body'], rows)
  return cursor === undefined ? all : `${all}\nmore: --cursor ${cursor}`
}
