// Where a request says who signed it: in its header `authorization`, or, presigned, in its query.
import { sqs } from '../../index.ts'
import type { Incoming } from '../wire/protocol.ts'
import { isUnrepeated, type Parameter, parameters } from './canonical.ts'
import { latest } from './latest.ts'

/** What a request says of its signature; none of it is verified. */
export interface Claim {
  keyId: string
  /** Of the scope: yyyymmdd. */
  day: string
  region: string
  /** When it was signed, as the request writes it. */
  time: string
  /** Of a presigned request: the seconds for which it holds. */
  expires?: string
  /** Names of the headers that are signed. */
  headers: string[]
  /** Whether they are written as they must be: in small letters, sorted, each of them once. */
  ordered: boolean
  /** 64 hexadecimal digits. */
  signature: string
}

export const ALGORITHM = 'AWS4-HMAC-SHA256'
/** Headers that a request may have once only, as what is signed must be what is done. */
const ONCE = ['authorization', 'host', 'x-amz-date', 'x-amz-target', 'x-amz-content-sha256']
const BOTH = "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."

/** undefined for a request that is not signed. */
export function claimOf(incoming: Incoming): Claim | undefined {
  const { headers, search } = incoming
  // A usual request has no query at all.
  const query = search === '' ? [] : parameters(search)
  const presigned = query.some(({ name }) => name === 'X-Amz-Algorithm' || name === 'X-Amz-Signature')
  if (headers.authorization !== undefined) {
    if (presigned) sqs.refuse('InvalidSignatureException', BOTH)
    refuseRepeated(incoming)
    refuseToken(headers['x-amz-security-token'])
    return inHeader(headers.authorization.trim(), timeOf(incoming))
  }
  if (presigned) {
    refuseRepeated(incoming)
    return inQuery(query)
  }
  if (query.some(({ name }) => name === 'AWSAccessKeyId'))
    incomplete('Signature Version 2 is not supported: use Signature Version 4.')
  return undefined
}

/** The header that says when the request was signed. */
export function timeHeader({ headers }: Incoming): 'x-amz-date' | 'date' {
  return headers['x-amz-date'] === undefined ? 'date' : 'x-amz-date'
}

const DIGITS = 64
const LABEL = 'Signature='

function inHeader(authorization: string, time: string): Claim {
  const from = authorization.length - DIGITS
  if (time === '' || !authorization.startsWith(LABEL, from - LABEL.length)) return written(authorization, time)
  const signature = authorization.slice(from)
  if (!isSignature(signature)) return written(authorization, time)
  return { ...signedFor(authorization.slice(0, from)), time, signature }
}

/** What stands before the signature is the same in many requests of a client. */
const signedFor = latest((front: string) => written(front + '0'.repeat(DIGITS), '-'))

function written(authorization: string, time: string): Claim {
  const [algorithm, parts] = divide(authorization, /\s+/)
  if (algorithm !== ALGORITHM) incomplete(`Unsupported AWS 'algorithm': '${printable(algorithm)}'.`)
  const given = new Map<string, string>()
  for (const part of parts.split(',')) {
    const [name, value] = divide(part.trim(), /=/)
    if (given.has(name)) incomplete(`Authorization header has '${printable(name)}' twice.`)
    given.set(name, value)
  }
  return claim(
    (name) => given.get(name) || incomplete(`Authorization header requires '${name}' parameter.`),
    time || incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."),
  )
}

function inQuery(query: Parameter[]): Claim {
  const value = (name: string) => {
    const [found, more] = query.filter((one) => one.name === `X-Amz-${name}`)
    if (more !== undefined) incomplete(`AWS query-string parameters must not repeat 'X-Amz-${name}'.`)
    return found?.value
  }
  const needed = (name: string) =>
    value(name) || incomplete(`AWS query-string parameters must include 'X-Amz-${name}'.`)
  if (needed('Algorithm') !== ALGORITHM) incomplete(`Unsupported AWS 'algorithm': '${printable(needed('Algorithm'))}'.`)
  refuseToken(value('Security-Token'))
  return { ...claim(needed, needed('Date')), expires: needed('Expires') }
}

function claim(needed: (name: string) => string, time: string): Claim {
  const credential = needed('Credential')
  const headers = needed('SignedHeaders')
  const signature = needed('Signature')
  const [keyId = '', day = '', region = '', service, end, ...more] = credential.split('/')
  if (service !== 'sqs') wrongScope("service: 'sqs'")
  if (end !== 'aws4_request' || more.length > 0) wrongScope("terminator: 'aws4_request'")
  if (!/^[a-z0-9-]{1,40}$/.test(region)) wrongScope('region')
  if (!isSignature(signature)) incomplete("'Signature' must have 64 hexadecimal digits.")
  const names = headers.split(';')
  return { keyId, day, region, time, headers: names, ordered: names.every(isOrdered), signature }
}

function isSignature(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}

function isOrdered(name: string, index: number, names: string[]): boolean {
  return /^[!-9;-@[-~]+$/.test(name) && (index === 0 || (names[index - 1] as string) < name)
}

function timeOf(incoming: Incoming): string {
  const value = incoming.headers[timeHeader(incoming)]
  return typeof value === 'string' ? value.trim() : ''
}

/** Temporary credentials: there are none here, so no token can be right. */
function refuseToken(token: unknown): void {
  if (token === undefined) return
  sqs.refuse('UnrecognizedClientException', 'The security token included in the request is invalid.')
}

function refuseRepeated(incoming: Incoming): void {
  if (isUnrepeated(incoming)) return
  const { rawHeaders } = incoming
  let seen = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] as string).toLowerCase()
    const at = ONCE.indexOf(name)
    if (at < 0) continue
    if (seen & (1 << at)) incomplete(`The header '${name}' must not be repeated.`)
    seen |= 1 << at
  }
}

function wrongScope(part: string): never {
  return sqs.refuse('InvalidSignatureException', `Credential should be scoped to correct ${part}.`)
}

function incomplete(message: string): never {
  return sqs.refuse('IncompleteSignatureException', message)
}

/** What stands before and behind a separator; all of it where there is none. */
function divide(text: string, separator: RegExp): [string, string] {
  const found = separator.exec(text)
  if (!found) return [text, '']
  return [text.slice(0, found.index), text.slice(found.index + found[0].length)]
}

/** A text of the caller within a sentence. */
export function printable(text: string): string {
  return text.slice(0, 64).replace(/[^ -~]/g, '?')
}
