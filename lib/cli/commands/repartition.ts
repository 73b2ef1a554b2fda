import { Command } from 'commander'
import { whole } from '../options.ts'
import { count, print } from '../output.ts'
import { type Shared, withQueue } from '../session.ts'

const NOTES = `
The queue goes on meanwhile. With fewer partitions the others are drained: they get nothing new, and workers receive from
them until nothing is left. Run it again with the same number to see how many are left, and to drop those that are empty.

Example:
  $ boomerang repartition videos 6`

export function repartition(): Command {
  return new Command('repartition')
    .description('change the number of partitions of a queue')
    .argument('<queue>')
    .argument('<partitions>', 'how many it has from now on', whole)
    .action(async (name: string, partitions: number, _, command: Command) => {
      const shared = command.optsWithGlobals<Shared>()
      const map = await withQueue(shared, name, (queue) => queue.repartition(partitions))
      const left = map.draining > 0 ? `; ${count(map.draining, 'former partition')} still hold something` : ''
      print(shared, { queue: name, ...map }, () => `${name} has ${count(map.partitions, 'partition')}${left}`)
    })
    .addHelpText('after', NOTES)
}
