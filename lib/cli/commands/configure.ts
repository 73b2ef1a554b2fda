import { Command, Option } from 'commander'
import type { Attributes } from '../../index.ts'
import { inWords } from '../duration.ts'
import { whole } from '../options.ts'
import { print, table } from '../output.ts'
import { type Shared, withClient, withQueue } from '../session.ts'

interface Options extends Shared {
  visibility?: string
  delay?: string
  maxReceives?: number
  maxMessageSize?: number
  resultTtl?: string
  idempotencyWindow?: string
  retention?: string
  wait?: string
  deadLetterQueue?: string
  redriveAllow?: string
  maxInFlight?: number
  contentBasedDeduplication?: boolean
  deduplicationScope?: 'queue' | 'messageGroup'
  partitions?: number
}

const EXAMPLES = `
Attributes live in Redis and hold for all processes from now on. Without options they are shown; with options a queue
that does not exist is made.

Examples:
  $ boomerang configure videos                                  show them
  $ boomerang configure videos --visibility 2m --max-receives 3
  $ boomerang configure orders --partitions 4                   a new queue, spread over four partitions`

export function configure(): Command {
  return new Command('configure')
    .description('show or change the attributes of a queue')
    .argument('<queue>')
    .option('--visibility <duration>', 'how long a received message stays hidden')
    .option('--delay <duration>', 'how long a new message waits')
    .option('--retention <duration>', 'messages older than this are not delivered any more')
    .option('--wait <duration>', 'how long a receive waits that does not say it')
    .option('--dead-letter-queue <queue>', "where dead letters go, by name or ARN; '' for nowhere else")
    .option('--redrive-allow <queues>', "whose dead letters it takes: 'all', 'none' or names with commas")
    .option('--max-in-flight <n>', 'messages in flight at the most', whole)
    .option('--content-based-deduplication', 'FIFO: deduplicate by content (--no-… for not)')
    .addOption(new Option('--no-content-based-deduplication').hideHelp())
    .addOption(
      new Option('--deduplication-scope <scope>', 'FIFO: where a deduplication id counts').choices([
        'queue',
        'messageGroup',
      ]),
    )
    .option('--max-receives <n>', 'attempts before a message becomes a dead letter', whole)
    .option('--max-message-size <bytes>', 'of an encoded body', whole)
    .option('--result-ttl <duration>', 'how long a result is kept')
    .option('--idempotency-window <duration>', 'how long, at least, a completed key is remembered')
    .option('--partitions <n>', 'of a new queue; `boomerang repartition` changes it later', whole)
    .action(async (name: string, _, command: Command) => {
      const options = command.optsWithGlobals<Options>()
      const wanted = attributes(options)
      const asked = Object.keys(wanted).length > 0 || options.partitions !== undefined
      const stored = await (asked ? change(options, name, wanted) : look(options, name))
      print(options, { queue: name, ...stored }, () => shown(stored))
    })
    .addHelpText('after', EXAMPLES)
}

function look(shared: Shared, name: string) {
  return withQueue(shared, name, (queue) => queue.attributes())
}

function change(options: Options, name: string, wanted: Attributes) {
  const { partitions } = options
  const made = { ...wanted, ...(partitions !== undefined && { partitions }), update: true }
  return withClient(options, (client) => client.queue(name, made).attributes())
}

function attributes(options: Options): Attributes {
  const { maxReceives, deadLetterQueue, redriveAllow, visibility, delay, maxMessageSize, resultTtl } = options
  const { idempotencyWindow, retention, wait, maxInFlight, contentBasedDeduplication, deduplicationScope } = options
  const given = {
    ...{ visibility, delay, maxMessageSize, resultTtl, idempotencyWindow, retention, wait, maxInFlight },
    ...{ contentBasedDeduplication, deduplicationScope },
    redriveAllow: redriveAllow === 'all' || redriveAllow === 'none' ? redriveAllow : redriveAllow?.split(','),
  }
  const deadLetter = {
    ...(deadLetterQueue !== undefined && { queue: deadLetterQueue }),
    ...(maxReceives !== undefined && { maxReceives }),
  }
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...(Object.keys(deadLetter).length > 0 && { deadLetter }),
  }
}

const COUNTS = ['maxReceives', 'partitions', 'maxInFlight', 'noisyInFlight']

function shown(stored: object): string {
  const rows = Object.entries(stored).map(([name, value]) => [name, readable(name, value)])
  return table(['attribute', 'value'], rows)
}

function readable(name: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.join(', ')
  if (typeof value !== 'number') return value === '' ? '-' : String(value)
  if (COUNTS.includes(name)) return value.toLocaleString('en')
  if (name === 'noisyShare') return `${value / 10} %`
  return name === 'maxMessageSize' ? `${value.toLocaleString('en')} bytes` : inWords(value)
}
