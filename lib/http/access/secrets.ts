// The secrets of access keys: they come from the environment or from files that only their owner can read, and go nowhere.
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { inspect } from 'node:util'

const HIDDEN = '***'

/** A text that does not show in output, whoever prints it. */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  reveal(): string {
    return this.#text
  }

  toString(): string {
    return HIDDEN
  }

  toJSON(): string {
    return HIDDEN
  }

  [inspect.custom](): string {
    return HIDDEN
  }
}

/** A secret, or what is wrong with it: in words that do not repeat what was given, as that may be the secret itself. */
export type Read = Secret | string

export function secretOfEnvironment(name: string, env: NodeJS.ProcessEnv): Read {
  const text = env[name]
  return text === undefined ? 'the environment has no variable of this name' : secretOf(text)
}

export function secretOfFile(path: string): Read {
  let file: number
  try {
    // Not to wait where it is a pipe.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    return `the file of a secret cannot be read (${(error as NodeJS.ErrnoException).code})`
  }
  try {
    const stat = fstatSync(file)
    const { mode, uid, size } = stat
    if (!stat.isFile()) return 'the file of a secret must be a plain file'
    const own = process.getuid?.() ?? uid
    if (uid !== own || (mode & 0o077) !== 0) {
      return "the file of a secret must be this process's own, and nobody else may read it: chmod 600"
    }
    if (size > MOST) return WRONG
    return secretOf(readFileSync(file, 'utf8').replace(/\r?\n$/, ''))
  } catch (error) {
    return `the file of a secret cannot be read (${(error as NodeJS.ErrnoException).code})`
  } finally {
    closeSync(file)
  }
}

const MOST = 1024
const WRONG = 'a secret has 16 to 1000 characters, all of them printable ones of ASCII and no spaces'

function secretOf(text: string): Read {
  return /^[!-~]{16,1000}$/.test(text) ? new Secret(text) : WRONG
}
