import { Command, Option } from 'commander'
import type { PeekedMessage } from '../../index.ts'
import { inWords } from '../duration.ts'
import { whole } from '../options.ts'
import { oneLine, print, table } from '../output.ts'
import { type Shared, withQueue } from '../session.ts'

interface Options extends Shared {
  state: 'ready' | 'in-flight'
  limit?: number
  cursor?: string
}

const EXAMPLES = `
Peeking changes nothing: no receive is counted and no worker waits for it.

Examples:
  $ boomerang peek videos                           the next 10, in the order in which they fall due
  $ boomerang peek videos --state in-flight         what workers have in hand, and until when
  $ boomerang peek videos --limit 100 --json | jq -r '.messages[].body.url'
  $ boomerang peek videos --cursor 0_1767222000000_10    goes on where the last page ended`

export function peek(): Command {
  return new Command('peek')
    .description('look at messages without receiving them')
    .argument('<queue>')
    .addOption(new Option('--state <state>', 'which messages').choices(['ready', 'in-flight']).default('ready'))
    .option('--limit <n>', 'how many (default: 10)', whole)
    .option('--cursor <cursor>', 'where to go on, as the last page said')
    .action(async (name: string, _, command: Command) => {
      const options = command.optsWithGlobals<Options>()
      const { limit, cursor } = options
      const page = await withQueue(options, name, (queue) =>
        queue.peek({
          state: options.state === 'ready' ? 'ready' : 'inFlight',
          ...(limit !== undefined && { limit }),
          ...(cursor !== undefined && { cursor }),
        }),
      )
      print(options, page, () => shown(page))
    })
    .addHelpText('after', EXAMPLES)
}

function shown({ messages, cursor }: { messages: PeekedMessage[]; cursor?: string }): string {
  if (messages.length === 0) return 'no messages'
  const rows = messages.map(({ id, body, sentAt, deliveries, dueAt }) => [
    id,
    `${inWords(Math.max(Date.now() - sentAt.getTime(), 0))} ago`,
    deliveries,
    due(dueAt),
    oneLine(body),
  ])
  const all = table(['id', 'sent', 'deliveries', 'due', 'body'], rows)
  return cursor === undefined ? all : `${all}\nmore: --cursor ${cursor}`
}

function due(at: Date): string {
  const left = at.getTime() - Date.now()
  return left > 0 ? `in ${inWords(left)}` : 'now'
}
