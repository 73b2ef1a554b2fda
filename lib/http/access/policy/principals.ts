// Whom a statement of a queue's policy is about.
import type { Identity } from '../identity.ts'
import { meant } from '../suggest.ts'
import { listOf, type Report } from './report.ts'

export interface Principals {
  /** NotPrincipal: all but these. */
  not: boolean
  everyone: boolean
  accounts: ReadonlySet<string>
  /** ARNs of users. */
  users: ReadonlySet<string>
}

/**
 * By what a statement is about a caller: as 'everyone', as 'itself', or as one of its 'account', which lets the account
 * decide but gives nothing to its users; undefined where it is not.
 */
export type Standing = 'everyone' | 'itself' | 'account' | undefined

/** Those of AWS that nobody is here: they are taken, and are never the caller. */
const OTHERS = ['Service', 'Federated', 'CanonicalUser']
const KINDS = ['AWS', ...OTHERS]
const ARN = /^arn:aws[a-z-]*:(?:iam|sts)::([A-Za-z0-9_.-]{1,80}):(root|[a-z-]+\/[^*?]+)$/
const ACCOUNT = /^[A-Za-z0-9_.-]{1,80}$/

export function parsePrincipals(given: unknown, not: boolean, report: Report): Principals {
  const accounts = new Set<string>()
  const users = new Set<string>()
  let everyone = false
  const wrong = () => report([], "is '*' or an object such as { AWS: '123456789012' }")
  const add = (name: unknown, index: number) => {
    const [, account, rest] = (typeof name === 'string' && ARN.exec(name)) || []
    if (name === '*') everyone = true
    else if (account !== undefined && rest === 'root') accounts.add(account)
    else if (account !== undefined) users.add(name as string)
    else if (typeof name === 'string' && ACCOUNT.test(name)) accounts.add(name)
    else report(['AWS', index], "is '*', an account, or the ARN of an account or a user, without wildcards")
  }
  if (given === '*') everyone = true
  else if (given === null || typeof given !== 'object' || Array.isArray(given)) wrong()
  else {
    const entries = Object.entries(given)
    if (entries.length === 0) wrong()
    for (const [kind, names] of entries) {
      if (kind === 'AWS') listOf(names).forEach(add)
      else if (!OTHERS.includes(kind)) report([kind], `is no kind of principal; ${meant(kind, KINDS)}`)
      if (listOf(names).length === 0) report([kind], 'names nobody')
    }
  }
  return { not, everyone, accounts, users }
}

export function standing(principals: Principals, identity: Identity): Standing {
  const { not, everyone, accounts, users } = principals
  const account = accounts.has(identity.account) && identity.kind !== 'anonymous'
  if (not) return everyone || account || users.has(identity.arn) ? undefined : 'itself'
  if (everyone) return 'everyone'
  if (users.has(identity.arn)) return 'itself'
  return account ? 'account' : undefined
}
