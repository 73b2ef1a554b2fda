// All commands and the help above them.
import { createRequire } from 'node:module'
import { Command } from 'commander'
import { acl } from './commands/acl.ts'
import { configure } from './commands/configure.ts'
import { dead, redrive } from './commands/dead.ts'
import { moves } from './commands/moves.ts'
import { pause, resume } from './commands/pause.ts'
import { peek } from './commands/peek.ts'
import { purge } from './commands/purge.ts'
import { queues, remove } from './commands/queues.ts'
import { repartition } from './commands/repartition.ts'
import { send } from './commands/send.ts'
import { serve } from './commands/serve.ts'
import { stats } from './commands/stats.ts'
import { addSharedOptions } from './session.ts'
import { work } from './work/command.ts'

const EXAMPLES = `
Try it:
  $ boomerang send videos '{"url": "https://example.com/sea.mp4"}'
  $ boomerang stats
  $ boomerang work ./handlers.js --concurrency 8

Exit codes:
  0 done, 1 refused, 3 Redis cannot be reached; \`work\` has more: boomerang work --help`

export function program(): Command {
  const { version } = createRequire(import.meta.url)('boomerang-mq/package.json') as { version: string }
  const root = inOneSentence(new Command('boomerang'))
    .description('Queues on Redis: send messages, work on them, and look at what is there.')
    .version(version, '--version')
    .exitOverride()
    .addHelpText('after', EXAMPLES)
  addSharedOptions(root)
  const all = [
    work(),
    serve(),
    send(),
    stats(),
    queues(),
    peek(),
    dead(),
    redrive(),
    moves(),
    pause(),
    resume(),
    configure(),
    repartition(),
    purge(),
    remove(),
    acl(),
  ]
  for (const command of all) root.addCommand(inherit(command, root))
  return root
}

function inOneSentence(command: Command): Command {
  return command.configureHelp({ showGlobalOptions: true }).configureOutput({
    outputError: (text, write) => write(`boomerang: ${text.replace(/^error: /, '').replaceAll(/\n(?=\()/g, ' ')}`),
  })
}

/** What `addCommand` leaves to its caller: commands below behave as the one above. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent)
  for (const below of command.commands) inherit(below, command)
  return command
}
