// Lists of queues, a page at a time: where a page goes on is a token that only the endpoint reads.
import { type NamePage, sqs } from '../../index.ts'

export interface PageCall {
  NextToken?: string
  MaxResults?: unknown
}

/** Options of `queues.list` and `queues.sourcesOf`. */
export function pageOptions({ NextToken, MaxResults }: PageCall): { limit?: number; cursor?: string } {
  const limit = sqs.parseMaxResults(MaxResults)
  return { ...(limit !== undefined && { limit }), ...(NextToken !== undefined && { cursor: read(NextToken) }) }
}

/** Those who do not say how many they want are given no token. */
export function tokenOf({ cursor }: NamePage, { MaxResults }: PageCall): string | undefined {
  return MaxResults === undefined || cursor === undefined ? undefined : Buffer.from(cursor).toString('base64url')
}

function read(token: string): string {
  const cursor = Buffer.from(token, 'base64url').toString()
  if (cursor !== '' && Buffer.from(cursor).toString('base64url') === token) return cursor
  return sqs.invalid('Invalid or expired next token.')
}
