import { Command } from 'commander'
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
    .option('--max-receives <n>', 'attempts before a message becomes a dead letter', whole)
    .option('--max-message-size <bytes>', 'of an encoded body', whole)
    .option('--result-ttl <duration>', 'how long a result is kept')
    .option('--idempotency-window <duration>', 'how long, at least, a completed key is remembered')
    .option('--partitions <n>', 'of a new queue; fixed once it is made', whole)
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
  return withClient(options, async (client) => {
    const queue = client.queue(name, partitions === undefined ? {} : { partitions })
    await queue.configure(wanted)
    return queue.attributes()
  })
}

function attributes(options: Options): Attributes {
  const { maxReceives, visibility, delay, maxMessageSize, resultTtl, idempotencyWindow } = options
  const given = { visibility, delay, maxMessageSize, resultTtl, idempotencyWindow }
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...(maxReceives !== undefined && { deadLetter: { maxReceives } }),
  }
}

const COUNTS = ['maxReceives', 'partitions']

function shown(stored: object): string {
  const rows = Object.entries(stored).map(([name, value]) => [name, readable(name, value)])
  return table(['attribute', 'value'], rows)
}

function readable(name: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (COUNTS.includes(name)) return String(value)
  return name === 'maxMessageSize' ? `${Number(value).toLocaleString('en')} bytes` : inWords(Number(value))
}
