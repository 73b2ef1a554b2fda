import { Command } from 'commander'
import { confirm } from '../confirm.ts'
import { count, print } from '../output.ts'
import { type Shared, withQueue } from '../session.ts'

const NOTES = `
Messages that wait, are delayed or are in flight go; dead letters, results and what is known to be done stay.
To remove a queue with all of that: boomerang remove <queue>

Example:
  $ boomerang purge videos --yes`

export function purge(): Command {
  return new Command('purge')
    .description('remove all messages of a queue')
    .argument('<queue>')
    .option('--yes', 'do not ask')
    .action(async (name: string, _, command: Command) => {
      const options = command.optsWithGlobals<Shared & { yes?: boolean }>()
      const removed = await withQueue(options, name, async (queue) => {
        const { ready, delayed, inFlight } = await queue.stats()
        await confirm(options, `remove ${count(ready + delayed + inFlight, 'message')} from ${name} for good`)
        return queue.purge()
      })
      print(options, { queue: name, removed }, () => `removed ${count(removed, 'message')} from ${name}`)
    })
    .addHelpText('after', NOTES)
}
