import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode, encode } from '../../lib/body.ts'

const back = (value: unknown) => decode(encode(value))

const leaf = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.integer(),
  // Like JSON, MessagePack's integers know no minus zero.
  fc.double().map((number) => number + 0),
  fc.maxSafeInteger(),
  fc.bigInt(-(2n ** 63n), 2n ** 64n - 1n),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.date({ noInvalidDate: true }),
)
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 4, depthSize: 'small' }, leaf, tie('list'), tie('object')),
  list: fc.array(tie('any'), { maxLength: 6 }),
  object: fc.dictionary(
    fc.string().filter((name) => name !== '__proto__'),
    tie('any'),
    { maxKeys: 6 },
  ),
})).any

describe('a body comes back as it was:', () => {
  test('any value that can be stored', () => {
    const stored = value.filter((one) => one !== undefined && wellFormed(one))
    fc.assert(
      fc.property(stored, (one) => {
        expect(back(one)).toEqual(one)
      }),
      { numRuns: 1_000 },
    )
  })

  test('text of any length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 2_000 }), (text) => {
        expect(back(text)).toBe(text)
      }),
    )
    const long = 'ä'.repeat(100_000)
    expect(back(long)).toBe(long)
  })

  test('bytes, as a Buffer of their own', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        const got = back(bytes) as Buffer
        expect(Buffer.isBuffer(got)).toBe(true)
        expect([...got]).toEqual([...bytes])
      }),
    )
    const encoded = encode(Uint8Array.of(1, 2, 3))
    const got = decode(encoded) as Buffer
    encoded.fill(0)
    expect([...got]).toEqual([1, 2, 3])
  })

  test('bytes within a value', () => {
    const { bytes } = back({ bytes: Uint8Array.of(1, 2, 255) }) as { bytes: Uint8Array }
    expect([...bytes]).toEqual([1, 2, 255])
  })

  test('an object without a prototype, and names that objects have anyway', () => {
    const odd = JSON.parse('{"constructor":1,"toString":2,"hasOwnProperty":null,"":3,"0":4}')
    expect(back(odd)).toEqual(odd)
    expect(back(Object.assign(Object.create(null), { a: 1 }))).toEqual({ a: 1 })
  })

  test('large values, and many small ones after each other', () => {
    const large = Array.from({ length: 20_000 }, (_, i) => ({ i, text: `number ${i}` }))
    const encoded = [large, { a: 1 }, [2], large, 'x'].map((one) => encode(one))
    expect(encoded.map(decode)).toEqual([large, { a: 1 }, [2], large, 'x'])
  })

  test('values that were encoded earlier, whatever was encoded since', () => {
    const encoded = Array.from({ length: 2_000 }, (_, i) => encode({ i }))
    expect(encoded.map(decode)).toEqual(Array.from({ length: 2_000 }, (_, i) => ({ i })))
  })
})

describe('a body is refused, with its path:', () => {
  class Video {
    url = ''
  }
  const self: unknown[] = []
  self.push({ self })
  const refused: [is: string, body: unknown, message: RegExp][] = [
    ['undefined', undefined, /^body is undefined; use null for "nothing"$/],
    ['a function', () => 1, /^body is a function/],
    ['a symbol', { list: [Symbol('x')] }, /^body\.list\[0\] is a symbol/],
    ['a map', { deep: [1, { map: new Map() }] }, /^body\.deep\[1\]\.map is a Map/],
    ['a set', [new Set()], /^body\[0\] is a Set/],
    ['an instance of a class', new Video(), /^body is a Video/],
    ['an error', { error: new TypeError('x') }, /^body\.error is a TypeError/],
    ['a regular expression', [/x/], /^body\[0\] is a RegExp/],
    ['an array of other numbers', { list: new Int32Array(1) }, /^body\.list is a Int32Array/],
    ['half of a surrogate pair', '\ud800', /^body has half of a surrogate pair/],
    ['half of a surrogate pair within', { text: ['\udc00x'] }, /^body\.text\[0\] has half of a surrogate pair/],
    ['a bigint that is too big', { n: 2n ** 64n }, /^body\.n is a bigint of more than 64 bits/],
    ['a bigint that is too small', -(2n ** 63n) - 1n, /^body is a bigint of more than 64 bits/],
    ['what refers to itself', self, /is nested more than 100 deep, or refers to itself$/],
    ['a name that cannot be restored', JSON.parse('{"a":{"__proto__":1}}'), /^body\.a\.__proto__ is a name/],
    ['a date that is none', { at: new Date(Number.NaN) }, /^body\.at is an invalid Date/],
    ['a name with half of a surrogate pair', { '\ud800': 1 }, /^body.*half of a surrogate pair/],
  ]
  for (const [is, body, message] of refused) {
    test(is, () => {
      expect(() => encode(body)).toThrow(message)
    })
  }

  test('a result is called so', () => {
    expect(() => encode({ a: () => 1 }, 'result')).toThrow(/^result\.a is a function/)
  })

  test('not what is 100 deep', () => {
    let deep: unknown = 'bottom'
    for (let i = 0; i < 100; i++) deep = [deep]
    expect(back(deep)).toEqual(deep)
  })
})

test('a kind that is not known names the likely cause', () => {
  expect(() => decode(Buffer.from('zabc'))).toThrow(/newer release/)
})

/** No text in it has half of a surrogate pair. */
function wellFormed(one: unknown): boolean {
  if (typeof one === 'string') return one.isWellFormed()
  if (Array.isArray(one)) return one.every(wellFormed)
  if (one === null || typeof one !== 'object' || one instanceof Date) return true
  return Object.entries(one).every(([name, held]) => name.isWellFormed() && wellFormed(held))
}
