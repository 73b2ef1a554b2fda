// Whether a caller may do what it asks for: decided by the caller's policies and that of the queue.
import { QueueDoesNotExist, sqs } from '../../index.ts'
import type { Account, Accounts, Facts } from '../queues.ts'
import type { Incoming } from '../wire/protocol.ts'
import type { Identity, Need } from './identity.ts'
import { contextOf } from './policy/context.ts'
import { type Decision, decide } from './policy/decide.ts'

/** Where the queues are that a caller may ask for. */
export interface Owners {
  accounts: Pick<Accounts, 'of'>
  /** Whether there is such an account. */
  known(id: string): boolean
}

interface Owned {
  account: Account
  queue: string
  facts: Facts
}

/** Rejects with the refusal of the first need that is not met. */
export async function authorize(
  identity: Identity,
  needs: Need[],
  incoming: Incoming,
  owners: Owners,
  now: number,
): Promise<void> {
  for (const need of needs) {
    const [, , , region = '', account = '', queue = ''] = need.resource.split(':')
    // One who may not act on a queue does not learn whether it is there.
    const owned = await find(owners, account, queue)
    const policy = owned?.facts.policy
    const tagged = policy?.tagged || identity.policies.some((one) => one.tagged)
    const tags = tagged && owned ? await tagsOf(owned) : {}
    const context = contextOf({ identity, need, incoming, account, region, now, tags })
    const decision = decide({ action: need.action, resource: need.resource, account, context }, identity, policy)
    if (!decision.allowed) refuse(identity, need, decision)
  }
}

async function find({ accounts, known }: Owners, id: string, queue: string): Promise<Owned | undefined> {
  if (!known(id) || queue === '*') return undefined
  try {
    const account = await accounts.of(id)
    return { account, queue, facts: await account.facts(queue) }
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return undefined
    throw error
  }
}

/** Kept as long as the facts of their queue are. */
const read = new WeakMap<Facts, Promise<Record<string, string>>>()

function tagsOf({ account, queue, facts }: Owned): Promise<Record<string, string>> {
  const kept = read.get(facts)
  if (kept) return kept
  const tags = account.client.queues.tags(queue)
  read.set(facts, tags)
  return tags
}

function refuse(
  identity: Identity,
  { action, resource }: Need,
  { by, explicit }: Decision & { allowed: false },
): never {
  if (identity.kind === 'anonymous') {
    return sqs.refuse('MissingAuthenticationTokenException', 'Request is missing Authentication Token')
  }
  // In small letters as recorded.
  const asked = `sqs:${action.toLowerCase()}`
  const policy = `${by}-based policy`
  const why = explicit
    ? `with an explicit deny in ${by === 'identity' ? 'an' : 'a'} ${policy}`
    : `because no ${policy} allows the ${asked} action`
  const message = `User: ${identity.arn} is not authorized to perform: ${asked} on resource: ${resource} ${why}`
  return sqs.refuse('AccessDeniedException', message)
}
