// AWS's own library as the oracle: what it signs verifies, and nothing else does.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Incoming } from '../../../lib/http/wire/protocol.ts'
import { told } from './refused.ts'
import { request } from './requests.ts'
import { KEY_ID, type Signer, signatures, signed, type Unsigned, withHeader } from './signing.ts'

const TEXT = { unit: 'binary' as const, maxLength: 12 }
const pathText = fc
  .array(fc.oneof(fc.constantFrom('.', '..', '', 'a b', 'ä', '%', '+', '~', "(x)*'!", '123456789012'), fc.string(TEXT)))
  .map((segments) => `/${segments.map((one) => encodeURIComponent(one)).join('/')}`)
const unsigned: fc.Arbitrary<Unsigned> = fc.record({
  method: fc.constantFrom('GET', 'POST'),
  path: pathText,
  query: fc.dictionary(
    fc
      .string({ ...TEXT, minLength: 1 })
      .filter((name) => !/^x-amz-/i.test(name) && name !== '__proto__' && name !== 'AWSAccessKeyId'),
    fc.oneof(fc.string(TEXT), fc.array(fc.string(TEXT), { minLength: 1, maxLength: 3 })),
    { maxKeys: 4 },
  ),
  headers: fc.record({
    'content-type': fc.constantFrom('application/x-amz-json-1.0', 'application/x-www-form-urlencoded'),
    'x-amz-target': fc.constant('AmazonSQS.SendMessage'),
    'x-odd': fc.constantFrom('a  b', ' c ', '1,2', ''),
  }),
  body: fc.string({ unit: 'grapheme', maxLength: 50 }),
})
const signer: fc.Arbitrary<Signer> = fc.record(
  { region: fc.constantFrom('eu-west-1', 'us-east-1', 'local'), expires: fc.constantFrom(1, 60, 604_800) },
  { requiredKeys: ['region'] },
)
const wellFormed = ({ query = {}, body = '' }: Unsigned) =>
  [body, ...Object.entries(query).flat(2)].every((text) => text.isWellFormed())

describe('a request that AWS’s library signed', () => {
  test('verifies', async () => {
    const once = signatures()
    await fc.assert(
      fc.asyncProperty(unsigned.filter(wellFormed), signer, async (made, by) => {
        const incoming = await signed(made, by)
        expect(once.verify(incoming)).toBeDefined()
        // And with the signing key that has been kept.
        expect(once.verify(incoming)).toBeDefined()
      }),
      { numRuns: 500 },
    )
  })

  // As version 2 of the JavaScript SDK does.
  test.each(['//a/./b', '/a/../b/', '/.'])('verifies with the path %s as it is', async (path) => {
    expect(signatures().verify(await signed({ path }, { literal: true }))).toBeDefined()
  })

  test('does not verify with any change', async () => {
    await fc.assert(
      fc.asyncProperty(
        unsigned.filter(wellFormed),
        signer,
        fc.constantFrom(...Object.keys(CHANGES)),
        fc.nat(),
        async (made, by, change, at) => {
          const incoming = await signed(made, by)
          const changed = (CHANGES[change] as Change)(incoming, at)
          if (changed) expect(() => signatures().verify(changed), change).toThrow()
        },
      ),
      { numRuns: 1000 },
    )
  })
})

/** undefined where there is nothing of that kind to change. */
type Change = (incoming: Incoming, at: number) => Incoming | undefined

const other = (text: string, at: number) => {
  const index = at % text.length
  return text.slice(0, index) + (text[index] === '7' ? '8' : '7') + text.slice(index + 1)
}
const signatureOf = /([0-9a-f]{64})/
const headerChange =
  (name: string): Change =>
  (incoming, at) => {
    const value = incoming.headers[name]
    return typeof value === 'string' && value !== '' ? withHeader(incoming, name, other(value, at)) : undefined
  }

const CHANGES: Record<string, Change> = {
  method: (incoming) => ({ ...incoming, method: incoming.method === 'GET' ? 'POST' : 'GET' }),
  path: (incoming) => ({ ...incoming, path: `${incoming.path}x` }),
  body: (incoming, at) =>
    incoming.body.length > 0 ? { ...incoming, body: Buffer.from(other(String(incoming.body), at)) } : undefined,
  'more body': (incoming) => ({ ...incoming, body: Buffer.from(`${incoming.body} `) }),
  'more query': (incoming) => ({ ...incoming, search: incoming.search ? `${incoming.search}&x` : 'x' }),
  'less query': ({ search, ...incoming }) => {
    const [first, ...rest] = search.split('&')
    return first && !/^X-Amz-/.test(first) ? { ...incoming, search: rest.join('&') } : undefined
  },
  host: (incoming) => ({ ...incoming, origin: { ...incoming.origin, host: 'evil.test' } }),
  target: headerChange('x-amz-target'),
  type: headerChange('content-type'),
  time: headerChange('x-amz-date'),
  'odd header': headerChange('x-odd'),
  hash: headerChange('x-amz-content-sha256'),
  signature: (incoming, at) => {
    const { authorization } = incoming.headers
    if (authorization) {
      return withHeader(
        incoming,
        'authorization',
        authorization.replace(signatureOf, (hex) => other(hex, at)),
      )
    }
    return {
      ...incoming,
      search: incoming.search.replace(/(Signature=)([0-9a-f]{64})/, (_, name, hex) => name + other(hex, at)),
    }
  },
  'a header less': (incoming) => {
    const { 'x-odd': _, ...headers } = incoming.headers
    const at = incoming.rawHeaders.indexOf('x-odd')
    const { authorization = incoming.search } = incoming.headers
    const rawHeaders = incoming.rawHeaders.toSpliced(at, 2)
    return at >= 0 && /x-odd/.test(authorization) ? { ...incoming, headers, rawHeaders } : undefined
  },
  'another target': (incoming) =>
    incoming.headers['x-amz-target'] === undefined
      ? {
          ...incoming,
          headers: { ...incoming.headers, 'x-amz-target': 'AmazonSQS.DeleteQueue' },
          rawHeaders: [...incoming.rawHeaders, 'X-Amz-Target', 'AmazonSQS.DeleteQueue'],
        }
      : undefined,
}

describe('whatever a request says of its signature', () => {
  const parts = [
    'AWS4-HMAC-SHA256',
    ' ',
    ',',
    '=',
    'Credential',
    'SignedHeaders',
    'Signature',
    'host;x-amz-date',
    KEY_ID,
  ]
  const more = [
    '/20300131/eu-west-1/sqs/aws4_request',
    'f'.repeat(64),
    '%',
    '%zz',
    '&',
    'X-Amz-Algorithm',
    'X-Amz-Expires',
    '__proto__',
  ]
  const text = fc
    .array(fc.oneof(fc.constantFrom(...parts, ...more), fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 25 })
    .map((all) => all.join(''))
  const shaped = fc
    .tuple(text, text, text)
    .map(([a, b, c]) => `AWS4-HMAC-SHA256 Credential=${KEY_ID}${a}, SignedHeaders=${b}, Signature=${c}`)

  test('it is refused as SQS refuses', () => {
    const all = signatures()
    const header = fc.option(fc.oneof(text, shaped), { nil: undefined })
    fc.assert(
      fc.property(header, text, fc.oneof(text, fc.constant('20300131T120000Z')), (authorization, search, date) => {
        const headers = { ...(authorization !== undefined && { Authorization: authorization }), 'X-Amz-Date': date }
        try {
          expect(all.verify(request({ headers, search }))).toBeUndefined()
        } catch (error) {
          expect(told(error)).toMatch(
            /^(IncompleteSignature 400|RequestExpired 400|SignatureDoesNotMatch 403|InvalidClientTokenId 403): /,
          )
        }
      }),
      { numRuns: 3000 },
    )
  })
})
