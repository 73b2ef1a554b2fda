// Who calls, and what a call needs to be allowed.
import type { Policy } from './policy/parse.ts'

export interface Identity {
  /** 'anyone': nothing is verified. 'anonymous': the request is not signed. */
  kind: 'root' | 'user' | 'anonymous' | 'anyone'
  /** Account id; '' for one who is anonymous. */
  account: string
  arn: string
  /** Of a user. */
  name?: string
  policies: Policy[]
}

/** A permission: `action` as 'SendMessage', on a queue by its ARN. */
export interface Need {
  action: string
  resource: string
  /** Those that the call sets. */
  tags?: Record<string, string>
  /** Those that the call sets or removes; the keys of `tags` unless given. */
  tagKeys?: string[]
}
