// Configurations that are refused, and in which words; the files that they name are made by the test.
import { SECRET } from './signing.ts'

export const account = (rest: string) => `accounts:\n  default:\n    ${rest}\n`
export const secret = (rest: string) => account(`keys: [{ id: AKIAROOT00000000, secret: ${rest} }]`)
export const user = (rest: string) => account(`users: { bob: { policies: [${rest}] } }`)
export const NEVER = 'a secret is { env: NAME } or { file: PATH }: it never stands in the configuration itself'
export const SIZES = 'a secret has 16 to 1000 characters, all of them printable ones of ASCII and no spaces'
export const OPEN = "the file of a secret must be this process's own, and nobody else may read it: chmod 600"

/** What is wrong, a line each: what it holds, in order. */
export const WRONG: Array<[text: string, problems: string[]]> = [
  ['', ['1:1: a configuration has `accounts`']],
  [
    'acounts: {}',
    [
      "1:1: there is no 'acounts' here; did you mean 'accounts'?",
      '1:1: a configuration has `accounts`, with an entry for each',
    ],
  ],
  ['accounts: {}', ['1:1: a configuration has `accounts`, with an entry for each']],
  ['region: EU\naccounts: { default: {} }', ["1:9: a region is 1 to 40 small letters, digits and '-'"]],
  ['accounts: { "a b": {} }', ["1:13: an account is 1 to 80 letters, digits, '.', '-' and '_'"]],
  ['accounts:\n  default:', ['2:11: an account has `keys`, `users` or both']],
  [account('user: {}'), ["3:5: there is no 'user' here; did you mean 'users'?"]],
  [account('users: { "b/b": {} }'), ["3:14: a user's name is 1 to 64 letters, digits and any of _+=,.@-"]],
  [account('keys: { id: x }'), ['3:11: `keys` is a list such as [{ id: AKIA…, secret: { env: NAME } }]']],
  [account('keys: [{ secret: { env: ROOT_SECRET } }]'), ['3:12: a key has an `id`']],
  [
    account('keys: [{ id: lower, secret: { env: ROOT_SECRET } }]'),
    ['3:18: the id of a key is 16 to 128 capital letters and digits'],
  ],
  [account('keys: [{ id: AKIAROOT00000000 }]'), [`3:12: ${NEVER}`]],
  [
    account('keys: [{ id: AKIAROOT00000000, secret: { env: ROOT_SECRET }, active: no }]'),
    ['3:74: `active` is true or false'],
  ],
  [
    account(
      'keys: [{ id: AKIAROOT00000000, secret: { env: ROOT_SECRET } }, { id: AKIAROOT00000000, secret: { env: ROOT_SECRET } }]',
    ),
    ['3:74: another key has this id'],
  ],
  [secret(SECRET), [`3:44: ${NEVER}`]],
  [secret(`{ ${SECRET}: }`), [`3:44: ${NEVER}`]],
  [secret(`{ text: ${SECRET} }`), [`3:44: ${NEVER}`]],
  [secret(`[${SECRET}]`), [`3:44: ${NEVER}`]],
  [secret(`{ env: ${SECRET} }`), ['3:51: the environment has no variable of this name']],
  [secret(`{ file: ${SECRET} }`), ['3:52: the file of a secret cannot be read (ENOENT)']],
  [secret('{ env: SHORT }'), [`3:51: ${SIZES}`]],
  [secret('{ env: SPACED }'), [`3:51: ${SIZES}`]],
  [secret('{ file: empty.secret }'), [`3:52: ${SIZES}`]],
  [secret('{ file: open.secret }'), [`3:52: ${OPEN}`]],
  [secret('{ file: . }'), ['3:52: the file of a secret must be a plain file']],
  [secret(`"${SECRET}`), ['this is no valid YAML: missing char']],
  [secret(`*${SECRET}`), [NEVER]],
  [user('nothing.json'), ['3:32: nothing.json: the file cannot be read (ENOENT)']],
  [
    user('{ Statement: { Effect: Allow, Action: x, Resource: "*" } }'),
    ["3:62: `Statement.Action` is '*' or an action such as 'sqs:SendMessage'"],
  ],
  [
    user('wrong.json'),
    [
      "wrong.json:3:19: `Statement[0].Efect` is no element of this; did you mean 'Effect'?",
      "wrong.json:3:17: `Statement[0].Effect` is 'Allow' or 'Deny'",
      "wrong.json:3:37: `Statement[0].Action` is '*' or an action such as 'sqs:SendMessage'",
    ],
  ],
  [user('broken.json'), ['broken.json:1:17: this is no valid YAML']],
  ['accounts: [', ['1:12: this is no valid YAML']],
  ['accounts: { a: {}, a: {} }', ['1:20: this is no valid YAML: duplicate key']],
  ['a: &a [x]\nb: *a', ["there is no 'a' here"]],
  [`accounts: ${'['.repeat(50_000)}`, ['this is no valid YAML']],
  [`# ${'x'.repeat(1024 * 1024)}`, ['1:1: a configuration has at most 1048576 bytes']],
]
