import { describe, expect, test } from 'vitest'
import { attributeFilter } from '../../lib/attribute-filter.ts'
import type { BoomerangError } from '../../lib/errors.ts'
import { checkAttributes, sizeOf } from '../../lib/message-attributes.ts'
import { attemptId, deduplicationId, groupName } from '../../lib/options.ts'

const refusalOf = (call: () => unknown): BoomerangError => {
  try {
    call()
  } catch (error) {
    return error as BoomerangError
  }
  throw new Error('it was not refused')
}

describe('message attributes', () => {
  test('are written out from their short forms', () => {
    const checked = checkAttributes({
      kind: 'video',
      size: 12.5,
      thumbnail: Uint8Array.of(1, 2),
      trace: { type: 'String.uuid', value: 'abc' },
      count: { type: 'Number.int', value: 7 },
      ['__proto__']: 'a name like any other',
    })
    expect(Object.entries(checked)).toEqual([
      ['kind', { type: 'String', value: 'video' }],
      ['size', { type: 'Number', value: '12.5' }],
      ['thumbnail', { type: 'Binary', value: Buffer.of(1, 2) }],
      ['trace', { type: 'String.uuid', value: 'abc' }],
      ['count', { type: 'Number.int', value: '7' }],
      ['__proto__', { type: 'String', value: 'a name like any other' }],
    ])
  })

  test('count as bytes by name, type and value', () => {
    expect(sizeOf(checkAttributes({ größe: 'ä', b: Uint8Array.of(1, 2, 3) }))).toBe(7 + 6 + 2 + 1 + 6 + 3)
    expect(sizeOf(checkAttributes({}))).toBe(0)
  })

  test.each(['a', 'A-b_c.9', 'größe', 'n'.repeat(256), 'awsome', 'amazonas.x'])('may be called %s', (name) => {
    expect(checkAttributes({ [name]: 'x' })).toEqual({ [name]: { type: 'String', value: 'x' } })
  })

  test.each(['', ' ', 'a b', 'a/b', '你', '.a', 'a.', 'a..b', 'AWS.a', 'aws.a', 'Amazon.a', 'n'.repeat(257)])(
    "may not be called '%s'",
    (name) => {
      expect(refusalOf(() => checkAttributes({ [name]: 'x' }))).toMatchObject({ code: 'InvalidAttribute' })
    },
  )

  test.each(['0', '-0', '5', '+5', '-1.50', '.5', '5.', '1e126', '-1E126', '1e-128', '9'.repeat(38), '000123'])(
    'may be the number %s',
    (value) => {
      expect(checkAttributes({ n: { type: 'Number', value } })).toEqual({ n: { type: 'Number', value } })
    },
  )

  test.each(['1.1e126', '2e126', '1e127', '9e-129', '9'.repeat(39), '1e9999999999', 'x', '1x', '0x10', '1e', '.'])(
    'may not be the number %s',
    (value) => {
      const call = () => checkAttributes({ n: { type: 'Number.custom', value } })
      expect(refusalOf(call)).toMatchObject({ code: 'InvalidAttribute' })
    },
  )

  test('of a megabyte are judged in the time that reading them takes', () => {
    const zeros = '0'.repeat(1_000_000)
    for (const value of [`1${zeros}1`, `${'1'.repeat(1_000_000)}x`, `.${zeros}1`]) {
      const call = () => checkAttributes({ n: { type: 'Number', value } })
      expect(refusalOf(call)).toMatchObject({ code: 'InvalidAttribute' })
    }
    expect(checkAttributes({ n: { type: 'Number', value: zeros } })).toEqual({ n: { type: 'Number', value: zeros } })
  })

  const refused: [string, unknown, string][] = [
    [
      'an empty text',
      { ErrorDetails: '' },
      "Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'.",
    ],
    [
      'no bytes',
      { a: Buffer.alloc(0) },
      "Message (user) attribute 'a' must contain a non-empty value of type 'Binary'.",
    ],
    [
      'a text that is called Binary',
      { a: { type: 'Binary', value: 'text' } },
      "Message (user) attribute 'a' must contain a non-empty value of type 'Binary'.",
    ],
    [
      'bytes that are called String',
      { a: { type: 'String', value: Buffer.of(1) } },
      "Message (user) attribute 'a' must contain a non-empty value of type 'String'.",
    ],
    [
      'no value',
      { a: { type: 'String' } },
      "Message (user) attribute 'a' must contain a non-empty value of type 'String'.",
    ],
    ['no type', { a: { value: 'x' } }, "The message attribute 'a' must contain non-empty message attribute type."],
    [
      'another type',
      { a: { type: 'Text', value: 'x' } },
      "The type of message (user) attribute 'a' is invalid. You must use only the following supported type prefixes: Binary, Number, String.",
    ],
    [
      'a type without its suffix',
      { a: { type: 'String.', value: 'x' } },
      "The type of message (user) attribute 'a' is invalid. You must use only the following supported type prefixes: Binary, Number, String.",
    ],
    [
      'a type that is too long',
      { a: { type: `String.${'x'.repeat(250)}`, value: 'x' } },
      "The type of message (user) attribute 'a' is invalid. You must use only the following supported type prefixes: Binary, Number, String.",
    ],
    ['no number', { a: Number.NaN }, "Can't cast the value of message (user) attribute 'a' to a number."],
    [
      'half a pair',
      { a: { type: 'String', value: '\ud800' } },
      "Message (user) attribute 'a' contains invalid characters.",
    ],
    [
      'eleven',
      Object.fromEntries('abcdefghijk'.split('').map((name) => [name, 'x'])),
      'Number of message attributes [11] exceeds the allowed maximum [10].',
    ],
    ['a list', ['x'], 'The message attributes are not a map.'],
    ['nothing', null, 'The message attributes are not a map.'],
    ...[true, 5n, {}, Symbol('x')].map((value): [string, unknown, string] => [
      `a ${typeof value}`,
      { a: value },
      typeof value === 'object'
        ? "The message attribute 'a' must contain non-empty message attribute type."
        : "The type of message (user) attribute 'a' is invalid. You must use only the following supported type prefixes: Binary, Number, String.",
    ]),
  ]
  test.each(refused)('are refused with %s', (_, given, message) => {
    expect(refusalOf(() => checkAttributes(given as never))).toMatchObject({
      code: 'InvalidAttribute',
      sqs: { message },
    })
  })
})

describe('a filter of attributes', () => {
  const names = ['Help.Me', 'Hello', 'General']
  test.each([
    [[], []],
    [['All'], names],
    [['.*'], names],
    [['*'], names],
    [['General'], ['General']],
    [['Help.*'], ['Help.Me']],
    [['Hel.*'], ['Help.Me', 'Hello']],
    [
      ['General', 'Help.*', 'none'],
      ['Help.Me', 'General'],
    ],
    [['general'], []],
  ])('%j asks for %j', (asked, expected) => {
    expect(names.filter(attributeFilter(asked))).toEqual(expected)
  })

  test('is a list of names', () => {
    for (const wrong of ['All', [5], null]) {
      expect(refusalOf(() => attributeFilter(wrong as never))).toMatchObject({ code: 'InvalidOption' })
    }
  })
})

describe('groups, deduplication ids and attempts', () => {
  const checks = {
    MessageGroupId: groupName,
    MessageDeduplicationId: deduplicationId,
    ReceiveRequestAttemptId: attemptId,
  }

  test.each(Object.entries(checks))('%s is 1 to 128 visible characters of ASCII', (name, check) => {
    for (const value of ['a', '!', '~', 'x'.repeat(128), '{"a":1}']) expect(check(value)).toBe(value)
    for (const value of ['', 'a b', 'ä', '\n', 'x'.repeat(129), 5, undefined]) {
      expect(refusalOf(() => check(value))).toMatchObject({
        code: 'InvalidName',
        sqs: {
          message: `Value ${value} for parameter ${name} is invalid. Reason: ${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
        },
      })
    }
  })
})
