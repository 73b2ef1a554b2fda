import { Command } from 'commander'
import { acl as ruleOf } from '../../index.ts'
import { Refusal } from '../exit.ts'
import { collect } from '../options.ts'
import { print } from '../output.ts'
import type { Shared } from '../session.ts'

const ROLES = ['producer', 'consumer', 'admin'] as const

type Options = Shared & { to?: string[]; fsync?: boolean } & Partial<Record<(typeof ROLES)[number], boolean>>

const NOTES = `
Prints what stands behind the name and the password of a user; Redis is not asked. Needs Redis 7 or Valkey, but for --admin.
A dead-letter queue, and queues that follow-ups or moves go to, are named by --to.

Example:
  $ redis-cli ACL SETUSER shop on '>secret' $(boomerang acl videos --producer)
  $ redis-cli ACL SETUSER encoder on '>secret' $(boomerang acl videos --consumer --to videos-dead)`

export function acl(): Command {
  return new Command('acl')
    .description('print the rule of a Redis user who may do one thing with a queue')
    .argument('<queue>')
    .option('--producer', 'send, and await results')
    .option('--consumer', 'receive, and end what was received')
    .option('--admin', 'all that can be done with the queue, also make and remove it')
    .option('--to <queue>', 'messages may go to this queue from there; may be given several times', collect)
    .option('--fsync', 'calls may be answered at the level fsync by WAITAOF, which needs Redis 7.2 or Valkey')
    .action((queue: string, _, command: Command) => {
      const options = command.optsWithGlobals<Options>()
      const { namespace, to = [], fsync = false } = options
      const [role, ...others] = ROLES.filter((name) => options[name])
      if (!role || others.length > 0) throw new Refusal('give one of --producer, --consumer and --admin')
      const words = ruleOf({ namespace, queue, role, to, fsync })
      print(options, { queue, role, rule: words }, () => words.join(' '))
    })
    .addHelpText('after', NOTES)
}
