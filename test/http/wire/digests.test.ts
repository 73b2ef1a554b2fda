import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { md5OfAttributes, md5OfBody, md5OfTrace } from '../../../lib/http/wire/digests.ts'

type Attributes = Record<string, { type: string; value: string | Buffer }>

describe('the digest of a body', () => {
  test.each([
    ['', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['This is a test message', 'fafb00f5732ab283681e124bf8747ed1'],
    ['hello world', '5eb63bbbe01eeed093cb22bb8f5acdc3'],
  ])('of %j', (body, digest) => {
    expect(md5OfBody(body)).toBe(digest)
  })

  test('is of its UTF-8', () => {
    expect(md5OfBody('hé 😀')).toBe(createHash('md5').update(Buffer.from('hé 😀')).digest('hex'))
  })
})

describe('the digest of attributes', () => {
  // What SQS answers, as the tests of moto have it.
  test.each([
    ['timestamp', '1493147359900', '235c5c510d26fb653d073faed50ae77c'],
    ['timestamp', '1493147359901', '994258b45346a2cc3f9cbb611aa7af30'],
    ['SOME_Valid.attribute-Name', '1493147359900', '36655e7e9d7c0e8479fa3f3f42247ae7'],
  ])('is the known one of %s %s', (name, value, digest) => {
    expect(md5OfAttributes({ [name]: { type: 'Number', value } })).toBe(digest)
  })

  // By hand: lengths in four bytes, then the kind in one.
  test('is of names, types with their suffixes and values, in the order of the names', () => {
    const bytes =
      '\0\0\0\x01a\0\0\0\x0aNumber.int\x01\0\0\0\x0242' + '\0\0\0\x02bb\0\0\0\x06Binary\x02\0\0\0\x03\0\x01\xff'
    const attributes = {
      bb: { type: 'Binary', value: Buffer.from([0, 1, 255]) },
      a: { type: 'Number.int', value: '42' },
    }
    expect(md5OfAttributes(attributes)).toBe(createHash('md5').update(bytes, 'latin1').digest('hex'))
  })

  test('of none is none', () => {
    expect(md5OfAttributes(undefined)).toBeUndefined()
    expect(md5OfAttributes({})).toBeUndefined()
    expect(md5OfTrace(undefined)).toBeUndefined()
  })

  test('of system attributes is of their one', () => {
    expect(md5OfTrace('Root=1')).toBe(naive({ AWSTraceHeader: { type: 'String', value: 'Root=1' } }))
  })

  test('equals that of a second, naive implementation', () => {
    const kind = fc.constantFrom('String', 'Number', 'Binary', 'String.é', 'Number.int', 'Binary.png')
    const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.uint8Array().map(Buffer.from))
    const name = fc.string({ unit: fc.constantFrom(...'abzAZ09_.-éſ'), minLength: 1 })
    const attributes = fc.dictionary(name, fc.record({ type: kind, value }))
    fc.assert(
      fc.property(attributes, (given) => {
        expect(md5OfAttributes(given)).toBe(Object.keys(given).length === 0 ? undefined : naive(given))
      }),
    )
  })
})

function naive(attributes: Attributes): string {
  const names = Object.keys(attributes).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  let hex = ''
  for (const name of names) {
    const { type, value } = attributes[name]!
    for (const part of [name, type, value]) {
      if (part === value) hex += type.startsWith('Binary') ? '02' : '01'
      const bytes = Buffer.from(part as string)
      hex += bytes.length.toString(16).padStart(8, '0') + bytes.toString('hex')
    }
  }
  return createHash('md5').update(hex, 'hex').digest('hex')
}
