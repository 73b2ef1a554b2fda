import { Command, Option } from 'commander'
import type { Queue, SendOptions } from '../../index.ts'
import { bodyOf, fileBody, type Kind } from '../bodies.ts'
import { Refusal } from '../exit.ts'
import { print } from '../output.ts'
import { sendLines } from '../send-lines.ts'
import { type Shared, withClient } from '../session.ts'

interface Options extends Shared {
  jsonValue?: boolean
  text?: boolean
  file?: string
  key?: string
  delay?: string
  id?: string
}

const EXAMPLES = `
A body that begins with { or [ is JSON, anything else is text; --json-value and --text say it outright. Without a body,
each line of the standard input is a message. The queue is made if it does not exist.

Examples:
  $ boomerang send videos '{"url": "https://example.com/sea.mp4"}'
  $ boomerang send videos '{"order": 7}' --key order-7      once in effect, however often it is sent
  $ boomerang send mail 'good morning' --delay 8h
  $ boomerang send scans --file page.png                    the bytes of a file
  $ jq -c '.[]' orders.json | boomerang send orders         one message a line

With --json: { id, duplicate?, result? } for each message, { error: { code, message } } for one that was refused.`

export function send(): Command {
  return new Command('send')
    .description('put messages into a queue')
    .argument('<queue>')
    .argument('[body]', 'the lines of the standard input unless given')
    .addOption(new Option('--json-value', 'the body is JSON, whatever it begins with').conflicts('text'))
    .option('--text', 'the body is text, whatever it begins with')
    .option('--file <path>', 'the body is what a file holds')
    .option('--key <key>', 'idempotency key: what must take effect once')
    .option('--delay <duration>', 'how long until the message can be received')
    .option('--id <id>', 'of an earlier send whose outcome is not known: never stored twice')
    .action(async (name: string, body: string | undefined, _, command: Command) => {
      const options = command.optsWithGlobals<Options>()
      const one = single(body, options)
      await withClient(options, async (client) => {
        const queue = client.queue(name)
        await (one ? sendOne(queue, one.body, options) : sendLines(queue, process.stdin, kindOf(options), options))
      })
    })
    .addHelpText('after', EXAMPLES)
}

function kindOf({ jsonValue, text }: Options): Kind {
  return jsonValue ? 'json' : text ? 'text' : 'guess'
}

/** The one message that the command line names, or nothing where they come as lines. */
function single(body: string | undefined, options: Options): { body: unknown } | undefined {
  if (options.file !== undefined) {
    if (body !== undefined) throw new Refusal('give a body or --file, not both')
    return { body: fileBody(options.file, kindOf(options)) }
  }
  if (body !== undefined) return { body: bodyOf(body, kindOf(options)) }
  if (options.key !== undefined || options.id !== undefined)
    throw new Refusal('--key and --id are for one message: give its body')
  if (process.stdin.isTTY) throw new Refusal('nothing to send: give a body, --file, or lines on the standard input')
  return undefined
}

async function sendOne(queue: Queue, body: unknown, options: Options): Promise<void> {
  const { key, delay, id } = options
  const given: SendOptions = {
    ...(key !== undefined && { idempotencyKey: key }),
    ...(delay !== undefined && { delay }),
    ...(id !== undefined && { id }),
  }
  const sent = await queue.send(body, given)
  print(options, sent, () => {
    if (!sent.duplicate) return `sent ${sent.id}`
    if (!sent.id) return 'duplicate: this key is done'
    return `duplicate of ${sent.id}, which is ${'result' in sent ? 'done' : 'pending'}`
  })
}
