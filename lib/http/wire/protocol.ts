// What the two protocols have in common: a request as it came, and an answer as it goes.
import type { IncomingHttpHeaders } from 'node:http'

export type Protocol = 'json' | 'query'

/** Where a request came from, behind the proxies that are trusted. */
export interface Origin {
  ip: string
  scheme: 'http' | 'https'
  /** Host header, port included. */
  host: string
}

/** A request whose body has been read. */
export interface Incoming {
  method: string
  /** As it stands in the request line, without the query. */
  path: string
  /** Behind the question mark; '' where there is none. */
  search: string
  headers: IncomingHttpHeaders
  /** Names and values in turn, as they came. */
  rawHeaders: string[]
  body: Buffer
  origin: Origin
  /** Aborted when the client hangs up. */
  signal?: AbortSignal
}

export interface Answer {
  status: number
  /** Names and values in turn, as `writeHead` takes them. */
  headers: string[]
  body: string
}

/** Which protocol a request speaks, and what it asks for. */
export interface Asked {
  protocol: Protocol
  action: string
  /** Of a form and the query of its URL; the form wins. Not parsed before it is asked for, and once. */
  params(): Map<string, string>
}
