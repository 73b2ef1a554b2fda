// The canonical form of a request, which is what is signed. All texts here have one character for each byte on the wire, as
// node:http gives headers and paths: so nothing depends on whether those bytes are valid UTF-8.
import { hash } from 'node:crypto'
import type { Incoming } from '../wire/protocol.ts'
import type { Claim } from './credentials.ts'

/** Of a query: its name and value as they are meant, byte by byte. */
export interface Parameter {
  name: string
  value: string
}

/** The request in canonical form, once for each form of its path that a client may have signed. */
export function canonicalRequests(incoming: Incoming, claim: Claim, payload: string): string[] {
  const headers = canonicalHeaders(incoming, claim.headers)
  const rest = [canonicalQuery(incoming.search), headers, claim.headers.join(';'), payload].join('\n')
  return canonicalPaths(incoming.path).map((path) => `${incoming.method}\n${path}\n${rest}`)
}

export function sha256(content: string | Buffer): string {
  return hash('sha256', typeof content === 'string' ? Buffer.from(content, 'latin1') : content)
}

const PLAIN = /^\/(?:[\w~-][\w.~-]*(?:\/(?=[\w~-])|$))*$/

/**
 * The path as it came is encoded once more, for every service but S3. Most clients remove dot segments and repeated slashes
 * before that; version 2 of the JavaScript SDK does not.
 */
export function canonicalPaths(path: string): string[] {
  if (PLAIN.test(path)) return [path]
  const literal = encodePath(path === '' ? '/' : path)
  const normal = encodePath(normalized(path))
  return literal === normal ? [normal] : [normal, literal]
}

function normalized(path: string): string {
  const kept: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(segment)
  }
  const end = kept.length > 0 && path.endsWith('/') ? '/' : ''
  return `/${kept.join('/')}${end}`
}

function encodePath(path: string): string {
  return path.split('/').map(encode).join('/')
}

/** Sorted by name, then by value; the signature itself is not signed. */
export function canonicalQuery(search: string): string {
  if (search === '') return ''
  return parameters(search)
    .filter(({ name }) => name !== 'X-Amz-Signature')
    .map(({ name, value }) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => order(a, b) || order(x, y))
    .map((pair) => pair.join('='))
    .join('&')
}

export function parameters(search: string): Parameter[] {
  return search
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=')
      const [name, value] = at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)]
      return { name: decode(name), value: decode(value) }
    })
}

/** Whether each header stands in the request once: then `headers` has them as they came. */
export function isUnrepeated({ headers, rawHeaders }: Incoming): boolean {
  return 2 * Object.keys(headers).length === rawHeaders.length
}

function canonicalHeaders(incoming: Incoming, names: string[]): string {
  const values = isUnrepeated(incoming) ? incoming.headers : joined(incoming.rawHeaders)
  let text = ''
  for (const name of names) {
    // Behind a trusted proxy the client signed the host that it knows.
    const value = name === 'host' ? incoming.origin.host : values[name]
    text += `${name}:${squeezed(String(value ?? ''))}\n`
  }
  return text
}

function joined(rawHeaders: string[]): Record<string, string> {
  const values: Record<string, string> = Object.create(null)
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] as string).toLowerCase()
    const before = values[name]
    const value = squeezed(rawHeaders[index + 1] as string)
    values[name] = before === undefined ? value : `${before},${value}`
  }
  return values
}

const LOOSE = /^\s|\s$|\s\s|[^\S ]/
function squeezed(value: string): string {
  return LOOSE.test(value) ? value.trim().replace(/\s+/g, ' ') : value
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const UNRESERVED = /[^A-Za-z0-9_.~-]/g
function encode(bytes: string): string {
  return bytes.replace(UNRESERVED, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
}

function decode(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)))
}
