import { Command } from 'commander'
import { print } from '../output.ts'
import { type Shared, withQueue } from '../session.ts'

export function pause(): Command {
  return new Command('pause')
    .description('hand out no messages of a queue any more, to any worker')
    .argument('<queue>')
    .action(async (name: string, _, command: Command) => {
      const shared = command.optsWithGlobals<Shared>()
      await withQueue(shared, name, (queue) => queue.pause())
      print(
        shared,
        { queue: name, paused: true },
        () => `${name} is paused: sends and running handlers go on, nothing new is received`,
      )
    })
    .addHelpText('after', '\nExample:\n  $ boomerang pause videos\n  $ boomerang resume videos')
}

export function resume(): Command {
  return new Command('resume')
    .description('hand out the messages of a paused queue again')
    .argument('<queue>')
    .action(async (name: string, _, command: Command) => {
      const shared = command.optsWithGlobals<Shared>()
      await withQueue(shared, name, (queue) => queue.resume())
      print(shared, { queue: name, paused: false }, () => `${name} goes on`)
    })
}
