import { describe, expect, test } from 'vitest'
import { hashOfKey, keyDigest, payloadDigest } from '../../lib/key.ts'

describe('the digest of a key', () => {
  test('has 22 characters, 6 of them hexadecimal', () => {
    for (const key of ['a', 'k'.repeat(512), 'grüße', '🪃'])
      expect(keyDigest(key)).toMatch(/^[0-9a-f]{6}[-0-9A-Z_a-z]{16}$/)
  })

  test('is always the same, and another for another key', () => {
    expect(keyDigest('a')).toBe(keyDigest('a'))
    const digests = Array.from({ length: 20_000 }, (_, i) => keyDigest(String(i)))
    expect(new Set(digests).size).toBe(digests.length)
    expect(new Set(digests.map((digest) => digest.slice(0, 14))).size).toBe(digests.length)
  })

  test('is refused for what is no key', () => {
    for (const key of ['', 'k'.repeat(513), 5, null, undefined, {}]) {
      expect(() => keyDigest(key)).toThrow(/^an idempotency key is a text of 1 to 512 characters, got /)
    }
  })

  test('spreads keys over the partitions evenly', () => {
    const counts = [0, 0, 0]
    for (let i = 0; i < 3_000; i++) counts[hashOfKey(keyDigest(`key ${i}`)) % 3]!++
    for (const count of counts) expect(count).toBeGreaterThan(850)
  })
})

test('the digest of a payload has 12 characters and tells payloads apart', () => {
  const digests = Array.from({ length: 1_000 }, (_, i) => payloadDigest(Buffer.from(String(i))))
  expect(new Set(digests).size).toBe(1_000)
  expect(digests[0]).toMatch(/^[-0-9A-Z_a-z]{12}$/)
})
