import { Command } from 'commander'
import { confirm } from '../confirm.ts'
import { count, print, table } from '../output.ts'
import { namesOf, type Shared, withClient, withQueue } from '../session.ts'

export function queues(): Command {
  return new Command('queues').description('list the queues of the namespace').action(async (_, command: Command) => {
    const shared = command.optsWithGlobals<Shared>()
    const names = await withClient(shared, namesOf)
    const found = names.map((queue) => ({ queue, type: queue.endsWith('.fifo') ? 'FIFO' : 'standard' }))
    const rows = found.map(({ queue, type }) => [queue, type])
    print(shared, found, () =>
      rows.length > 0 ? table(['queue', 'type'], rows) : `no queues in namespace '${shared.namespace}'`,
    )
  })
}

const NOTES = `
Messages, dead letters, results, and what is known to be done: all of it goes. Workers and senders that still use the queue
are refused, until somebody makes it anew.

Example:
  $ boomerang remove videos --yes`

export function remove(): Command {
  return new Command('remove')
    .description('remove a queue with everything it holds')
    .argument('<queue>')
    .option('--yes', 'do not ask')
    .action(async (name: string, _, command: Command) => {
      const options = command.optsWithGlobals<Shared & { yes?: boolean }>()
      await withQueue(options, name, async (queue, client) => {
        const { ready, delayed, inFlight, dead } = await queue.stats()
        const held = `${count(ready + delayed + inFlight, 'message')}, ${count(dead, 'dead letter')}`
        await confirm(options, `remove ${name} with everything it holds (${held}) for good`)
        await client.queues.remove(name)
      })
      print(options, { queue: name, removed: true }, () => `removed ${name}`)
    })
    .addHelpText('after', NOTES)
}
