// A server that takes any key must not take those of web pages: a page can post a form to a port of the machine that shows
// it, and, by a name of its own that it makes resolve to that machine, even read what comes back.
import { isIP } from 'node:net'
import { sqs } from '../index.ts'
import type { Incoming } from './wire/protocol.ts'

/** Names that no page of the public web can have, besides those without a dot. */
const PRIVATE = /(?:^|\.)(?:localhost|local|internal|test)$/

export function refuseBrowsers({ headers, origin }: Incoming, publicUrl: URL | undefined): void {
  const site = headers['sec-fetch-site']
  if (headers.origin !== undefined || (site !== undefined && site !== 'none')) {
    refuse('Requests of web pages are not taken by a server that takes any key.')
  }
  const name = hostName(origin.host)
  if (name === '' || isIP(name) || !name.includes('.') || PRIVATE.test(name) || name === publicUrl?.hostname) return
  refuse(`This server takes any key, so it is not served under the name '${name}' unless \`--public-url\` says so.`)
}

function refuse(message: string): never {
  return sqs.refuse('AccessDeniedException', message)
}

/** Of a Host header, without the port. */
function hostName(host: string): string {
  return (/^\[(.*)\]/.exec(host)?.[1] ?? host.replace(/:\d*$/, '')).replace(/\.$/, '').toLowerCase()
}
