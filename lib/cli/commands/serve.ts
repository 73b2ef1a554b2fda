import { Command, Option } from 'commander'
import { isOneOfSeveral } from '../../http/index.ts'
import { duration } from '../duration.ts'
import { Refusal } from '../exit.ts'
import { atLeastOne, whole } from '../options.ts'
import { serveAlone } from '../serve/alone.ts'
import { bytes, commaList, processCount, type ServeOptions } from '../serve/options.ts'
import { serveTogether } from '../serve/several.ts'

const NOTES = `
Try it:
  $ boomerang serve
  $ aws --endpoint-url http://127.0.0.1:9324 sqs create-queue --queue-name videos
  $ boomerang work ./handlers.js

Accounts, users and policies are in boomerang.yaml, or one key in BOOMERANG_ACCESS_KEY_ID and
BOOMERANG_SECRET_ACCESS_KEY; without them any key is accepted, on this machine only.

Signals:
  SIGTERM and SIGINT stop it well: long polls are answered at once, what runs has the grace. A second one ends it at once.
  SIGHUP reads the configuration and the certificate anew.

Exit codes:
  0  stopped well
  1  refused: an option, the configuration, the port
  3  Redis cannot be reached at the start
  4  stopped well after an exception that nobody caught
  5  forced by a second signal`

export function serve(): Command {
  return new Command('serve')
    .description('answer the SQS API over HTTP, for any AWS SDK')
    .option('--port <port>', 'listen on this port (0: any free one)', whole, 9324)
    .option('--host <host>', 'on this address; others than those of this machine need accounts', '127.0.0.1')
    .option('--config <file>', 'accounts, users and policies (default: boomerang.yaml, if it is there)')
    .option('--region <region>', "in the ARNs of queues (default: the configuration's, else us-east-1)")
    .option('--public-url <url>', "where clients reach it, for QueueUrls (default: by the requests' hosts)")
    .option('--cert <file>', 'serve HTTPS with this certificate (PEM)')
    .option('--key <file>', 'and this key')
    .option('--trust-proxy <addresses>', 'proxies whose X-Forwarded headers count: 10.0.0.0/8,…', commaList, [])
    .option('--insecure', 'accept any key though other machines can reach it')
    .option('--processes <n>', "so many processes, restarted when they die; 'cores' for one a core", processCount, 1)
    .addOption(sized('--max-request <bytes>', 'larger requests are refused', '8MiB'))
    .option('--max-connections <n>', 'of each process; more are turned away', atLeastOne, 20_000)
    .addOption(
      new Option('--grace <duration>', 'how long what runs may take to end when stopped')
        .argParser(duration)
        .default(duration('30s'), '30s'),
    )
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<ServeOptions>()
      const several = options.processes > 1 && !isOneOfSeveral()
      if (several && options.redis.startsWith('memory:')) {
        throw new Refusal('--processes needs a Redis: memory: is that of a single process')
      }
      process.exit(await (several ? serveTogether(options) : serveAlone(options)))
    })
    .addHelpText('after', NOTES)
}

function sized(flags: string, description: string, usual: string): Option {
  return new Option(flags, description).argParser(bytes).default(bytes(usual), usual)
}
