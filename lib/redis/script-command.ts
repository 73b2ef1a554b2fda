// EVALSHA written to the wire in one piece. The general way, through ioredis's arguments, costs a batch of 500 messages
// some 2,000 small buffers; ioredis lets a command say how it is written (as its own scripts do).
import { Command } from 'ioredis'
import type { Arg } from './connection.ts'
import type { Script } from './script.ts'

export class ScriptCommand extends Command {
  readonly #script: Script
  readonly #keys: string[]
  readonly #args: Arg[]

  constructor(script: Script, keys: string[], args: Arg[]) {
    // What ioredis itself reads: the name, and on a cluster the keys.
    super('evalsha', [script.sha1, String(keys.length), ...keys], { replyEncoding: null })
    this.#script = script
    this.#keys = keys
    this.#args = args
  }

  override toWritable(): Buffer {
    const args = this.#args
    const parts: (string | Buffer)[] = []
    let text = `*${3 + this.#keys.length + args.length}\r\n${headOf(this.#script, this.#keys)}`
    let length = 0
    for (let i = 0; i < args.length; i++) {
      const arg = args[i] as Arg
      text += `$${arg.length}\r\n`
      if (typeof arg === 'string') {
        text += `${arg}\r\n`
      } else {
        parts.push(text, arg)
        length += text.length + arg.length
        text = '\r\n'
      }
    }
    return joined(parts, text, length + text.length)
  }
}

const heads = new WeakMap<string[], Map<Script, string>>()

/** Name, digest and keys: the same in every call of a script in a partition. All are ASCII. */
function headOf(script: Script, keys: string[]): string {
  let known = heads.get(keys)
  if (!known) heads.set(keys, (known = new Map()))
  let head = known.get(script)
  if (!head) {
    head = ['EVALSHA', script.sha1, String(keys.length), ...keys].map((arg) => `$${arg.length}\r\n${arg}\r\n`).join('')
    known.set(script, head)
  }
  return head
}

/** Texts are ASCII: what may hold more is given as a buffer. */
function joined(parts: (string | Buffer)[], last: string, length: number): Buffer {
  const whole = Buffer.allocUnsafe(length)
  let at = 0
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as string | Buffer
    if (typeof part === 'string') {
      at += whole.write(part, at, 'latin1')
    } else {
      whole.set(part, at)
      at += part.length
    }
  }
  whole.write(last, at, 'latin1')
  return whole
}
