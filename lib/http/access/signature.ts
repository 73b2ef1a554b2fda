// Signature Version 4: whether a request was made by who has the secret of a key, lately, and is as it was then.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { InvalidOption, sqs } from '../../index.ts'
import type { Incoming } from '../wire/protocol.ts'
import { canonicalRequests, sha256 } from './canonical.ts'
import { ALGORITHM, type Claim, claimOf, timeHeader } from './credentials.ts'
import type { Identity } from './identity.ts'
import type { Secret } from './secrets.ts'
import { checkTime } from './skew.ts'

export interface Key {
  secret: Secret
  /** Whose it is. */
  identity: Identity
}

/** The signature is of another request, or by another secret. */
export class SignatureMismatch extends InvalidOption {
  constructor(
    /** What should have been signed, for the log: the canonical request. */
    readonly signed: string,
  ) {
    super(MISMATCH, { sqs: { shape: 'InvalidSignatureException', message: MISMATCH } })
  }
}

const UNKNOWN = 'The security token included in the request is invalid.'
const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and ' +
  'signing method. Consult the service documentation for details.'
/** Signing keys that are kept. */
const MOST = 1_000

export class Signatures {
  /** By key, day and region. Only signatures that were right enter it, so that nobody can flush it with made-up ones. */
  readonly #signingKeys = new Map<string, Buffer>()

  constructor(
    private readonly keys: ReadonlyMap<string, Key>,
    private readonly now: () => number,
  ) {}

  /** Who signed a request; undefined for one that is not signed. Refuses a signature that is not right. */
  verify(incoming: Incoming): Identity | undefined {
    const claim = claimOf(incoming)
    if (claim === undefined) return undefined
    const key = this.keys.get(claim.keyId)
    if (key === undefined) return sqs.refuse('UnrecognizedClientException', UNKNOWN)
    const time = checkTime(claim, this.now())
    checkHeaders(incoming, claim)
    const scope = `${claim.keyId}/${claim.day}/${claim.region}`
    const kept = this.#signingKeys.get(scope)
    const signingKey = kept ?? derive(key.secret, claim)
    const expected = { ...claim, time }
    if (!isSigned(incoming, expected, signingKey)) throw new SignatureMismatch(shown(incoming, expected))
    if (kept === undefined) this.#keep(scope, signingKey)
    return key.identity
  }

  #keep(scope: string, signingKey: Buffer): void {
    const [oldest] = this.#signingKeys.keys()
    if (this.#signingKeys.size >= MOST && oldest !== undefined) this.#signingKeys.delete(oldest)
    this.#signingKeys.set(scope, signingKey)
  }
}

// What decides whom a request reaches, when and for what must be signed, or it could be changed under the signature.
function checkHeaders(incoming: Incoming, { headers, ordered, expires }: Claim): void {
  const time = expires === undefined ? timeHeader(incoming) : 'x-amz-date'
  const missing = (name: string) => incoming.headers[name] !== undefined && !headers.includes(name)
  if (!headers.includes('host') || missing('x-amz-target') || missing(time)) {
    const present = ['host', 'x-amz-target', time].filter(
      (name) => name === 'host' || incoming.headers[name] !== undefined,
    )
    mismatch(`'SignedHeaders' must contain ${present.map((name) => `'${name}'`).join(', ')}.`)
  }
  if (!ordered) mismatch("'SignedHeaders' must be in small letters, sorted, and each there once.")
  if (headers.some((name) => name !== 'host' && incoming.headers[name] === undefined)) mismatch()
}

function isSigned(incoming: Incoming, claim: Claim, signingKey: Buffer): boolean {
  const payload = sha256(incoming.body)
  const said = incoming.headers['x-amz-content-sha256'] ?? payload
  const given = Buffer.from(claim.signature, 'latin1')
  const scope = `${claim.day}/${claim.region}/sqs/aws4_request`
  const right = canonicalRequests(incoming, claim, payload).some((request) =>
    timingSafeEqual(given, signature(signingKey, `${ALGORITHM}\n${claim.time}\n${scope}\n${sha256(request)}`)),
  )
  return right && said === payload
}

/** A session token is a secret, though it is signed. */
function shown(incoming: Incoming, claim: Claim): string {
  const [request = ''] = canonicalRequests(incoming, claim, sha256(incoming.body))
  return request.replace(/(x-amz-security-token[:=])[^\n&]*/gi, '$1…')
}

function derive(secret: Secret, { day, region }: Claim): Buffer {
  return [day, region, 'sqs', 'aws4_request'].reduce(hmac, Buffer.from(`AWS4${secret.reveal()}`))
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

/** As it is written: its digits, for a buffer of its own would cost each request more than they do. */
function signature(key: Buffer, text: string): Buffer {
  return Buffer.from(createHmac('sha256', key).update(text).digest('hex'), 'latin1')
}

function mismatch(message = MISMATCH): never {
  return sqs.refuse('InvalidSignatureException', message)
}
