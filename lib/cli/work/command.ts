import { Command, Option } from 'commander'
import { duration } from '../duration.ts'
import { atLeastOne, collect, whole } from '../options.ts'
import type { Shared } from '../session.ts'
import { workAlone } from './alone.ts'
import type { HealthOptions } from './health.ts'
import type { Setup } from './setup.ts'
import { workTogether } from './together.ts'

interface Options extends Shared {
  queue?: string[]
  concurrency?: number
  visibility?: string
  maxRuntime?: string
  grace: number
  processes: number
  healthPort?: number
  healthHost: string
  healthMaxAge: number
  quiet?: boolean
}

const NOTES = `
The module:
  export async function videos(message, { signal }) {     // handles the queue 'videos'
    return await transcode(message.body.url, { signal })  // returned: done. Thrown: again after a backoff
  }
  export const mail = {                                   // with options of \`new Worker\` and of \`client.queue\`
    handler: async (message) => { … },
    options: { concurrency: 2, maxRuntime: '5m' },
    queue: { name: 'outgoing-mail', visibility: '2m' },
  }
  export default async (message) => { … }                 // for the queues that --queue names

TypeScript is run by Node itself from 22.18 on, otherwise by tsx where it is installed.

Examples:
  $ boomerang work ./handlers.js
  $ boomerang work ./handlers.ts --queue videos --concurrency 8 --processes 4
  $ boomerang work ./handlers.js --json --quiet --health-port 8080

Signals:
  SIGTERM and SIGINT stop it well: nothing new is received, running handlers have the grace, what is not done is given
  back. A second one ends it at once; the messages in hand come back when their visibility timeouts are over.

Exit codes:
  0  stopped well
  1  refused: an option, the module, the queue's attributes
  3  Redis cannot be reached at the start
  4  stopped well after an exception that nobody caught (a handler that throws or rejects never ends the process)
  5  forced: a second signal, or handlers that ignored their signals`

export function work(): Command {
  return new Command('work')
    .description("run a module's handlers as a worker")
    .argument('<module>', 'a file whose exports are handlers')
    .option('--queue <name>', 'only this queue; may be given several times', collect)
    .option('--concurrency <n>', 'handlers that run at a time, for each queue and process (default: 1)', whole)
    .option(
      '--visibility <duration>',
      "how long a message stays hidden, prolonged while its handler runs (default: the queue's)",
    )
    .option('--max-runtime <duration>', 'abort a handler that runs longer')
    .addOption(timed('--grace <duration>', 'how long running handlers may take to end when stopped', '30s'))
    .option('--processes <n>', 'so many processes, restarted when they die', atLeastOne, 1)
    .option('--health-port <port>', 'answer /healthz and /readyz (0: any free port)', whole)
    .option('--health-host <host>', 'on this address', '127.0.0.1')
    .addOption(timed('--health-max-age <duration>', 'not alive when Redis has not answered for so long', '90s'))
    .option('--quiet', 'log only what somebody should look at')
    .action(async (file: string, _, command: Command) => {
      const options = command.optsWithGlobals<Options>()
      const setup = setupOf(file, options)
      const health = healthOf(options)
      const several = options.processes > 1
      process.exit(await (several ? workTogether(setup, options.processes, health) : workAlone(setup, health)))
    })
    .addHelpText('after', NOTES)
}

function timed(flags: string, description: string, usual: string): Option {
  return new Option(flags, description).argParser(duration).default(duration(usual), usual)
}

function setupOf(file: string, options: Options): Setup {
  const { redis, cluster, sentinel, namespace, timeout, allowEviction, durability } = options
  const { json = false, verbose = false, quiet = false } = options
  const { concurrency, visibility, maxRuntime } = options
  const shared = { redis, cluster, sentinel, namespace, timeout, allowEviction, durability }
  return {
    file,
    queues: options.queue ?? [],
    shared: given(shared) as unknown as Shared,
    options: given({ concurrency, visibility, maxRuntime }),
    grace: options.grace,
    log: { json, verbose },
    quiet,
  }
}

function healthOf({ healthPort, healthHost, healthMaxAge }: Options): HealthOptions | undefined {
  return healthPort === undefined ? undefined : { host: healthHost, port: healthPort, maxAge: healthMaxAge }
}

function given<T extends object>(options: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never
}
