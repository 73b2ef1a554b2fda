import { Command } from 'commander'
import { confirm } from '../confirm.ts'
import { count, print } from '../output.ts'
import { type Shared, withClient, withQueue } from '../session.ts'

export function queues(): Command {
  return new Command('queues').description('list the queues of the namespace').action(async (_, command: Command) => {
    const shared = command.optsWithGlobals<Shared>()
    const names = await withClient(shared, (client) => client.queues.list())
    print(shared, names, () => (names.length > 0 ? names.join('\n') : `no queues in namespace '${shared.namespace}'`))
  })
}

const NOTES = `
Messages, dead letters, results, and what is known to be done: all of it goes. A worker or a sender that still uses the
queue makes it again, empty.

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
