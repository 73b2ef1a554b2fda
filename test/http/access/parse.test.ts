// Which policies are taken, and what becomes of those that are not understood.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so policies write their variables
import { describe, expect, test } from 'vitest'
import { compilePolicy, parsePolicy, storedPolicy } from '../../../lib/http/access/policy/parse.ts'
import { refusal } from './refused.ts'

const QUEUE = { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }
const { Principal: _, ...USER } = QUEUE
const policy = (statement: unknown, rest: object = {}) => ({ Version: '2012-10-17', ...rest, Statement: statement })
const told = (document: unknown, kind: 'queue' | 'identity' = 'queue') =>
  compilePolicy(document, kind).problems.map(({ path, message }) => `${path.join('.')} ${message}`)

describe('a policy is taken', () => {
  test.each<[string, unknown]>([
    ['of one statement', policy(QUEUE)],
    ['of a list', policy([{ ...QUEUE, Sid: 'a' }, { ...QUEUE, Sid: 'b' }, QUEUE, QUEUE])],
    ['without a version', { Statement: QUEUE }],
    ['of 2008', policy(QUEUE, { Version: '2008-10-17', Id: 'x' })],
    ['with the statement that AddPermission makes', policy({ ...QUEUE, Principal: { AWS: ['arn:aws:iam::1:root'] } })],
    [
      'with every kind of principal',
      policy({
        ...QUEUE,
        Principal: { AWS: ['1', 'arn:aws:iam::1:role/x', '*'], Service: 's3.amazonaws.com', Federated: 'x' },
      }),
    ],
    ['with actions of other services', policy({ ...QUEUE, Action: ['s3:Get*', '*'] })],
    [
      'with conditions of all kinds of values',
      policy({ ...QUEUE, Condition: { Bool: { a: true }, NumericEquals: { b: 1, c: [2, '3'] } } }),
    ],
  ])('%s', (_, document) => {
    expect(told(document)).toEqual([])
    expect(() => parsePolicy(JSON.stringify(document))).not.toThrow()
  })
})

const AN_ACTION = "is '*' or an action such as 'sqs:SendMessage'"
const AN_ARN = "is '*' or an ARN such as 'arn:aws:sqs:*:*:orders'"
const SOMEBODY = "is '*', an account, or the ARN of an account or a user, without wildcards"
const WRONG: Array<[says: unknown, problem: string]> = [
  [7, ' is no policy: an object with `Statement`'],
  [[], ' is no policy: an object with `Statement`'],
  [{}, 'Statement has to be there'],
  [policy([]), 'Statement has to be there'],
  [policy(null), 'Statement is an object with `Effect`, `Action` and `Resource`'],
  [policy([QUEUE, 'x']), 'Statement.1 is an object with `Effect`, `Action` and `Resource`'],
  [policy(QUEUE, { Version: '2012-10-18' }), "Version is '2008-10-17' or '2012-10-17'"],
  [policy(QUEUE, { Id: 7 }), 'Id is a text'],
  [policy(QUEUE, { statement: [] }), "statement is no element of this; did you mean 'Statement'?"],
  [policy({ ...QUEUE, Sid: 7 }), 'Statement.Sid is a text of this statement only'],
  [
    policy([
      { ...QUEUE, Sid: 'a' },
      { ...QUEUE, Sid: 'a' },
    ]),
    'Statement.1.Sid is a text of this statement only',
  ],
  [policy({ ...QUEUE, Effect: 'allow' }), "Statement.Effect is 'Allow' or 'Deny'"],
  [policy({ ...QUEUE, Conditions: {} }), "Statement.Conditions is no element of this; did you mean 'Condition'?"],
  [policy({ ...QUEUE, NotAction: 'sqs:X' }), 'Statement has either `Action` or `NotAction`'],
  [policy({ ...QUEUE, NotResource: '*' }), 'Statement has either `Resource` or `NotResource`'],
  [policy({ ...QUEUE, NotPrincipal: '*' }), 'Statement has either `Principal` or `NotPrincipal`'],
  [policy(USER), 'Statement has either `Principal` or `NotPrincipal`'],
  [policy({ ...QUEUE, Action: 'SendMessage' }), `Statement.Action ${AN_ACTION}`],
  [policy({ ...QUEUE, Action: ['sqs:A', 7] }), `Statement.Action.1 ${AN_ACTION}`],
  [policy({ ...QUEUE, Action: [] }), 'Statement.Action names nothing'],
  [policy({ ...QUEUE, Resource: 'orders' }), `Statement.Resource ${AN_ARN}`],
  [policy({ ...QUEUE, Principal: 'bob' }), "Statement.Principal is '*' or an object such as { AWS: '123456789012' }"],
  [policy({ ...QUEUE, Principal: {} }), "Statement.Principal is '*' or an object such as { AWS: '123456789012' }"],
  [
    policy({ ...QUEUE, Principal: { aws: '*' } }),
    "Statement.Principal.aws is no kind of principal; did you mean 'AWS'?",
  ],
  [policy({ ...QUEUE, Principal: { AWS: [] } }), 'Statement.Principal.AWS names nobody'],
  [policy({ ...QUEUE, Principal: { AWS: 'arn:aws:iam::1:user/*' } }), `Statement.Principal.AWS.0 ${SOMEBODY}`],
  [policy({ ...QUEUE, Principal: { AWS: ['1', 'user/bob'] } }), `Statement.Principal.AWS.1 ${SOMEBODY}`],
  [
    policy({ ...QUEUE, Condition: [] }),
    "Statement.Condition is an object such as { StringEquals: { 'aws:username': 'bob' } }",
  ],
  [
    policy({ ...QUEUE, Condition: { StringEqual: { a: 'b' } } }),
    "Statement.Condition.StringEqual is no operator; did you mean 'StringEquals'?",
  ],
  [
    policy({ ...QUEUE, Condition: { StringEquals: 'x' } }),
    "Statement.Condition.StringEquals is an object such as { 'aws:username': 'bob' }",
  ],
  [policy({ ...QUEUE, Condition: { StringEquals: { a: [] } } }), 'Statement.Condition.StringEquals.a has no value'],
  [
    policy({ ...QUEUE, Condition: { StringEquals: { a: ['b', {}] } } }),
    'Statement.Condition.StringEquals.a.1 is a text, a number, true or false, or a list of these',
  ],
  [
    policy({ ...QUEUE, Condition: { NumericEquals: { a: 'x' } } }),
    'Statement.Condition.NumericEquals.a takes a number',
  ],
  [
    policy({ ...QUEUE, Condition: { DateLessThan: { a: '2030-13-01' } } }),
    "Statement.Condition.DateLessThan.a takes a date such as '2030-01-31T12:00:00Z', or seconds since 1970",
  ],
  [policy({ ...QUEUE, Condition: { Bool: { a: 'yes' } } }), 'Statement.Condition.Bool.a takes true or false'],
  [policy({ ...QUEUE, Condition: { Null: { a: 'yes' } } }), 'Statement.Condition.Null.a takes true or false'],
  [
    policy({ ...QUEUE, Condition: { NullIfExists: { a: 'true' } } }),
    "Statement.Condition.NullIfExists is no operator; did you mean 'Null'?",
  ],
  [
    policy({ ...QUEUE, Condition: { IpAddress: { a: '10.0.0.0/33' } } }),
    "Statement.Condition.IpAddress.a takes an address or a range such as '10.0.0.0/8'",
  ],
  [
    policy({ ...QUEUE, Condition: { IpAddress: { a: '10.0.0/8' } } }),
    "Statement.Condition.IpAddress.a takes an address or a range such as '10.0.0.0/8'",
  ],
  [policy({ ...QUEUE, Condition: { ArnLike: { a: 'arn:*:bob' } } }), 'Statement.Condition.ArnLike.a takes an ARN'],
  [
    policy({ ...QUEUE, Condition: { BinaryEquals: { a: '?' } } }),
    'Statement.Condition.BinaryEquals.a takes bytes in base64',
  ],
]

describe('a policy is refused', () => {
  test.each(WRONG.map(([document, problem]) => [problem, document] as const))('that %s', (problem, document) => {
    expect(told(document)).toContain(problem)
    expect(refusal(() => parsePolicy(JSON.stringify(document)))).toBe(
      'InvalidAttributeValue 400: Invalid value for the parameter Policy.',
    )
  })

  test('of a user that says for whom', () => {
    expect(told(policy(QUEUE), 'identity')).toEqual([
      "Statement.Principal is for a queue's policy: a user's is about that user",
    ])
  })
})

describe('a stored policy that is not understood', () => {
  const effects = (document: unknown) => storedPolicy(JSON.stringify(document)).statements.map(({ effect }) => effect)
  const unclear = { Condition: { StringAbout: { a: 'b' } } }

  test('allows nothing', () => {
    expect(effects(policy([{ ...QUEUE, ...unclear }]))).toEqual([])
  })

  test('keeps what is understood', () => {
    expect(effects(policy([QUEUE, { ...QUEUE, ...unclear }]))).toEqual(['Allow'])
  })

  test.each<[string, unknown]>([
    ['a deny', policy({ ...QUEUE, Effect: 'Deny', ...unclear })],
    ['an effect of another name', policy({ ...QUEUE, Effect: 'deny' })],
    ['no object', policy('x')],
    ['no policy', 7],
  ])('denies all: %s', (_, document) => {
    const [only] = storedPolicy(JSON.stringify(document)).statements
    expect(only).toMatchObject({ effect: 'Deny', conditions: [], actions: { not: true, patterns: [] } })
    expect(only?.principals).toBeUndefined()
  })
})

test('a policy says whether it asks for tags', () => {
  const tagged = (rest: object) => compilePolicy(policy({ ...USER, ...rest }), 'identity').policy.tagged
  expect(tagged({})).toBe(false)
  expect(tagged({ Condition: { StringEquals: { 'aws:RequestTag/a': 'b' } } })).toBe(false)
  expect(tagged({ Condition: { StringEquals: { 'aws:ResourceTag/a': 'b' } } })).toBe(true)
  expect(tagged({ Condition: { StringEquals: { a: '${aws:ResourceTag/a}' } } })).toBe(true)
  expect(tagged({ Resource: 'arn:aws:sqs:*:*:${aws:ResourceTag/a}' })).toBe(true)
})
