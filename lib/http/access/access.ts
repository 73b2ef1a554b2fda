// Who may use the endpoint, and for what.
import type { Accounts } from '../queues.ts'
import type { Incoming, Protocol } from '../wire/protocol.ts'
import { authorize } from './authorize.ts'
import type { Configuration } from './configuration.ts'
import type { Identity, Need } from './identity.ts'
import { Signatures } from './signature.ts'

export { type Configuration, environmentConfiguration, findConfiguration, readConfiguration } from './configuration.ts'

export interface Access {
  /** Who calls; refuses a signature that is not right. */
  authenticate(incoming: Incoming, protocol: Protocol): Identity
  /** Rejects with the refusal of what the caller may not do. */
  authorize(identity: Identity, needs: Need[], incoming: Incoming, accounts: Pick<Accounts, 'of'>): Promise<void>
}

const ANYONE: Identity = { kind: 'anyone', account: '', arn: '', policies: [] }
const ANONYMOUS: Identity = { kind: 'anonymous', account: '', arn: '', policies: [] }

const OPEN: Access = { authenticate: () => ANYONE, authorize: async () => {} }

/** 'anyone': nothing is verified, and everything allowed. Made anew when the configuration is read anew. */
export function openAccess(given: Configuration | 'anyone', now: () => number = Date.now): Access {
  if (given === 'anyone') return OPEN
  const signatures = new Signatures(given.keys, now)
  const known = (id: string) => given.accounts.has(id)
  return {
    authenticate: (incoming) => signatures.verify(incoming) ?? ANONYMOUS,
    authorize: (identity, needs, incoming, accounts) =>
      authorize(identity, needs, incoming, { accounts, known }, now()),
  }
}
