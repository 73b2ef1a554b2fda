// EVALSHA written to the wire in one piece. The general way, through ioredis's arguments, costs a batch of 500 messages
// some 2,000 small buffers; ioredis lets a command say how it is written (as its own scripts do).
import { type Cluster, Command, type Redis } from 'ioredis'
import type { Arg, Reply } from './connection.ts'
import type { Script } from './script.ts'

/** ioredis's command without what is replaced here, some of which it calls private. */
const Base = Command as unknown as new (
  name: 'evalsha',
  args: string[],
  options: { replyEncoding: null },
) => Omit<Command, 'resolve' | 'reject' | 'toWritable'>

const NO_ARGS: Arg[] = []
const FULFILLED: Promise<Reply[]> = Promise.resolve([])

/** Run a script by its digest; `keys` are all of a partition, of which it takes the first. Rejects with NOSCRIPT where the server does not know it. */
export function evalsha(redis: Redis | Cluster, script: Script, keys: string[], args: Arg[]): Promise<Reply[]> {
  const command: unknown = new ScriptCommand(script, keys, args)
  return redis.sendCommand(command as Command) as Promise<Reply[]>
}

/** The same with the whole text, for a server that does not know the digest. */
export function evaluate(redis: Redis | Cluster, script: Script, keys: string[], args: Arg[]): Promise<Reply[]> {
  const taken = keys.slice(0, script.keys)
  return redis.callBuffer('EVAL', script.text, String(taken.length), ...taken, ...args) as Promise<Reply[]>
}

class ScriptCommand extends Base {
  readonly #head: Head
  #args: Arg[]
  // Set before this class's own fields are: `initPromise` is called by the constructor of ioredis's command.
  declare private fulfil: (reply: Reply[]) => void
  declare private refuse: (error: Error) => void

  constructor(script: Script, keys: string[], args: Arg[]) {
    const head = headOf(script, keys)
    // What ioredis itself reads: the name, and on a cluster the keys.
    super('evalsha', head.words, { replyEncoding: null })
    this.#head = head
    this.#args = args
  }

  /**
   * In ioredis's own way each command assigns a function literal to a property. V8 takes such a function for a method and
   * allocates it among what lives long: arguments and replies would outlive every collection but the rare great ones.
   */
  initPromise(): void {
    this.promise = new Promise<Reply[]>((fulfil, refuse) => {
      this.fulfil = fulfil
      this.refuse = refuse
    })
  }

  /** On a cluster ioredis assigns such a function to each command all the same: it holds what the command holds, so that is let go. */
  resolve(reply: Reply[]): void {
    this.fulfil(reply)
    this.isResolved = true
    this.#args = NO_ARGS
    this.promise = FULFILLED
    this.fulfil = nothing
    this.refuse = nothing
  }

  reject(error: Error): void {
    this.refuse(error)
  }

  toWritable(): Buffer {
    const args = this.#args
    const parts: (string | Buffer)[] = []
    let text = `*${1 + this.#head.words.length + args.length}\r\n${this.#head.text}`
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

function nothing(): void {}

/** Digest, number of keys and keys, and how they are written with the name in front: the same in every call of a script in a partition. */
interface Head {
  words: string[]
  text: string
}

const heads = new WeakMap<string[], Map<Script, Head>>()

/** All words are ASCII. */
function headOf(script: Script, keys: string[]): Head {
  let known = heads.get(keys)
  if (!known) heads.set(keys, (known = new Map()))
  let head = known.get(script)
  if (!head) {
    const words = [script.sha1, String(script.keys), ...keys.slice(0, script.keys)]
    head = { words, text: ['EVALSHA', ...words].map((word) => `$${word.length}\r\n${word}\r\n`).join('') }
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
