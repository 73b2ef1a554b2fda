import { describe, expect, test } from 'vitest'
import { groupOf, headOf, isPlain, keyed, keyOf, parse } from '../../lib/record.ts'

const same = (bytes: Buffer) => bytes
const key = '0123456789abcdefghijkl'
const body = Buffer.from('thello\nworld')
const envelope = {
  group: 'customer-7',
  deduplicationId: 'order-1',
  attributes: {
    color: { type: 'String', value: 'grün' },
    image: { type: 'Binary.png', value: Buffer.from([0, 10, 32, 255]) },
  },
  trace: 'Root=1-2-3',
  sender: 'shop',
}

describe('a record', () => {
  test('of a body alone is the body', () => {
    expect(isPlain(body)).toBe(true)
    expect(parse(body, same)).toEqual({ key: undefined, envelope: {}, origin: undefined, body })
  })

  test('with a key has it behind a capital', () => {
    const record = keyed(body, key)
    expect(record.toString()).toBe(`T${key}hello\nworld`)
    expect(isPlain(record)).toBe(false)
    expect(keyOf(record)).toBe(key)
    expect(groupOf(record)).toBeUndefined()
    expect(parse(record, same)).toEqual({ key, envelope: {}, origin: undefined, body })
  })

  test.each([undefined, key])('carries an envelope, with the key %s', (key) => {
    const plain = Buffer.concat([headOf(envelope, same), body])
    const record = key ? keyed(plain, key) : plain
    expect(keyOf(record)).toBe(key)
    expect(groupOf(record)).toBe('customer-7')
    expect(parse(record, same)).toEqual({ key, envelope, origin: undefined, body })
  })

  test('with a group alone has no envelope', () => {
    const record = Buffer.concat([headOf({ group: 'g' }, same), body])
    expect(record.toString()).toBe('ag\n0 0\nthello\nworld')
    expect(parse(record, same)).toMatchObject({ envelope: { group: 'g' }, body })
  })

  test('without a group says so', () => {
    const record = Buffer.concat([headOf({ trace: 'x' }, same), body])
    expect(groupOf(record)).toBeUndefined()
    expect(parse(record, same).envelope).toEqual({ trace: 'x' })
  })

  test('says where it was before it died', () => {
    const origin = 'orders 1700000000000 maxReceives no\nluck: größer'
    const record = Buffer.from(`ag\n${Buffer.byteLength(origin)} 0\n${origin}tbody`)
    expect(parse(record, same)).toEqual({
      key: undefined,
      envelope: { group: 'g' },
      origin: { source: 'orders', diedAt: 1_700_000_000_000, reason: 'maxReceives', error: 'no\nluck: größer' },
      body: Buffer.from('tbody'),
    })
  })
})
