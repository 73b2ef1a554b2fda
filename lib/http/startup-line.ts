// The first line that a server says: where it is, and who may use it.
import type { Configuration } from './access/access.ts'

/** `guarded`: undefined where any key is accepted. */
export function startupLine(
  url: URL,
  redis: string,
  namespace: string,
  guarded: Pick<Configuration, 'accounts' | 'users'> | undefined,
): string {
  const at = `SQS on ${url.origin}`
  if (!guarded) return `${at} (account ${namespace}, ${redis}): any key is accepted, no policies`
  const { accounts, users } = guarded
  return `${at} (${redis}): ${counted(accounts.size, 'account')}, ${counted(users, 'user')}, signatures required`
}

function counted(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`
}
