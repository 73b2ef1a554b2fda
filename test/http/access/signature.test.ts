// Signatures that are refused, and how; and when they hold.
import { describe, expect, test } from 'vitest'
import type { Incoming } from '../../../lib/http/wire/protocol.ts'
import { refusal } from './refused.ts'
import { request } from './requests.ts'
import { NOW, SECRET, type Signer, signatures, signed, withHeader } from './signing.ts'

const MINUTE = 60_000
const MISMATCH =
  'SignatureDoesNotMatch 403: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'
const INVALID = 'InvalidClientTokenId 403: The security token included in the request is invalid.'

describe('a signature is refused', () => {
  const verify = (incoming: Incoming, now = NOW) => refusal(() => signatures(now).verify(incoming))

  test.each<[string, Signer, string]>([
    ['of a key that is not known', { keyId: 'AKIAUNKNOWN000000000' }, INVALID],
    ['with a session token', { token: 'AQoDYXdzEJr' }, INVALID],
    ['presigned with a session token', { token: 'AQoDYXdzEJr', expires: 60 }, INVALID],
    ['by another secret', { secret: `${SECRET}x` }, MISMATCH],
    [
      'for another service',
      { service: 'sns' },
      "SignatureDoesNotMatch 403: Credential should be scoped to correct service: 'sqs'.",
    ],
  ])('%s', async (_, by, expected) => {
    expect(verify(await signed({ body: 'x' }, by))).toBe(expected)
  })

  test.each([
    ['Credential', / Credential=[^,]*,/],
    ['SignedHeaders', /SignedHeaders=[^,]*,/],
    ['Signature', /, Signature=.*/],
  ])('without %s', async (name, part) => {
    const incoming = await signed({})
    const changed = withHeader(incoming, 'authorization', (incoming.headers.authorization as string).replace(part, ' '))
    expect(verify(changed)).toBe(`IncompleteSignature 400: Authorization header requires '${name}' parameter.`)
  })

  test.each(['Credential', 'Date', 'Expires', 'SignedHeaders', 'Signature'])('presigned without %s', async (name) => {
    const incoming = await signed({}, { expires: 60 })
    const search = incoming.search
      .split('&')
      .filter((part) => !part.startsWith(`X-Amz-${name}=`))
      .join('&')
    expect(verify({ ...incoming, search })).toBe(
      `IncompleteSignature 400: AWS query-string parameters must include 'X-Amz-${name}'.`,
    )
  })

  test.each([
    ['Basic YWxhZGRpbjpvcGVuc2VzYW1l', "IncompleteSignature 400: Unsupported AWS 'algorithm': 'Basic'."],
    ['', "IncompleteSignature 400: Unsupported AWS 'algorithm': ''."],
  ])('in a header "%s"', (authorization, expected) => {
    expect(verify(request({ headers: { authorization, 'X-Amz-Date': '20300131T120000Z' } }))).toBe(expected)
  })

  test('without a time', async () => {
    const { authorization = '' } = (await signed({})).headers
    expect(verify(request({ headers: { authorization } }))).toBe(
      "IncompleteSignature 400: Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    )
  })

  test('in both places', async () => {
    const { search } = await signed({}, { expires: 60 })
    const { headers, rawHeaders } = await signed({})
    expect(verify({ ...request({ search }), headers, rawHeaders })).toBe(
      "SignatureDoesNotMatch 403: Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    )
  })

  test('of version 2', () => {
    expect(verify(request({ search: 'AWSAccessKeyId=A&Signature=b&SignatureVersion=2' }))).toMatch(
      /^IncompleteSignature 400: /,
    )
  })

  test.each(['host', 'x-amz-date', 'x-amz-target'])('where %s is not signed', async (name) => {
    const incoming = await signed({ headers: { 'x-amz-target': 'AmazonSQS.SendMessage' } })
    const authorization = (incoming.headers.authorization as string)
      .replace(new RegExp(`${name};?`), '')
      .replace(';,', ',')
    expect(verify(withHeader(incoming, 'authorization', authorization))).toMatch(
      /^SignatureDoesNotMatch 403: 'SignedHeaders' must contain/,
    )
  })

  test.each(['Host', 'X-Amz-Date', 'X-Amz-Target', 'Authorization'])('where %s is there twice', async (name) => {
    const incoming = await signed({ headers: { 'x-amz-target': 'AmazonSQS.SendMessage' } })
    const twice = { ...incoming, rawHeaders: [...incoming.rawHeaders, name, 'x'] }
    expect(verify(twice)).toBe(`IncompleteSignature 400: The header '${name.toLowerCase()}' must not be repeated.`)
  })

  test('of a payload that is not signed', async () => {
    const incoming = await signed({ headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, body: 'x' })
    expect(verify(incoming)).toBe(MISMATCH)
  })
})

describe('the time of a signature', () => {
  const told = (incoming: Incoming, now: number) => refusal(() => signatures(now).verify(incoming))
  const fine = (incoming: Incoming, now: number) => expect(signatures(now).verify(incoming)).toBeDefined()

  test('is 15 minutes around now', async () => {
    const incoming = await signed({})
    fine(incoming, NOW + 15 * MINUTE)
    fine(incoming, NOW - 15 * MINUTE)
    expect(told(incoming, NOW + 15 * MINUTE + 1000)).toBe(
      'RequestExpired 400: Signature expired: 20300131T120000Z is now earlier than 20300131T120001Z (20300131T121501Z - 15 min.)',
    )
    expect(told(incoming, NOW - 15 * MINUTE - 1000)).toBe(
      'RequestExpired 400: Signature not yet current: 20300131T120000Z is still later than 20300131T115959Z (20300131T114459Z + 15 min.)',
    )
  })

  test('lasts as long as a presigned one says', async () => {
    const incoming = await signed({}, { expires: 3600 })
    fine(incoming, NOW + 60 * MINUTE)
    fine(incoming, NOW - 15 * MINUTE)
    expect(told(incoming, NOW + 60 * MINUTE + 1000)).toMatch(/^RequestExpired 400: Signature expired: /)
    expect(told(incoming, NOW - 15 * MINUTE - 1000)).toMatch(/^RequestExpired 400: Signature not yet current: /)
  })

  test.each(['0', '604801', '-1', '1e3', 'x'])('is not %s seconds', async (seconds) => {
    const incoming = await signed({}, { expires: 60 })
    const search = incoming.search.replace('X-Amz-Expires=60', `X-Amz-Expires=${seconds}`)
    expect(told({ ...incoming, search }, NOW)).toMatch(/^IncompleteSignature 400: 'X-Amz-Expires'/)
  })

  test('is of the day in the scope', async () => {
    const incoming = await signed({})
    const authorization = (incoming.headers.authorization as string).replace('/20300131/', '/20300130/')
    expect(told(withHeader(incoming, 'authorization', authorization), NOW)).toMatch(
      /^SignatureDoesNotMatch 403: Date in Credential scope/,
    )
  })

  test.each(['yesterday', '20301331T120000Z', '2030-01-31T12:00:00Z'])('is not %s', async (time) => {
    expect(told(withHeader(await signed({}), 'x-amz-date', time), NOW)).toMatch(
      /^IncompleteSignature 400: Date must be in ISO-8601/,
    )
  })
})

describe('the key of a signature', () => {
  test('is kept only when it was right', async () => {
    const all = signatures()
    const wrong = await signed({}, { secret: `${SECRET}x` })
    expect(() => all.verify(wrong)).toThrow()
    expect(all.verify(await signed({}))).toBeDefined()
    expect(() => all.verify(wrong)).toThrow()
  })
})

test('a request without a signature is nobody’s', () => {
  expect(signatures().verify(request({ search: 'Action=ListQueues' }))).toBeUndefined()
})
