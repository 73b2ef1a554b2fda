// What policies decide.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so policies write their variables
import { describe, expect, test } from 'vitest'
import type { Identity } from '../../../lib/http/access/identity.ts'
import { decide } from '../../../lib/http/access/policy/decide.ts'
import type { Context } from '../../../lib/http/access/policy/match.ts'
import { compilePolicy, type Policy, type PolicyKind } from '../../../lib/http/access/policy/parse.ts'
import { type ConditionCase, NEGATIONS, PLAIN, POSITIVE, SEVERAL } from './condition-cases.ts'
import { ACROSS, ANONYMOUS, type Caller, type Case, NAMES, SIDES, shown } from './policy-cases.ts'

const USERS: Record<Caller, Omit<Identity, 'policies'>> = {
  bob: { kind: 'user', account: '111111111111', arn: 'arn:aws:iam::111111111111:user/bob', name: 'bob' },
  root: { kind: 'root', account: '111111111111', arn: 'arn:aws:iam::111111111111:root' },
  stranger: { kind: 'user', account: '222222222222', arn: 'arn:aws:iam::222222222222:user/eve', name: 'eve' },
  'strange root': { kind: 'root', account: '222222222222', arn: 'arn:aws:iam::222222222222:root' },
  anonymous: { kind: 'anonymous', account: '', arn: '' },
}

/** Statements with what they lack: everything, on everything. */
function policyOf(kind: PolicyKind, statements: object[], version = '2012-10-17'): Policy {
  const whole = statements.map((one) => ({
    ...('NotAction' in one ? {} : { Action: '*' }),
    ...('NotResource' in one ? {} : { Resource: '*' }),
    ...one,
  }))
  const { policy, problems } = compilePolicy({ Version: version, Statement: whole }, kind)
  expect(problems).toEqual([])
  return policy
}

function contextWith(keys: Record<string, string[]>, { name }: Pick<Identity, 'name'> = {}): Context {
  const known = { 'aws:sourceip': ['203.0.113.7'], ...(name && { 'aws:username': [name] }), ...keys }
  return (key) => (Object.hasOwn(known, key) ? (known as Record<string, string[]>)[key] : undefined)
}

function decided({ own, queue, caller = 'bob', action = 'SendMessage', on = 'orders', version, keys = {} }: Case) {
  const user = USERS[caller]
  const account = '111111111111'
  const resource = `arn:aws:sqs:eu-west-1:${account}:${on}`
  const identity = { ...user, policies: own ? [policyOf('identity', own, version)] : [] }
  const request = { action, resource, account, context: contextWith(keys, user) }
  return shown(decide(request, identity, queue && policyOf('queue', queue, version)))
}

describe.each([
  ['in one account', SIDES],
  ['between accounts', ACROSS],
  ['of one who is anonymous', ANONYMOUS],
  ['by names', NAMES],
])('%s', (_, cases) => {
  test.each(cases.map((one) => [one.says, one] as const))('%s', (_, one) => {
    expect(decided(one)).toBe(one.decided)
  })
})

function holds({ operator, wants, key }: ConditionCase): boolean {
  const keys: Record<string, string[]> = key === undefined ? {} : { 'aws:thing': [key].flat() }
  const own = [{ Effect: 'Allow', Condition: { [operator]: { 'AWS:Thing': wants } } }]
  return decided({ says: '', own, keys, decided: 'yes' }) === 'yes'
}

const named = (cases: ConditionCase[]) =>
  cases.map((one) => [`${one.operator} ${JSON.stringify(one.wants)} of ${JSON.stringify(one.key)}`, one] as const)
const negated = POSITIVE.map((one) => ({ ...one, operator: NEGATIONS[one.operator] as string, holds: !one.holds }))
const valued = [...POSITIVE, ...negated, ...PLAIN]
const ifExists = valued.map((one) => ({ ...one, operator: `${one.operator}IfExists` }))
const isNegated = (operator: string) => operator.includes('Not')
const absent = valued.map((one) => ({ ...one, key: undefined, holds: isNegated(one.operator) }))
const absentIfExists = ifExists.map((one) => ({ ...one, key: undefined, holds: true }))

describe.each([
  ['as they stand', valued],
  ['IfExists', ifExists],
  ['of an absent key', absent],
  ['IfExists, of an absent key', absentIfExists],
  ['of several values', SEVERAL],
])('conditions %s', (_, cases) => {
  test.each(named(cases))('%s', (_, one) => {
    expect(holds(one)).toBe(one.holds)
  })
})

describe('conditions of one statement', () => {
  const both = { StringEquals: { 'aws:a': 'x', 'aws:b': 'y' }, Bool: { 'aws:c': 'true' } }
  const keys = { 'aws:a': ['x'], 'aws:b': ['y'], 'aws:c': ['true'] }
  const own = [{ Effect: 'Allow', Condition: both }]

  test('must all hold', () => {
    expect(decided({ says: '', own, keys, decided: 'yes' })).toBe('yes')
  })

  test.each(Object.keys(keys))('so not without %s', (key) => {
    expect(decided({ says: '', own, keys: { ...keys, [key]: ['no'] }, decided: 'yes' })).toBe('no (identity)')
  })
})

describe('a variable', () => {
  const own = [{ Effect: 'Allow', Condition: { StringEquals: { 'aws:thing': '${aws:username}' } } }]

  test('is itself in a policy of 2008', () => {
    const keys = { 'aws:thing': ['${aws:username}'] }
    expect(decided({ says: '', own, keys, version: '2008-10-17', decided: 'yes' })).toBe('yes')
  })

  test("does not make a wildcard of a caller's own *", () => {
    const like = [{ Effect: 'Allow', Condition: { StringLike: { 'aws:thing': '${aws:name}x' } } }]
    expect(decided({ says: '', own: like, keys: { 'aws:thing': ['abx'], 'aws:name': ['*'] }, decided: 'yes' })).toBe(
      'no (identity)',
    )
  })
})
