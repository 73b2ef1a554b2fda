// boomerang.yaml: what it says, what is wrong with it and where; and that no secret of it ever shows.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import {
  environmentConfiguration,
  findConfiguration,
  readConfiguration,
} from '../../../lib/http/access/configuration.ts'
import { Secret } from '../../../lib/http/access/secrets.ts'
import { InvalidOption } from '../../../lib/index.ts'
import { account, NEVER, SIZES, secret, user, WRONG } from './configuration-cases.ts'
import { SECRET } from './signing.ts'

const ENV = { ROOT_SECRET: SECRET, SHORT: 'short', SPACED: 'sixteen characters and spaces' }
const folder = mkdtempSync(join(tmpdir(), 'boomerang-access-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

const read = (text: string) => readConfiguration(file('boomerang.yaml', text), ENV)

/** What is wrong, without the folder. */
function wrong(text: string): string[] {
  try {
    read(text)
  } catch (error) {
    const { code, message } = error as Error & { code: string }
    expect(code).toBe('InvalidOption')
    expect(message).not.toContain(SECRET)
    return message.replaceAll(`${folder}/`, '').split('\n')
  }
  return []
}

const WHOLE = `
region: eu-west-1
accounts:
  012345678901:
    keys: [{ id: AKIAROOT00000000, secret: { env: ROOT_SECRET } }]
    users:
      producer:
        keys:
          - { id: AKIAPRODUCER0000, secret: { file: producer.secret } }
          - { id: AKIAPRODUCER0001, secret: { env: ROOT_SECRET }, active: false }
        policies:
          - producer.json
          - { Version: '2012-10-17', Statement: [{ Effect: Allow, Action: 'sqs:*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': true } } }] }
  default:
    users:
      idle: {}
`
const POLICY = JSON.stringify(
  { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] },
  null,
  2,
)

describe('a configuration', () => {
  file('producer.secret', `${SECRET}\n`, 0o400)
  file('producer.json', POLICY, 0o644)

  test('says who has which key and may do what', () => {
    const { region, accounts, users, keys } = read(WHOLE)
    expect({ region, accounts: [...accounts], users }).toEqual({
      region: 'eu-west-1',
      accounts: ['012345678901', 'default'],
      users: 2,
    })
    expect([...keys.keys()]).toEqual(['AKIAROOT00000000', 'AKIAPRODUCER0000'])
    expect(keys.get('AKIAROOT00000000')?.identity).toEqual({
      kind: 'root',
      account: '012345678901',
      arn: 'arn:aws:iam::012345678901:root',
      policies: [],
    })
    const producer = keys.get('AKIAPRODUCER0000')
    expect(producer?.identity).toMatchObject({
      kind: 'user',
      account: '012345678901',
      arn: 'arn:aws:iam::012345678901:user/producer',
      name: 'producer',
    })
    expect(producer?.identity.policies.map(({ statements }) => statements.map(({ effect }) => effect))).toEqual([
      ['Deny'],
      ['Allow'],
    ])
    expect(producer?.secret.reveal()).toBe(SECRET)
  })

  test('shows no secret', () => {
    const configuration = read(WHOLE)
    const key = configuration.keys.get('AKIAROOT00000000')
    const shown = [
      inspect(configuration, { depth: 9, showHidden: true, customInspect: false }),
      inspect(configuration, { depth: 9, showHidden: true }),
      JSON.stringify([...configuration.keys]),
      `${key?.secret}`,
      String(new Error(`${key?.secret}`, { cause: key })),
      JSON.stringify(key),
    ].join()
    expect(shown).not.toContain(SECRET)
    expect(shown).toContain('***')
  })
})

describe('a configuration is refused', () => {
  file('open.secret', SECRET, 0o640)
  file('empty.secret', '', 0o600)
  file(
    'wrong.json',
    '{\n  "Version": "2012-10-17",\n  "Statement": [{ "Efect": "Allow", "Action": "SendMessage", "Resource": "*" }]\n}',
  )
  file('broken.json', '{ "Statement": [')

  test.each(WRONG.map(([text, expected]) => [expected[0], text, expected] as const))('%s', (_, text, expected) => {
    const problems = wrong(text)
    for (const [index, problem] of expected.entries()) expect(problems[index]).toContain(problem)
  })

  test('that is not there', () => {
    expect(() => readConfiguration(join(folder, 'none.yaml'), {})).toThrow(
      /none\.yaml: the file cannot be read \(ENOENT\)$/,
    )
  })

  test('with all that is wrong at once', () => {
    expect(wrong('accounts:\n  default:\n    keys: [{ id: x }]\n    user: {}')).toEqual([
      "boomerang.yaml:4:5: there is no 'user' here; did you mean 'users'?",
      `boomerang.yaml:3:12: ${NEVER}`,
      'boomerang.yaml:3:18: the id of a key is 16 to 128 capital letters and digits',
    ])
  })
})

test('whatever a configuration says, it is read or refused', () => {
  const few = [
    'accounts',
    'users',
    'keys',
    'secret',
    'env',
    'policies',
    ': ',
    '\n',
    '  ',
    '- ',
    '{',
    '}',
    '[',
    ']',
    '&a ',
    '*a',
    '<<',
    '!!x ',
    "'",
    '"',
    '#',
  ]
  const text = fc
    .array(fc.oneof(fc.constantFrom(...few), fc.string({ maxLength: 3 })), { maxLength: 30 })
    .map((all) => all.join(''))
  const path = join(folder, 'any.yaml')
  fc.assert(
    fc.property(fc.oneof(text, text.map(account), text.map(secret), text.map(user)), (given) => {
      writeFileSync(path, given)
      try {
        readConfiguration(path, ENV)
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidOption)
      }
    }),
    { numRuns: 300 },
  )
})

describe('without a file', () => {
  const id = 'AKIAROOT00000000'
  const given = { BOOMERANG_ACCESS_KEY_ID: id, BOOMERANG_SECRET_ACCESS_KEY: SECRET }

  test('the environment has the key of the account', () => {
    const configuration = findConfiguration(undefined, 'default', given)
    expect([...(configuration?.accounts ?? [])]).toEqual(['default'])
    expect(configuration?.keys.get(id)?.identity).toMatchObject({ kind: 'root', account: 'default' })
  })

  test('there is none where the environment has none', () => {
    expect(environmentConfiguration('default', {})).toBeUndefined()
  })

  test.each<[NodeJS.ProcessEnv, string]>([
    [{ BOOMERANG_ACCESS_KEY_ID: id }, 'BOOMERANG_SECRET_ACCESS_KEY: the environment has no variable of this name'],
    [{ BOOMERANG_SECRET_ACCESS_KEY: SECRET }, 'BOOMERANG_SECRET_ACCESS_KEY is set, but not BOOMERANG_ACCESS_KEY_ID'],
    [
      { ...given, BOOMERANG_ACCESS_KEY_ID: SECRET },
      'BOOMERANG_ACCESS_KEY_ID: the id of a key is 16 to 128 capital letters and digits',
    ],
    [{ ...given, BOOMERANG_SECRET_ACCESS_KEY: 'short' }, `BOOMERANG_SECRET_ACCESS_KEY: ${SIZES}`],
  ])('half of it is refused', (env, message) => {
    expect(() => environmentConfiguration('default', env)).toThrow(message)
  })
})

test('a secret is not shown, whoever asks', () => {
  const secret = new Secret(SECRET)
  expect([`${secret}`, inspect(secret), JSON.stringify({ secret }), inspect({ a: [secret] })].join()).toBe(
    '***,***,{"secret":"***"},{ a: [ *** ] }',
  )
})
