// The policy of a queue, as far as SQS itself writes it: labelled statements of AddPermission, and its limits.
import { invalid, missing, refuse } from './shapes.ts'

export interface Permission {
  /** Of the queue. */
  arn: string
  label: string
  accounts: readonly string[]
  /** Such as 'SendMessage', or '*' for all that can be given. */
  actions: readonly string[]
}

interface Statement {
  Sid?: unknown
  Action?: unknown
  Principal?: unknown
  Condition?: unknown
  [name: string]: unknown
}

interface Policy {
  Statement?: unknown
  [name: string]: unknown
}

const MAX_BYTES = 8192
const MAX = { statements: 20, principals: 50, conditions: 10, actions: 7 }
/** What an owner may let other accounts do. */
const ACTIONS = [
  '*',
  'SendMessage',
  'ReceiveMessage',
  'DeleteMessage',
  'ChangeMessageVisibility',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
]

/** The policy with one more statement; `policy` is undefined where there was none. */
export function addPermission(policy: string | undefined, permission: Permission): string {
  const { arn, label, accounts, actions } = permission
  checkLabel(label)
  if (accounts.length === 0) missing('AWSAccountIds')
  if (actions.length === 0) missing('Actions')
  for (const action of actions) {
    if (ACTIONS.includes(action)) continue
    invalid(
      `Value SQS:${action} for parameter ActionName is invalid. Reason: Only the queue owner is allowed to invoke this action.`,
    )
  }
  const known: Policy = policy ? JSON.parse(policy) : { Version: '2008-10-17', Id: `${arn}/SQSDefaultPolicy` }
  const statements = statementsOf(known)
  if (statements.some(({ Sid }) => Sid === label)) {
    invalid(`Value ${label} for parameter Label is invalid. Reason: Already exists.`)
  }
  const added: Statement = {
    Sid: label,
    Effect: 'Allow',
    Principal: { AWS: single(accounts.map((account) => `arn:aws:iam::${account}:root`)) },
    Action: single(actions.map((action) => `SQS:${action}`)),
    Resource: arn,
  }
  return checkPolicy(JSON.stringify({ ...known, Statement: [...statements, added] }))
}

/** The policy without the statement; undefined when that was the last. */
export function removePermission(policy: string | undefined, label: string): string | undefined {
  checkLabel(label)
  const known: Policy = policy ? JSON.parse(policy) : {}
  const statements = statementsOf(known)
  const kept = statements.filter(({ Sid }) => Sid !== label)
  if (kept.length === statements.length) {
    invalid(`Value ${label} for parameter Label is invalid. Reason: can't find label.`)
  }
  return kept.length === 0 ? undefined : JSON.stringify({ ...known, Statement: kept })
}

/** A policy as SQS takes it: a JSON map with statements, and no larger than it may be. What it means is the face's. */
export function checkPolicy(text: string): string {
  const wrong = () => refuse('InvalidAttributeValue', 'Invalid value for the parameter Policy.')
  if (Buffer.byteLength(text) > MAX_BYTES) wrong()
  let policy: Policy
  try {
    policy = JSON.parse(text)
  } catch {
    return wrong()
  }
  if (policy === null || typeof policy !== 'object' || Array.isArray(policy) || !('Statement' in policy)) wrong()
  const statements = statementsOf(policy)
  if (statements.some((statement) => statement === null || typeof statement !== 'object')) wrong()
  const most = (what: string, count: number, max: number) => {
    if (count > max) refuse('OverLimit', `${count} ${what} were found, maximum allowed is ${max}.`)
  }
  most('Statements', statements.length, MAX.statements)
  for (const { Action } of statements) most('Actions', listOf(Action).length, MAX.actions)
  most(
    'Principals',
    sum(statements, ({ Principal }) => leaves(Principal)),
    MAX.principals,
  )
  most(
    'Conditions',
    sum(statements, ({ Condition }) => conditionsOf(Condition)),
    MAX.conditions,
  )
  return text
}

function checkLabel(label: string): void {
  if (typeof label === 'string' && /^[A-Za-z0-9_-]{1,80}$/.test(label)) return
  invalid(
    `Value ${label} for parameter Label is invalid. Reason: Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.`,
  )
}

const listOf = (value: unknown): unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value])
const statementsOf = ({ Statement }: Policy) => listOf(Statement) as Statement[]
const single = (list: string[]) => (list.length === 1 ? list[0] : list)
const sum = (statements: Statement[], count: (statement: Statement) => number) =>
  statements.reduce((total, statement) => total + count(statement), 0)

function leaves(principal: unknown): number {
  const values = principal !== null && typeof principal === 'object' ? Object.values(principal) : [principal]
  return values.reduce((count: number, value) => count + listOf(value).length, 0)
}

function conditionsOf(condition: unknown): number {
  if (condition === null || typeof condition !== 'object') return 0
  return Object.values(condition).reduce((count: number, keys) => count + Object.keys(keys ?? {}).length, 0)
}
