// Who is let through, and how others are refused.
import { describe, expect, test } from 'vitest'
import { type Access, openAccess } from '../../../lib/http/access/access.ts'
import type { Configuration } from '../../../lib/http/access/configuration.ts'
import type { Identity, Need } from '../../../lib/http/access/identity.ts'
import { compilePolicy, parsePolicy, storedPolicy } from '../../../lib/http/access/policy/parse.ts'
import { Secret } from '../../../lib/http/access/secrets.ts'
import type { Accounts, Facts } from '../../../lib/http/queues.ts'
import { QueueDoesNotExist } from '../../../lib/index.ts'
import { told } from './refused.ts'
import { type Made, request } from './requests.ts'
import { KEY_ID, NOW, SECRET, signed } from './signing.ts'

const CONFIGURATION: Configuration = { accounts: new Set(['111', '222']), users: 2, keys: new Map() }

/** The queues that there are, with their policies; all of account 111. */
function accountsWith(queues: Record<string, object | undefined>, tags: Record<string, string> = {}) {
  const asked: string[] = []
  const known = new Map<string, Facts>()
  const facts = async (name: string) => {
    asked.push(name)
    if (!Object.hasOwn(queues, name)) throw new QueueDoesNotExist(name)
    const policy = queues[name] && parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: queues[name] }))
    const one = known.get(name) ?? { arn: `arn:aws:sqs:eu-west-1:111:${name}`, policy }
    known.set(name, one)
    return one
  }
  const readTags = async (name: string) => {
    asked.push(`tags of ${name}`)
    return tags
  }
  const of = async (id: string) => {
    if (id !== '111') throw new QueueDoesNotExist(id)
    return { facts, client: { queues: { tags: readTags } } }
  }
  return { accounts: { of } as unknown as Accounts, asked }
}

function user(name: string, account: string, ...statements: object[]): Identity {
  const { policy } = compilePolicy({ Version: '2012-10-17', Statement: statements }, 'identity')
  return {
    kind: 'user',
    account,
    arn: `arn:aws:iam::${account}:user/${name}`,
    name,
    policies: statements.length ? [policy] : [],
  }
}
const ALL = { Effect: 'Allow', Action: '*', Resource: '*' }
const need = (action: string, queue = 'orders', more: Partial<Need> = {}): Need => ({
  action,
  resource: `arn:aws:sqs:eu-west-1:111:${queue}`,
  ...more,
})

const access = openAccess(CONFIGURATION, () => NOW)
async function outcome(identity: Identity, needs: Need[], accounts: Accounts, made: Made = {}, by: Access = access) {
  try {
    await by.authorize(identity, needs, request(made), accounts)
    return 'allowed'
  } catch (error) {
    return told(error)
  }
}

describe('a refusal', () => {
  const policy = (statement: object) => ({ orders: [{ Action: '*', Resource: '*', ...statement }] })
  const ON = 'on resource: arn:aws:sqs:eu-west-1:111:orders'
  const bob = user('bob', '111')
  const eve = user('eve', '222', ALL)
  const BOB = 'AccessDenied 403: User: arn:aws:iam::111:user/bob is not authorized to perform: sqs:sendmessage'
  const EVE = 'AccessDenied 403: User: arn:aws:iam::222:user/eve is not authorized to perform: sqs:sendmessage'

  test.each<[string, Identity, Record<string, object | undefined>, string]>([
    [
      'for want of an own policy',
      bob,
      { orders: undefined },
      `${BOB} ${ON} because no identity-based policy allows the sqs:sendmessage action`,
    ],
    [
      'for want of the queue’s',
      eve,
      { orders: undefined },
      `${EVE} ${ON} because no resource-based policy allows the sqs:sendmessage action`,
    ],
    [
      'of the own policy',
      user('bob', '111', { ...ALL, Effect: 'Deny' }),
      {},
      `${BOB} ${ON} with an explicit deny in an identity-based policy`,
    ],
    [
      'of the queue’s',
      bob,
      policy({ Effect: 'Deny', Principal: '*' }),
      `${BOB} ${ON} with an explicit deny in a resource-based policy`,
    ],
    [
      'of one who did not sign',
      { kind: 'anonymous', account: '', arn: '', policies: [] },
      { orders: undefined },
      'MissingAuthenticationToken 403: Request is missing Authentication Token',
    ],
  ])('%s', async (_, identity, queues, expected) => {
    expect(await outcome(identity, [need('SendMessage')], accountsWith(queues).accounts)).toBe(expected)
  })

  test('is the same whether there is such a queue or not', async () => {
    const { accounts } = accountsWith({ orders: undefined })
    const there = await outcome(bob, [need('SendMessage')], accounts)
    const none = await outcome(bob, [need('SendMessage', 'nothing')], accounts)
    expect(none.replace('nothing', 'orders')).toBe(there)
  })

  test('comes for the first need that is not met', async () => {
    const some = user('bob', '111', { ...ALL, Action: 'sqs:StartMessageMoveTask' })
    const needs = ['StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage'].map((action) => need(action))
    expect(await outcome(some, needs, accountsWith({ orders: undefined }).accounts)).toContain('sqs:receivemessage')
  })
})

describe('who may', () => {
  test('learns whether the queue is there by what comes after', async () => {
    expect(await outcome(user('bob', '111', ALL), [need('SendMessage', 'nothing')], accountsWith({}).accounts)).toBe(
      'allowed',
    )
  })

  test('may list queues, which are none in particular', async () => {
    const { accounts, asked } = accountsWith({})
    expect(await outcome(user('bob', '111', ALL), [need('ListQueues', '*')], accounts)).toBe('allowed')
    expect(asked).toEqual([])
  })

  test('does not reach accounts that are not configured', async () => {
    const elsewhere = { action: 'SendMessage', resource: 'arn:aws:sqs:eu-west-1:333:orders' }
    const unreachable = { of: async () => expect.fail('was asked for') } as unknown as Accounts
    expect(await outcome(user('eve', '222', ALL), [elsewhere], unreachable)).toMatch(/^AccessDenied/)
  })

  test('is anyone where nothing is verified', async () => {
    const open = openAccess('anyone')
    const anyone = open.authenticate(request(), 'json')
    expect(anyone).toMatchObject({ kind: 'anyone', account: '', policies: [] })
    expect(await outcome(anyone, [need('DeleteQueue')], accountsWith({}).accounts, {}, open)).toBe('allowed')
  })
})

describe('conditions see', () => {
  const when = (Condition: object) => user('bob', '111', { ...ALL, Condition })
  const equals = (key: string, value: string) => when({ StringEquals: { [key]: value } })

  test.each<[string, Identity, Made?, Partial<Need>?]>([
    ['the address', when({ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } })],
    ['that it is TLS', when({ Bool: { 'aws:SecureTransport': 'true' } }), { scheme: 'https' }],
    ['that it is not', when({ Bool: { 'aws:SecureTransport': 'false' } })],
    ['the time', when({ DateEquals: { 'aws:CurrentTime': '2030-01-31T12:00:00Z' } })],
    ['the time in seconds', when({ NumericEquals: { 'aws:EpochTime': String(NOW / 1000) } })],
    ['the caller', when({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/b*' } })],
    ['its account', equals('aws:PrincipalAccount', '111')],
    ['its type', equals('aws:PrincipalType', 'User')],
    ['its name', equals('aws:username', 'bob')],
    ['its id', equals('aws:userid', 'bob')],
    ['the client', equals('aws:UserAgent', 'curl'), { headers: { 'User-Agent': 'curl' } }],
    ['where it comes from', equals('aws:Referer', 'x'), { headers: { Referer: 'x' } }],
    ['the region', equals('aws:RequestedRegion', 'eu-west-1')],
    ['the account of the queue', equals('aws:ResourceAccount', '111')],
    ['the tags that are set', equals('aws:RequestTag/Team', 'a'), {}, { tags: { team: 'a' } }],
    [
      'their keys',
      when({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'cost'] } }),
      {},
      { tags: { team: 'a' } },
    ],
    [
      'the keys that are removed',
      when({ 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'team' } }),
      {},
      { tagKeys: ['x', 'team'] },
    ],
    ['the tags of the queue', equals('aws:ResourceTag/Env', 'prod')],
    [
      'nothing of what there is not',
      when({ Null: { 'aws:SourceArn': 'true', 'aws:MultiFactorAuthAge': 'true', __proto__x: 'true' } }),
    ],
  ])('%s', async (_, identity, made, more) => {
    const { accounts } = accountsWith({ orders: undefined }, { env: 'prod' })
    expect(await outcome(identity, [need('SendMessage', 'orders', more)], accounts, made)).toBe('allowed')
    const denied = { ...identity, policies: [] }
    expect(await outcome(denied, [need('SendMessage', 'orders', more)], accounts, made)).not.toBe('allowed')
  })

  test('tags only where a policy asks for them, and as long as the facts hold once', async () => {
    const { accounts, asked } = accountsWith({ orders: undefined }, { env: 'prod' })
    await outcome(user('bob', '111', ALL), [need('SendMessage')], accounts)
    expect(asked).toEqual(['orders'])
    await outcome(equals('aws:ResourceTag/env', 'prod'), [need('SendMessage'), need('ReceiveMessage')], accounts)
    expect(asked.filter((one) => one === 'tags of orders')).toHaveLength(1)
  })

  test('a text of the caller as far as its bound', async () => {
    const long = { headers: { 'User-Agent': `${'a'.repeat(1024)}b` } }
    const { accounts } = accountsWith({ orders: undefined })
    expect(await outcome(equals('aws:UserAgent', 'a'.repeat(1024)), [need('SendMessage')], accounts, long)).toBe(
      'allowed',
    )
  })
})

describe('a request', () => {
  const bob = user('bob', '111', ALL)
  const by = openAccess(
    { ...CONFIGURATION, keys: new Map([[KEY_ID, { secret: new Secret(SECRET), identity: bob }]]) },
    () => NOW,
  )

  test('that is signed is of who has the key', async () => {
    expect(by.authenticate(await signed({ body: '{}' }), 'json')).toBe(bob)
  })

  test('that is not is nobody’s', () => {
    expect(by.authenticate(request(), 'query')).toMatchObject({ kind: 'anonymous', account: '' })
  })
})

test('a stored policy that is not understood locks out, rather than lets in', async () => {
  const { accounts } = accountsWith({ orders: undefined })
  const account = await accounts.of('111')
  const facts = {
    ...(await account.facts('orders')),
    policy: storedPolicy('{"Statement":{"Effect":"Deny","Principal":"*","What":1}}'),
  }
  const one = { of: async () => ({ facts: async () => facts }) } as unknown as Accounts
  const root: Identity = { kind: 'root', account: '111', arn: 'arn:aws:iam::111:root', policies: [] }
  expect(await outcome(root, [need('SendMessage')], one)).toContain('with an explicit deny in a resource-based policy')
})
