// Who may do what under which policies: a row is a sentence, who calls, what for, and what is decided.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so policies write their variables
import type { Decision } from '../../../lib/http/access/policy/decide.ts'

export type Caller = 'bob' | 'root' | 'stranger' | 'strange root' | 'anonymous'

export interface Case {
  says: string
  /** Statements of the caller's own policy, and of the queue's; Action and Resource are everything unless given. */
  own?: object[]
  queue?: object[]
  caller?: Caller
  /** SendMessage unless given. */
  action?: string
  /** The queue's name: orders unless given. */
  on?: string
  /** 2012-10-17 unless given. */
  version?: string
  /** Keys of the request; [] of a key makes it absent. */
  keys?: Record<string, string[]>
  decided: Decided
}

export type Decided = 'yes' | 'no (identity)' | 'no (resource)' | 'never (identity)' | 'never (resource)'

export function shown(decision: Decision): Decided {
  if (decision.allowed) return 'yes'
  return `${decision.explicit ? 'never' : 'no'} (${decision.by})`
}

export const BOB = 'arn:aws:iam::111111111111:user/bob'
const STRANGER = 'arn:aws:iam::222222222222:user/eve'
const allow = (rest: object = {}) => ({ Effect: 'Allow', ...rest })
const deny = (rest: object = {}) => ({ Effect: 'Deny', ...rest })
const to = (AWS: unknown) => ({ Principal: { AWS } })
const send = { Action: 'sqs:SendMessage' }

export const SIDES: Case[] = [
  { says: 'nothing allows', decided: 'no (identity)' },
  { says: 'the account itself may do everything', caller: 'root', decided: 'yes' },
  { says: 'a user may do what its policy allows', own: [allow(send)], decided: 'yes' },
  { says: 'and nothing else', own: [allow(send)], action: 'ReceiveMessage', decided: 'no (identity)' },
  { says: "the queue's policy is enough for a user that it names", queue: [allow(to(BOB))], decided: 'yes' },
  { says: 'and for everyone', queue: [allow({ Principal: '*' })], decided: 'yes' },
  { says: 'and for everyone, in the longer form', queue: [allow(to(['*']))], decided: 'yes' },
  {
    says: 'what is given to the account is not given to its users',
    queue: [allow(to('111111111111'))],
    decided: 'no (identity)',
  },
  { says: 'nor in the form of an ARN', queue: [allow(to('arn:aws:iam::111111111111:root'))], decided: 'no (identity)' },
  { says: 'another user is meant', queue: [allow(to('arn:aws:iam::111111111111:user/bo'))], decided: 'no (identity)' },
  {
    says: 'services are nobody',
    queue: [allow({ Principal: { Service: 'sns.amazonaws.com' } })],
    decided: 'no (identity)',
  },
  { says: 'a deny wins over the allow of its policy', own: [allow(), deny(send)], decided: 'never (identity)' },
  {
    says: "a deny wins over the queue's allow",
    own: [deny(send)],
    queue: [allow(to(BOB))],
    decided: 'never (identity)',
  },
  { says: "the queue's deny wins", own: [allow()], queue: [deny(to(BOB))], decided: 'never (resource)' },
  {
    says: 'a deny that names the account denies its users',
    own: [allow()],
    queue: [deny(to('111111111111'))],
    decided: 'never (resource)',
  },
  {
    says: 'a deny reaches the account itself',
    caller: 'root',
    queue: [deny({ Principal: '*' })],
    decided: 'never (resource)',
  },
  {
    says: 'a deny of another action denies nothing',
    own: [allow()],
    queue: [deny({ ...to('*'), Action: 'sqs:DeleteQueue' })],
    decided: 'yes',
  },
]

const other = { caller: 'stranger' } as const
export const ACROSS: Case[] = [
  { says: 'own policy alone is not enough', ...other, own: [allow()], decided: 'no (resource)' },
  { says: "the queue's alone is not either", ...other, queue: [allow(to(STRANGER))], decided: 'no (identity)' },
  { says: 'both sides allow a user', ...other, own: [allow()], queue: [allow(to(STRANGER))], decided: 'yes' },
  {
    says: 'both sides allow a user of the account',
    ...other,
    own: [allow()],
    queue: [allow(to('222222222222'))],
    decided: 'yes',
  },
  { says: 'both sides allow everyone', ...other, own: [allow()], queue: [allow(to('*'))], decided: 'yes' },
  { says: 'the other account itself needs the queue', caller: 'strange root', decided: 'no (resource)' },
  { says: 'and no more than that', caller: 'strange root', queue: [allow(to('222222222222'))], decided: 'yes' },
  {
    says: 'a third account is not meant',
    ...other,
    own: [allow()],
    queue: [allow(to('333333333333'))],
    decided: 'no (resource)',
  },
  {
    says: 'a deny of the own side',
    ...other,
    own: [allow(), deny()],
    queue: [allow(to('*'))],
    decided: 'never (identity)',
  },
  {
    says: 'a deny of the queue',
    ...other,
    own: [allow()],
    queue: [allow(to('*')), deny(to('222222222222'))],
    decided: 'never (resource)',
  },
  ...[
    'AddPermission',
    'CreateQueue',
    'DeleteQueue',
    'ListQueueTags',
    'SetQueueAttributes',
    'TagQueue',
    'StartMessageMoveTask',
  ].map(
    (action): Case => ({
      says: `${action} is never for other accounts`,
      caller: 'strange root',
      action,
      queue: [allow(to('*'))],
      decided: 'no (resource)',
    }),
  ),
]

const nobody = { caller: 'anonymous' } as const
export const ANONYMOUS: Case[] = [
  { says: 'nothing', ...nobody, decided: 'no (resource)' },
  { says: 'everyone', ...nobody, queue: [allow({ Principal: '*' })], decided: 'yes' },
  { says: 'everyone, in the longer form', ...nobody, queue: [allow(to('*'))], decided: 'yes' },
  { says: 'an account', ...nobody, queue: [allow(to('111111111111'))], decided: 'no (resource)' },
  {
    says: 'everyone but one is not everyone',
    ...nobody,
    queue: [allow({ NotPrincipal: { AWS: BOB } })],
    decided: 'no (resource)',
  },
  {
    says: 'a deny',
    ...nobody,
    queue: [allow(to('*')), deny({ NotPrincipal: { AWS: BOB } })],
    decided: 'never (resource)',
  },
  {
    says: 'never what only the owner may',
    ...nobody,
    action: 'DeleteQueue',
    queue: [allow(to('*'))],
    decided: 'no (resource)',
  },
  {
    says: 'everyone from an address',
    ...nobody,
    queue: [allow({ Principal: '*', Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } })],
    decided: 'yes',
  },
  {
    says: 'everyone from another address',
    ...nobody,
    queue: [allow({ Principal: '*', Condition: { IpAddress: { 'aws:SourceIp': '198.51.100.0/24' } } })],
    decided: 'no (resource)',
  },
]

const ORDERS = 'arn:aws:sqs:eu-west-1:111111111111:orders'
const mine = (rest: object, decided: Decided, more: Partial<Case> = {}): Case => ({
  says: `${JSON.stringify(rest)} ${JSON.stringify(more)}`,
  own: [allow(rest)],
  decided,
  ...more,
})
export const NAMES: Case[] = [
  mine({ Action: '*' }, 'yes'),
  mine({ Action: 'sqs:*' }, 'yes'),
  mine({ Action: 'SQS:sendmessage' }, 'yes'),
  mine({ Action: 'sqs:Send*' }, 'yes'),
  mine({ Action: 'sqs:?endMessage' }, 'yes'),
  mine({ Action: 'sqs:*e*a*e' }, 'yes'),
  mine({ Action: 'sqs:SendMessageBatch' }, 'no (identity)'),
  mine({ Action: 's3:*' }, 'no (identity)'),
  mine({ Action: ['sqs:ReceiveMessage', 'sqs:SendMessage'] }, 'yes'),
  mine({ NotAction: 'sqs:SendMessage' }, 'no (identity)'),
  mine({ NotAction: ['sqs:DeleteQueue', 'sqs:Receive*'] }, 'yes'),
  mine({ NotAction: 'sqs:Receive*' }, 'no (identity)', { action: 'ReceiveMessage' }),
  mine({ Resource: ORDERS }, 'yes'),
  mine({ Resource: ORDERS }, 'no (identity)', { on: 'Orders' }),
  mine({ Resource: 'arn:aws:sqs:*:111111111111:ord*' }, 'yes'),
  mine({ Resource: 'arn:aws:sqs:*:*:order?' }, 'yes'),
  mine({ Resource: 'arn:aws:sqs:*:*:order??' }, 'no (identity)'),
  mine({ Resource: 'arn:aws:sqs:eu-west-1:111111111111:' }, 'no (identity)'),
  mine({ NotResource: ORDERS }, 'no (identity)'),
  mine({ NotResource: ORDERS }, 'yes', { on: 'other' }),
  mine({ Resource: 'arn:aws:sqs:*:*:${aws:username}-*' }, 'yes', { on: 'bob-1' }),
  mine({ Resource: 'arn:aws:sqs:*:*:${aws:username}-*' }, 'no (identity)', { on: 'eve-1' }),
  mine({ Resource: 'arn:aws:sqs:*:*:${aws:nothing}*' }, 'no (identity)', { on: 'bob-1' }),
  mine({ Resource: "arn:aws:sqs:*:*:${aws:nothing, 'bob'}-*" }, 'yes', { on: 'bob-1' }),
  mine({ Resource: 'arn:aws:sqs:*:*:${aws:username}-*' }, 'no (identity)', { on: 'bob-1', version: '2008-10-17' }),
  {
    says: 'NotPrincipal leaves out who is named',
    own: [allow()],
    queue: [deny({ NotPrincipal: { AWS: BOB } })],
    decided: 'yes',
  },
  {
    says: 'NotPrincipal leaves out an account',
    own: [allow()],
    queue: [deny({ NotPrincipal: { AWS: '111111111111' } })],
    decided: 'yes',
  },
  {
    says: 'NotPrincipal means all others',
    ...other,
    own: [allow()],
    queue: [deny({ NotPrincipal: { AWS: BOB } })],
    decided: 'never (resource)',
  },
  { says: 'NotPrincipal allows, too', queue: [allow({ NotPrincipal: { AWS: STRANGER } })], decided: 'yes' },
  {
    says: 'the resource counts in a policy of a queue',
    queue: [allow({ ...to(BOB), Resource: `${ORDERS}2` })],
    decided: 'no (identity)',
  },
]
