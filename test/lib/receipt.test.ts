import { describe, expect, test } from 'vitest'
import { newId } from '../../lib/id.ts'
import { keyDigest } from '../../lib/key.ts'
import { type ReceiptParts, readReceipt, writeReceipt } from '../../lib/receipt.ts'

const least: ReceiptParts = {
  place: 0,
  queue: '1z',
  short: newId(0).short,
  deliveries: 1,
  receivedAt: 1_800_000_000_000,
}

describe('a receipt', () => {
  test.each<[string, Partial<ReceiptParts>]>([
    ['the least', {}],
    ['a key', { key: keyDigest('k') }],
    ['a group', { group: 'tenant 1'.replace(' ', '~') }],
    ['a group and a sequence number', { group: '{"a":1}', sequence: '0000000000000042' }],
    ['all', { place: 4095, deliveries: 99_999, key: keyDigest('k'), group: 'g'.repeat(128), sequence: '9'.repeat(16) }],
  ])('brings back %s', (_, more) => {
    const parts = { ...least, ...more }
    const receipt = writeReceipt(parts)
    expect(receipt).toMatch(/^A[\w-]+$/)
    expect(readReceipt(receipt)).toEqual(parts)
  })

  const good = writeReceipt({ ...least, key: keyDigest('k'), group: 'g' })
  const of = (text: string) => `A${Buffer.from(text).toString('base64url')}`
  test.each([
    ['no text', 5],
    ['nothing', undefined],
    ['an empty text', ''],
    ['any text', 'garbage'],
    ['a later version', `B${good.slice(1)}`],
    ['a part of one', good.slice(0, -4)],
    ['one and more', `${good}AAAA`],
    ['one with a line end', `${good}\n`],
    ['one in other letters of the same bytes', `${good}=`],
    ['delivery 0', of(`0 ${least.short} 0 1800000000000 `)],
    ['a number with a zero in front', of(`00 ${least.short} 1 1800000000000 `)],
    ['a partition that cannot be', of(`4096 ${least.short} 1 1800000000000 `)],
    ['an id that is none', of('0 * 1 1800000000000 ')],
    ['a key that is none', of(`0 ${least.short} 1 1800000000000 key`)],
    ['a group with a space', of(`0 ${least.short} 1 1800000000000  a b`)],
  ])('is not %s', (_, receipt) => {
    expect(() => readReceipt(receipt)).toThrow(
      expect.objectContaining({
        code: 'InvalidName',
        sqs: {
          shape: 'ReceiptHandleIsInvalid',
          message: `The input receipt handle "${receipt}" is not a valid receipt handle.`,
        },
      }),
    )
  })
})
