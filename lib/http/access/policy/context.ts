// What is known of a request: the keys that conditions ask for and that variables stand for.
import type { Incoming } from '../../wire/protocol.ts'
import type { Identity, Need } from '../identity.ts'
import type { Context } from './match.ts'

export interface Known {
  identity: Identity
  need: Need
  incoming: Incoming
  /** The account that the queue is of. */
  account: string
  region: string
  /** ms */
  now: number
  /** Those of the queue. */
  tags: Record<string, string>
}

type Tell = (known: Known) => string | undefined

const TYPES: Record<Identity['kind'], string> = {
  root: 'Account',
  user: 'User',
  anonymous: 'Anonymous',
  anyone: 'Anonymous',
}

/** Of a text that the caller chooses: what is compared with a policy's patterns has a bound. */
const LONGEST = 1024
const header =
  (name: 'user-agent' | 'referer') =>
  ({ incoming }: Known) =>
    incoming.headers[name]?.slice(0, LONGEST)

const KEYS: ReadonlyMap<string, Tell> = new Map<string, Tell>([
  ['aws:sourceip', ({ incoming }) => incoming.origin.ip],
  ['aws:securetransport', ({ incoming }) => String(incoming.origin.scheme === 'https')],
  ['aws:currenttime', ({ now }) => new Date(now).toISOString()],
  ['aws:epochtime', ({ now }) => String(Math.floor(now / 1000))],
  ['aws:principalarn', ({ identity }) => identity.arn || undefined],
  ['aws:principalaccount', ({ identity }) => identity.account || undefined],
  ['aws:principaltype', ({ identity }) => TYPES[identity.kind]],
  ['aws:username', ({ identity }) => identity.name],
  ['aws:userid', ({ identity }) => identity.name ?? (identity.account || 'anonymous')],
  ['aws:useragent', header('user-agent')],
  ['aws:referer', header('referer')],
  ['aws:requestedregion', ({ region }) => region],
  ['aws:resourceaccount', ({ account }) => account],
])

const TAG = /^aws:(request|resource)tag\/(.+)$/s

export function contextOf(known: Known): Context {
  const given = known.need.tags ?? {}
  return (key) => {
    if (key === 'aws:tagkeys') return known.need.tagKeys ?? Object.keys(given)
    const [, whose, tag = ''] = TAG.exec(key) ?? []
    const value = whose ? tagOf(whose === 'request' ? given : known.tags, tag) : KEYS.get(key)?.(known)
    return value === undefined ? undefined : [value]
  }
}

/** Keys of conditions are the same in capital and small letters, and so those of tags in them. */
function tagOf(tags: Record<string, string>, wanted: string): string | undefined {
  return Object.entries(tags).find(([key]) => key.toLowerCase() === wanted)?.[1]
}
