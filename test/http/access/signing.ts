// Requests signed by AWS's own library, put as they come over the wire: the oracle of the tests of signatures.
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Identity } from '../../../lib/http/access/identity.ts'
import { Secret } from '../../../lib/http/access/secrets.ts'
import { Signatures } from '../../../lib/http/access/signature.ts'
import type { Incoming } from '../../../lib/http/wire/protocol.ts'
import { request } from './requests.ts'

export const KEY_ID = 'AKIAIOSFODNN7EXAMPLE'
export const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
export const NOW = Date.UTC(2030, 0, 31, 12, 0, 0)

export interface Unsigned {
  method?: string
  /** As on the wire. */
  path?: string
  query?: Record<string, string | string[]>
  headers?: Record<string, string>
  body?: string
}

export interface Signer {
  keyId?: string
  secret?: string
  region?: string
  service?: string
  at?: number
  /** Presigned, for so many seconds. */
  expires?: number
  token?: string
  /** The path as it is, neither normalised nor encoded once more. */
  literal?: boolean
}

class Sha256 {
  readonly #hash: Hash | Hmac

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret))
  }

  update(data: string | Uint8Array): void {
    this.#hash.update(data)
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }

  reset(): void {}
}

const IDENTITY: Identity = {
  kind: 'root',
  account: '111111111111',
  arn: 'arn:aws:iam::111111111111:root',
  policies: [],
}

/** A server's side that knows the key. */
export function signatures(now = NOW): Signatures {
  return new Signatures(new Map([[KEY_ID, { secret: new Secret(SECRET), identity: IDENTITY }]]), () => now)
}

/** The request with another value of one of its headers. */
export function withHeader(incoming: Incoming, name: string, value: string): Incoming {
  const rawHeaders = incoming.rawHeaders.map((one, index) =>
    index % 2 === 1 && incoming.rawHeaders[index - 1]?.toLowerCase() === name ? value : one,
  )
  return { ...incoming, headers: { ...incoming.headers, [name]: value }, rawHeaders }
}

export async function signed(unsigned: Unsigned, signer: Signer = {}): Promise<Incoming> {
  const { method = 'POST', path = '/', query = {}, headers = {}, body = '' } = unsigned
  const {
    keyId = KEY_ID,
    secret = SECRET,
    region = 'eu-west-1',
    service = 'sqs',
    at = NOW,
    expires,
    token,
    literal,
  } = signer
  const v4 = new SignatureV4({
    service,
    region,
    credentials: {
      accessKeyId: keyId,
      secretAccessKey: secret,
      ...(token === undefined ? {} : { sessionToken: token }),
    },
    sha256: Sha256,
    uriEscapePath: !literal,
  })
  const host = 'sqs.test:9324'
  const plain = { method, protocol: 'http:', hostname: host, path, query, headers: { host, ...headers }, body }
  const signingDate = new Date(at)
  const ready =
    expires === undefined
      ? await v4.sign(plain, { signingDate })
      : await v4.presign(plain, { signingDate, expiresIn: expires })
  const { host: _, ...rest } = ready.headers
  return request({ method, path, search: searchOf(ready.query ?? {}), headers: rest, body })
}

function searchOf(query: Record<string, string | string[] | null>): string {
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
  return Object.entries(query)
    .flatMap(([name, values]) => [values ?? ''].flat().map((value) => `${encode(name)}=${encode(value)}`))
    .join('&')
}

function bytes(given: string | ArrayBuffer | ArrayBufferView): string | Uint8Array {
  if (typeof given === 'string') return given
  return ArrayBuffer.isView(given)
    ? new Uint8Array(given.buffer, given.byteOffset, given.byteLength)
    : new Uint8Array(given)
}
