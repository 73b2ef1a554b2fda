// What holds of all policies.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so policies write their variables
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Identity } from '../../../lib/http/access/identity.ts'
import { decide } from '../../../lib/http/access/policy/decide.ts'
import { type Context, compilePattern, matches } from '../../../lib/http/access/policy/match.ts'
import { OPERATORS } from '../../../lib/http/access/policy/operators.ts'
import { compilePolicy, parsePolicy, storedPolicy } from '../../../lib/http/access/policy/parse.ts'
import { told } from './refused.ts'

const optional = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined })
const several = <Value>(arbitrary: fc.Arbitrary<Value>) =>
  fc.oneof(arbitrary, fc.array(arbitrary, { minLength: 1, maxLength: 3 }))

const principals = several(
  fc.constantFrom('*', '111', '222', 'arn:aws:iam::111:root', 'arn:aws:iam::111:user/bob', 'arn:aws:iam::222:user/eve'),
)
const actions = several(
  fc.constantFrom('*', 'sqs:*', 'sqs:SendMessage', 'SQS:Receive*', 'sqs:?endMessage', 'sqs:DeleteQueue'),
)
const resources = several(
  fc.constantFrom('*', 'arn:aws:sqs:*:*:orders', 'arn:aws:sqs:*:111:*', 'arn:aws:sqs:*:*:${aws:username}*'),
)
const values = several(
  fc.constantFrom('bob', 'b*', '203.0.113.0/24', '2030-01-01', '5', 'true', 'arn:aws:iam::*:user/b*', 'QmluYXJ5'),
)
const operators = fc
  .tuple(
    fc.constantFrom('', 'ForAllValues:', 'ForAnyValue:'),
    fc.constantFrom('Null', ...OPERATORS.keys()),
    fc.constantFrom('', 'IfExists'),
  )
  .map((parts) => parts.join(''))
const keys = fc.constantFrom('aws:username', 'aws:SourceIp', 'aws:CurrentTime', 'aws:PrincipalArn', 'aws:Nothing')
const conditions = optional(
  fc.dictionary(operators, fc.dictionary(keys, values, { minKeys: 1, maxKeys: 2 }), { minKeys: 1, maxKeys: 2 }),
)

const half = (name: string, given: fc.Arbitrary<unknown>) =>
  fc.tuple(given, fc.boolean()).map(([value, not]) => ({ [not ? `Not${name}` : name]: value }))
const statement = (effect: fc.Arbitrary<string>, queue: boolean) =>
  fc
    .tuple(
      effect,
      half('Action', actions),
      half('Resource', resources),
      conditions,
      queue
        ? half(
            'Principal',
            principals.map((AWS) => ({ AWS })),
          )
        : fc.constant({}),
    )
    .map(([Effect, action, resource, Condition, principal]) => ({
      Effect,
      ...action,
      ...resource,
      ...principal,
      ...(Condition && { Condition }),
    }))
const either = fc.constantFrom('Allow', 'Deny')
const document = (statements: object[]) => ({ Version: '2012-10-17', Statement: statements })

const callers: Array<Omit<Identity, 'policies'>> = [
  { kind: 'user', account: '111', arn: 'arn:aws:iam::111:user/bob', name: 'bob' },
  { kind: 'root', account: '111', arn: 'arn:aws:iam::111:root' },
  { kind: 'user', account: '222', arn: 'arn:aws:iam::222:user/eve', name: 'eve' },
  { kind: 'root', account: '222', arn: 'arn:aws:iam::222:root' },
  { kind: 'anonymous', account: '', arn: '' },
]

interface Asked {
  caller: Omit<Identity, 'policies'>
  action: string
  queue: string
}
const asked = fc.record<Asked>({
  caller: fc.constantFrom(...callers),
  action: fc.constantFrom('SendMessage', 'ReceiveMessage', 'DeleteQueue'),
  queue: fc.constantFrom('orders', 'bob-1', 'other'),
})

function contextOf({ caller }: Asked): Context {
  const known = new Map([
    ['aws:sourceip', ['203.0.113.7']],
    ['aws:currenttime', ['2030-01-01T00:00:00Z']],
    ['aws:principalarn', [caller.arn]],
    ...(caller.name ? [['aws:username', [caller.name]] as const] : []),
  ] as Array<[string, string[]]>)
  return (key) => known.get(key)
}

function allowed(one: Asked, own: object[], queue: object[]): boolean {
  const { caller, action } = one
  const identity = { ...caller, policies: [compilePolicy(document(own), 'identity').policy] }
  const request = { action, resource: `arn:aws:sqs:eu:111:${one.queue}`, account: '111', context: contextOf(one) }
  return decide(request, identity, compilePolicy(document(queue), 'queue').policy).allowed
}

const own = fc.array(statement(either, false), { maxLength: 3 })
const queues = fc.array(statement(either, true), { maxLength: 3 })
const side = fc.boolean()

/** With one more statement, on either side. */
function property(effect: string, holds: (before: boolean, after: boolean) => boolean) {
  const more = fc.tuple(statement(fc.constant(effect), false), statement(fc.constant(effect), true), side)
  return fc.property(asked, own, queues, more, (one, mine, theirs, [ownMore, queueMore, onQueue]) => {
    const before = allowed(one, mine, theirs)
    const after = onQueue ? allowed(one, mine, [...theirs, queueMore]) : allowed(one, [...mine, ownMore], theirs)
    expect(holds(before, after)).toBe(true)
  })
}

/** A policy without statements is none, and would deny everything. */
const nonEmpty = { numRuns: 2000 }

describe('of all policies', () => {
  test('one more deny never allows anything', () => {
    fc.assert(
      property('Deny', (before, after) => before || !after),
      nonEmpty,
    )
  })

  test('one more allow never denies anything', () => {
    fc.assert(
      property('Allow', (before, after) => !before || after),
      nonEmpty,
    )
  })
})

describe('whatever is given as a policy', () => {
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.record({ Version: optional(fc.jsonValue()), Statement: fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue())) }),
    fc.record({
      Version: fc.constantFrom('2008-10-17', '2012-10-17', 'x'),
      Statement: fc.array(
        fc
          .tuple(
            statement(either, true),
            fc.dictionary(
              fc.constantFrom(
                'Effect',
                'Action',
                'Principal',
                'Resource',
                'Condition',
                'Sid',
                '__proto__',
                'NotAction',
              ),
              fc.jsonValue(),
              { maxKeys: 2 },
            ),
          )
          .map(([whole, odd]) => ({ ...whole, ...odd })),
      ),
    }),
  )
  const text = fc.oneof(
    fc.string(),
    anything.map((value) => JSON.stringify(value)),
  )

  test('reading it throws nothing but the refusal', () => {
    fc.assert(
      fc.property(text, (given) => {
        try {
          parsePolicy(given)
        } catch (error) {
          expect(told(error)).toBe('InvalidAttributeValue 400: Invalid value for the parameter Policy.')
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('deciding by it throws nothing', () => {
    fc.assert(
      fc.property(text, asked, (given, one) => {
        const { caller, action } = one
        const identity = { ...caller, policies: [compilePolicy(safely(given), 'identity').policy] }
        const request = { action, resource: `arn:aws:sqs:eu:111:${one.queue}`, account: '111', context: contextOf(one) }
        expect(typeof decide(request, identity, storedPolicy(given)).allowed).toBe('boolean')
      }),
      { numRuns: 2000 },
    )
  })
})

function safely(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

describe('a pattern', () => {
  const fromFew = (...units: string[]) =>
    fc.array(fc.constantFrom(...units), { maxLength: 12 }).map((all) => all.join(''))

  test('fits what a regular expression of it fits', () => {
    fc.assert(
      fc.property(fromFew('a', 'b', '*', '?', '.', '\n'), fromFew('a', 'b', '.', '\n'), (pattern, text) => {
        const expression = pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.')
        const compiled = compilePattern(pattern, { wildcards: true, variables: false })
        expect(matches(compiled, text, () => undefined)).toBe(new RegExp(`^${expression}$`, 's').test(text))
      }),
      { numRuns: 5000 },
    )
  })

  test('of many wildcards ends', () => {
    const compiled = compilePattern(`${'*a'.repeat(4000)}b`, { wildcards: true, variables: false })
    expect(matches(compiled, 'a'.repeat(1024), () => undefined)).toBe(false)
  })
})
