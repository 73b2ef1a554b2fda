// boomerang.yaml: accounts, their users, whose the access keys are and what the users may do.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { InvalidOption } from '../../index.ts'
import { type Item, Source } from './document.ts'
import type { Identity } from './identity.ts'
import { compilePolicy, type Policy } from './policy/parse.ts'
import { Secret, secretOfEnvironment, secretOfFile } from './secrets.ts'
import type { Key } from './signature.ts'

export interface Configuration {
  /** The region in ARNs, if it says. */
  region?: string
  /** Ids: namespaces of the library. */
  accounts: ReadonlySet<string>
  /** How many there are, in all accounts. */
  users: number
  /** By their ids; those that are switched off are not among them. */
  keys: ReadonlyMap<string, Key>
}

export const DEFAULT_FILE = 'boomerang.yaml'
const FROM_ENVIRONMENT = { id: 'BOOMERANG_ACCESS_KEY_ID', secret: 'BOOMERANG_SECRET_ACCESS_KEY' }
const MOST_KEYS = 2
const ACCOUNT = /^[A-Za-z0-9_.-]{1,80}$/
const USER = /^[\w+=,.@-]{1,64}$/
const KEY_ID = /^[A-Z0-9]{16,128}$/
const REGION = /^[a-z0-9-]{1,40}$/

/** That of a file, else of `boomerang.yaml` where it is there, else of the environment; undefined where there is none. */
export function findConfiguration(
  file: string | undefined,
  namespace: string,
  env: NodeJS.ProcessEnv = process.env,
): Configuration | undefined {
  if (file !== undefined || existsSync(DEFAULT_FILE)) return readConfiguration(file ?? DEFAULT_FILE, env)
  return environmentConfiguration(namespace, env)
}

/** One account with one key, that of the account itself. */
export function environmentConfiguration(namespace: string, env: NodeJS.ProcessEnv): Configuration | undefined {
  const id = env[FROM_ENVIRONMENT.id]
  if (id === undefined && env[FROM_ENVIRONMENT.secret] === undefined) return undefined
  if (id === undefined) throw new InvalidOption(`${FROM_ENVIRONMENT.secret} is set, but not ${FROM_ENVIRONMENT.id}`)
  if (!KEY_ID.test(id)) throw new InvalidOption(`${FROM_ENVIRONMENT.id}: ${WRONG_ID}`)
  const secret = secretOfEnvironment(FROM_ENVIRONMENT.secret, env)
  if (typeof secret === 'string') throw new InvalidOption(`${FROM_ENVIRONMENT.secret}: ${secret}`)
  return {
    accounts: new Set([namespace]),
    users: 0,
    keys: new Map([[id, { secret, identity: identityOf(namespace) }]]),
  }
}

/** Throws InvalidOption that says all that is wrong, a line each: `file:line:column: what is wrong`. */
export function readConfiguration(file: string, env: NodeJS.ProcessEnv = process.env): Configuration {
  const problems: string[] = []
  const reader = new Reader(file, env, problems)
  const configuration = reader.read()
  if (problems.length > 0) throw new InvalidOption(problems.join('\n'))
  return configuration
}

const WRONG_ID = 'the id of a key is 16 to 128 capital letters and digits'
const WRONG_SECRET = 'a secret is { env: NAME } or { file: PATH }: it never stands in the configuration itself'

class Reader {
  readonly #keys = new Map<string, Key>()
  /** Those that are switched off, too. */
  readonly #ids = new Set<string>()

  constructor(
    private readonly file: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly problems: string[],
  ) {}

  read(): Configuration {
    const root = this.#open(this.file, (reason) => this.problems.push(`${this.file}: ${reason}`))
    const { region, accounts } = root?.members(['region', 'accounts'], 'a configuration has `accounts`') ?? {}
    const entries = accounts?.entries('`accounts` has an entry for each account, by its id') ?? []
    if (root && entries.length === 0) root.wrong('a configuration has `accounts`, with an entry for each')
    const users = entries.reduce((count, { name, key, value }) => count + this.#account(name, key, value), 0)
    const named = region?.text('`region` is a text')
    if (named !== undefined && !REGION.test(named)) {
      region?.wrong("a region is 1 to 40 small letters, digits and '-'")
    }
    return {
      ...(named === undefined ? {} : { region: named }),
      accounts: new Set(entries.map(({ name }) => name)),
      users,
      keys: this.#keys,
    }
  }

  /** How many users it has. */
  #account(id: string, key: Item, account: Item): number {
    if (!ACCOUNT.test(id)) key.wrong("an account is 1 to 80 letters, digits, '.', '-' and '_'")
    const { keys, users } = account.members(['keys', 'users'], 'an account has `keys`, `users` or both')
    this.#readKeys(keys, identityOf(id))
    const entries = users?.entries('`users` has an entry for each user, by its name') ?? []
    for (const { name, key, value } of entries) {
      if (!USER.test(name)) key.wrong("a user's name is 1 to 64 letters, digits and any of _+=,.@-")
      const { keys, policies } = value.members(['keys', 'policies'], 'a user has `keys` and `policies`')
      const items = policies?.items('`policies` is a list: of files, or of policies themselves') ?? []
      this.#readKeys(
        keys,
        identityOf(
          id,
          name,
          items.flatMap((item) => this.#policy(item) ?? []),
        ),
      )
    }
    return entries.length
  }

  #readKeys(keys: Item | undefined, identity: Identity): void {
    const items = keys?.items('`keys` is a list such as [{ id: AKIA…, secret: { env: NAME } }]') ?? []
    if (items.length > MOST_KEYS) keys?.wrong(`there are at most ${MOST_KEYS} keys, one to use and one to change to`)
    for (const item of items) {
      const { id, secret, active } = item.members(['id', 'secret', 'active'], 'a key has `id` and `secret`')
      const name = id ? id.text(WRONG_ID) : item.wrong('a key has an `id`')
      const read = secret ? this.#secret(secret) : item.wrong(WRONG_SECRET)
      const on = active?.text('`active` is true or false') ?? 'true'
      if (!['true', 'false'].includes(on)) active?.wrong('`active` is true or false')
      if (name === undefined) continue
      if (!KEY_ID.test(name)) id?.wrong(WRONG_ID)
      if (this.#ids.has(name)) id?.wrong('another key has this id')
      this.#ids.add(name)
      if (read && on === 'true') this.#keys.set(name, { secret: read, identity })
    }
  }

  // What is written here may be the secret itself, at any place: so no message repeats it.
  #secret(item: Item): Secret | undefined {
    const entries = item.entries(WRONG_SECRET)
    const [only, more] = entries
    if (only === undefined) return undefined
    if (more !== undefined || !['env', 'file'].includes(only.name)) return item.wrong(WRONG_SECRET)
    const text = only.value.text(WRONG_SECRET)
    if (text === undefined) return undefined
    const read = only.name === 'env' ? secretOfEnvironment(text, this.env) : secretOfFile(this.#beside(text))
    return read instanceof Secret ? read : only.value.wrong(read)
  }

  #policy(item: Item): Policy | undefined {
    const path = item.isText ? item.text('the name of a file, or a policy') : undefined
    const root = item.isText
      ? path && this.#open(this.#beside(path), (reason) => item.wrong(`${path}: ${reason}`))
      : item
    if (!root) return undefined
    const { policy, problems } = compilePolicy(root.plain(), 'identity')
    for (const { path, message } of problems) root.at(path, `\`${shown(path)}\` ${message}`)
    return policy
  }

  #open(path: string, failed: (reason: string) => void): Item | undefined {
    try {
      return new Source(path, readFileSync(path, 'utf8'), this.problems).root
    } catch (error) {
      failed(`the file cannot be read (${(error as NodeJS.ErrnoException).code})`)
      return undefined
    }
  }

  /** Of a path that stands in the configuration: from where that is. */
  #beside(path: string): string {
    return isAbsolute(path) ? path : join(dirname(this.file), path)
  }
}

function identityOf(account: string, user?: string, policies: Policy[] = []): Identity {
  const of = `arn:aws:iam::${account}:`
  if (user === undefined) return { kind: 'root', account, arn: `${of}root`, policies }
  return { kind: 'user', account, arn: `${of}user/${user}`, name: user, policies }
}

/** As in `Statement[0].Effect`. */
function shown(path: ReadonlyArray<string | number>): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('')
  return text === '' ? 'policy' : text.slice(1)
}
