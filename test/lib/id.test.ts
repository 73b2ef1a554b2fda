import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lengthen, markOf, newId, partitionOf, shorten, timeOf } from '../../lib/id.ts'

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const partition = fc.integer({ min: 0, max: 4_095 })
/** A UUIDv7 of the kind that newId makes. */
const uuid = fc.tuple(fc.nat(2 ** 48 - 1), partition, fc.bigInt(0n, 2n ** 60n - 1n)).map(([time, where, rest]) => {
  const hex = `${time.toString(16).padStart(12, '0')}7${where.toString(16).padStart(3, '0')}8${rest.toString(16).padStart(15, '0')}`
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
})

describe('an id', () => {
  test('is a UUIDv7 that carries its partition and its time', () => {
    for (const where of [0, 1, 63, 64, 4_095]) {
      const { short, uuid } = newId(where)
      expect(uuid).toMatch(UUID_V7)
      expect(short).toMatch(/^[-0-9A-Z_a-z]{20}$/)
      expect([lengthen(short), shorten(uuid), partitionOf(short)]).toEqual([uuid, short, where])
      expect(Math.abs(timeOf(short) - Date.now())).toBeLessThan(60_000)
      expect(Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16)).toBe(timeOf(short))
    }
  })

  test('is never made twice, and rises within a partition', () => {
    const ids = Array.from({ length: 50_000 }, () => newId(3))
    expect(new Set(ids.map(({ short }) => short)).size).toBe(ids.length)
    for (const form of ['short', 'uuid'] as const) {
      const list = ids.map((one) => one[form])
      expect([...list].sort()).toEqual(list)
    }
  })

  test('has the same order in both forms, and comes back from either', () => {
    fc.assert(
      fc.property(uuid, uuid, (one, other) => {
        expect(lengthen(shorten(one))).toBe(one)
        expect(shorten(one.toUpperCase())).toBe(shorten(one))
        expect(Math.sign(compare(shorten(one), shorten(other)))).toBe(Math.sign(compare(one, other)))
      }),
    )
  })

  test('is refused in any other form', () => {
    const { uuid } = newId(0)
    const others = [
      '',
      'abc',
      uuid.slice(1),
      `${uuid} `,
      uuid.replace(/-7(?=...-8)/, '-4'),
      uuid.replaceAll('-', ''),
      5,
      undefined,
      null,
    ]
    for (const other of others) expect(() => shorten(other as string)).toThrow(/^a message id is the UUID/)
  })
})

describe('the mark of an id', () => {
  test('has 14 characters, 6 of them hexadecimal', () => {
    fc.assert(
      fc.property(uuid, (one) => {
        expect(markOf(shorten(one))).toMatch(/^[0-9a-f]{6}[-0-9A-Z_a-z]{8}$/)
      }),
    )
  })

  test('is another for each id', () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => newId(i % 4))
    expect(new Set(ids.map(({ short }) => markOf(short))).size).toBe(ids.length)
  })

  test('is near that of ids made in the same breath: most share a field', () => {
    const fields = new Set(Array.from({ length: 500 }, () => markOf(newId(0).short).slice(0, 3)))
    expect(fields.size).toBeLessThan(10)
  })
})

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0)
