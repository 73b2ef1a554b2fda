// Whether somebody may do something, as IAM decides it: an explicit deny wins over everything, and what nothing allows is denied.
import type { Identity } from '../identity.ts'
import { type Context, matches } from './match.ts'
import type { Named, Policy, Statement } from './parse.ts'
import { type Standing, standing } from './principals.ts'

export interface PolicyRequest {
  /** Such as 'SendMessage'. */
  action: string
  /** ARN of the queue. */
  resource: string
  /** The account that the queue is of. */
  account: string
  context: Context
}

/** `by`: what kind of policy denies it, or lacks what would allow it. */
export type Decision = { allowed: true } | { allowed: false; by: 'identity' | 'resource'; explicit: boolean }

/** What a queue's policy cannot give to other accounts. */
const OWN_ACCOUNT_ONLY = new Set([
  'AddPermission',
  'CancelMessageMoveTask',
  'CreateQueue',
  'DeleteQueue',
  'ListMessageMoveTasks',
  'ListQueues',
  'ListQueueTags',
  'RemovePermission',
  'SetQueueAttributes',
  'StartMessageMoveTask',
  'TagQueue',
  'UntagQueue',
])

/** `queue` is the queue's own policy. */
export function decide(request: PolicyRequest, identity: Identity, queue: Policy | undefined): Decision {
  if (identity.kind === 'anyone') return ALLOWED
  const action = `sqs:${request.action}`
  let allowed = identity.kind === 'root'
  for (const { statements } of identity.policies) {
    for (const one of statements) {
      if (!covers(one, action, request)) continue
      if (one.effect === 'Deny') return denied('identity', true)
      allowed = true
    }
  }
  const given = new Set<Standing>()
  for (const one of queue?.statements ?? []) {
    const by = one.principals ? standing(one.principals, identity) : 'everyone'
    if (by === undefined || !covers(one, action, request)) continue
    if (one.effect === 'Deny') return denied('resource', true)
    given.add(by)
  }
  return identity.account === request.account && identity.kind !== 'anonymous'
    ? within(allowed, given)
    : across(allowed, given, request, identity)
}

const ALLOWED: Decision = { allowed: true }
const denied = (by: 'identity' | 'resource', explicit = false): Decision => ({ allowed: false, by, explicit })

/** In one account either side is enough; but what is given to the account is the account's to pass on. */
function within(allowed: boolean, given: Set<Standing>): Decision {
  return allowed || given.has('everyone') || given.has('itself') ? ALLOWED : denied('identity')
}

/** Between accounts both sides have to allow it; one who is anonymous has no side, so everyone must be meant. */
function across(allowed: boolean, given: Set<Standing>, { action }: PolicyRequest, { kind }: Identity): Decision {
  if (OWN_ACCOUNT_ONLY.has(action)) return denied('resource')
  if (kind === 'anonymous') return given.has('everyone') ? ALLOWED : denied('resource')
  if (given.size === 0) return denied('resource')
  return allowed ? ALLOWED : denied('identity')
}

/** `action` with the service in front. */
function covers(one: Statement, action: string, { resource, context }: PolicyRequest): boolean {
  if (!names(one.actions, action, context) || !names(one.resources, resource, context)) return false
  for (const condition of one.conditions) if (!condition.holds(context)) return false
  return true
}

function names({ not, patterns }: Named, text: string, context: Context): boolean {
  for (const pattern of patterns) if (matches(pattern, text, context)) return !not
  return not
}
