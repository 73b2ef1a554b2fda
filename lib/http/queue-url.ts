// URLs of queues: <scheme>://<host>/<account>/<name>. Whatever host and path they were written with, the end counts.
import { sqs } from '../index.ts'
import type { Action } from './actions/action.ts'
import type { Origin } from './wire/protocol.ts'

/** Which queue, of which account; '' is the caller's own. */
export interface QueueAddress {
  account: string
  name: string
}

const ACCOUNT = /^[A-Za-z0-9_.-]{1,80}$/
const NAME = /^[A-Za-z0-9_-]{1,80}(\.fifo)?$/
const HOST = /^([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$/

/** The base of URLs for who came by this host; `other` where that is none. */
export function baseUrl({ scheme, host }: Origin, other: string): string {
  return HOST.test(host) ? `${scheme}://${host}` : other
}

export function writeQueueUrl(base: string, { account, name }: QueueAddress): string {
  return `${base}/${account}/${name}`
}

/** A URL, its path, or the bare name of a queue of the caller's own. */
export function readQueueUrl(url: string): QueueAddress {
  const address = url.includes('/')
    ? endOf(url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, ''))
    : { account: '', name: url }
  if (address && NAME.test(address.name)) return address
  return sqs.refuse('InvalidAddress', `The address ${url.slice(0, 1024)} is not valid for this endpoint.`)
}

/** The queue to whose URL a request was sent, if it was; `base` is the path under which the endpoint is. */
export function queueOfPath(path: string, base = ''): QueueAddress | undefined {
  return endOf(path.startsWith(base) ? path.slice(base.length) : path)
}

/** What a call asks for: the queue of its QueueUrl, else that of its path; or an account, and no queue by its URL. */
export function addressOf(
  action: Action,
  input: { QueueUrl?: string },
  path: string,
  base?: string,
): { account: string; name?: string } {
  if (!takesQueueUrl(action)) return { account: action.owner?.(input) ?? '' }
  if (input.QueueUrl !== undefined) return readQueueUrl(input.QueueUrl)
  return queueOfPath(path, base) ?? sqs.missing('QueueUrl')
}

export function takesQueueUrl({ input }: Action): boolean {
  return input.kind === 'structure' && 'QueueUrl' in input.members
}

// Not by splitting: a path may be megabytes of slashes.
function endOf(path: string): QueueAddress | undefined {
  const whole = path.endsWith('/') ? path.slice(0, -1) : path
  const slash = whole.lastIndexOf('/')
  if (slash <= 0) return undefined
  const account = whole.slice(whole.lastIndexOf('/', slash - 1) + 1, slash)
  const name = whole.slice(slash + 1)
  return ACCOUNT.test(account) && NAME.test(name) ? { account, name } : undefined
}
