import { Command } from 'commander'
import type { Client, Stats } from '../../index.ts'
import { inWords } from '../duration.ts'
import { print, table } from '../output.ts'
import { namesOf, type Shared, withClient, withQueue } from '../session.ts'

type Line = { queue: string; paused: boolean } & Stats

const EXAMPLES = `
Examples:
  $ boomerang stats                  all queues of the namespace
  $ boomerang stats videos mail      some of them
  $ boomerang stats videos --json | jq .ready

Columns:
  ready      receivable now          in flight  received, hidden while a worker is at it
  delayed    receivable later        dead       put aside after too many attempts, or rejected
  oldest     age of the oldest message that is ready
  processed  completed keys that are remembered

With --json: one document a queue, the oldest age in ms as \`oldestAge\`.`

export function stats(): Command {
  return new Command('stats')
    .description('count what queues hold')
    .argument('[queues...]', 'all queues unless given')
    .action(async (names: string[], _, command: Command) => {
      const shared = command.optsWithGlobals<Shared>()
      const lines = await (names.length > 0 ? named(shared, names) : withClient(shared, all))
      if (shared.json) for (const line of lines) print(shared, line, String)
      else
        print(shared, lines, () => (lines.length > 0 ? asTable(lines) : `no queues in namespace '${shared.namespace}'`))
    })
    .addHelpText('after', EXAMPLES)
}

async function all(client: Client): Promise<Line[]> {
  return Promise.all((await namesOf(client)).map((name) => line(client, name)))
}

function named(shared: Shared, names: string[]): Promise<Line[]> {
  return Promise.all(names.map((name) => withQueue(shared, name, (_, client) => line(client, name))))
}

async function line(client: Client, name: string): Promise<Line> {
  const queue = client.queue(name)
  const [counts, { paused }] = await Promise.all([queue.stats(), queue.attributes()])
  return { queue: name, paused, ...counts }
}

function asTable(lines: Line[]): string {
  const head = ['queue', 'ready', 'delayed', 'in flight', 'dead', 'oldest', 'processed', '']
  const rows = lines.map(({ queue, ready, delayed, inFlight, dead, oldestAge, processed, paused }) => {
    const oldest = ready > 0 ? inWords(oldestAge) : '-'
    return [queue, ready, delayed, inFlight, dead, oldest, processed, paused ? 'paused' : '']
  })
  return table(head, rows)
}
