// Whatever comes, there is an input or a refusal of the client, soon and in bounded memory, and no prototype is changed.
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { Incoming } from '../../../lib/http/wire/protocol.ts'
import { refused } from '../../../lib/http/wire/refusals.ts'
import { sqs } from '../../../lib/index.ts'
import { decoded, form, incoming, json } from './requests.ts'
import { INPUTS } from './shapes.ts'

const inputs = Object.values(INPUTS)

/** Decodes by every shape; a refusal must be one of the client, and go out in both protocols. */
function survives(request: Incoming): void {
  for (const input of inputs) {
    try {
      expect(Object.getPrototypeOf(decoded(request, input))).toBe(Object.prototype)
    } catch (error) {
      const { status, shape } = sqs.errorOf(error)
      expect([status, shape]).toEqual([
        400,
        expect.stringMatching(/^(Serialization|InvalidParameterValue|UnknownOperation)Exception$/),
      ])
      expect(refused('json', error, 'id').status).toBeLessThan(500)
      expect(refused('query', error, 'id').status).toBeLessThan(500)
    }
  }
}

const prototype = Reflect.ownKeys(Object.prototype)
afterEach(() => expect(Reflect.ownKeys(Object.prototype)).toEqual(prototype))

const word = fc.constantFrom(
  ...inputs.flatMap((input) => (input.kind === 'structure' ? Object.keys(input.members) : [])),
  ...['Attribute', 'Tag', 'AttributeName', 'MessageAttribute', 'SendMessageBatchRequestEntry', 'Name', 'Key', 'Value'],
  ...['DataType', 'StringValue', 'BinaryValue', 'Id', 'member', '', '0', '1', '01', '2', '99999999999', '1e3', '-1'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'],
)
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\ud800', '\udc00a', '\0', '5', '-1', 'All', 'aGk=', 'a=b'),
)

describe('JSON', () => {
  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 6 },
      text,
      fc.constantFrom(null, true, false, 0, -1, 1.5, 1e308, 10),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.array(fc.tuple(word, tie('value')), { maxLength: 4 }).map((pairs) => ({ pairs })),
    ),
  })).value

  /** With names as often as they come, which no object has. */
  const written = (given: unknown): string => {
    if (Array.isArray(given)) return `[${given.map(written).join()}]`
    if (given === null || typeof given !== 'object') return JSON.stringify(given)
    const { pairs } = given as { pairs: [string, unknown][] }
    return `{${pairs.map(([name, one]) => `${JSON.stringify(name)}:${written(one)}`).join()}}`
  }

  test('of any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => survives(json('X', bytes))))
  })

  test('of any values under the names of the model', () => {
    fc.assert(
      fc.property(value, (given) => survives(json('X', written(given)))),
      { numRuns: 2000 },
    )
  })

  test('cut anywhere', () => {
    fc.assert(fc.property(value, fc.nat(200), (given, at) => survives(json('X', written(given).slice(0, at)))))
  })

  const deep = 100_000
  test.each([
    ['lists in lists', '['.repeat(deep) + ']'.repeat(deep)],
    ['lists in lists, just few enough', '['.repeat(10_000) + ' '.repeat(deep) + ']'.repeat(10_000)],
    ['lists in lists in a small body', '['.repeat(32_000) + ']'.repeat(32_000)],
    ['lists that do not end', '['.repeat(deep)],
    ['maps in maps', '{"MessageAttributes":'.repeat(deep) + '{}'.repeat(1) + '}'.repeat(deep)],
    ['maps in a member', `{"MessageAttributes":${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}}`],
    ['lists in a member that is not known', `{"x":${'['.repeat(deep)}${']'.repeat(deep)}}`],
    ['many entries', `{"Entries":[${'{},'.repeat(deep)}{}]}`],
    ['many names', `{"Attributes":{${Array.from({ length: deep }, (_, i) => `"${i}":""`).join()}}}`],
    ['one name many times', `{${'"MessageBody":"a",'.repeat(deep)}"MessageBody":"b"}`],
    ['a number of many digits', `{"DelaySeconds":1${'0'.repeat(deep)}}`],
    ['a text of many digits', `{"DelaySeconds":"1${'0'.repeat(deep)}"}`],
    ['bytes that are blank but for the last', `{"MessageAttributes":{"a":{"BinaryValue":"${' '.repeat(deep)}!"}}}`],
    ['bytes that are all padding', `{"MessageAttributes":{"a":{"BinaryValue":"${'='.repeat(deep)}!"}}}`],
  ])('of a hostile body: %s', (_, body) => survives(json('X', body)))
})

describe('Query', () => {
  const escaped = text.map((given) => encodeURIComponent(given.toWellFormed()))
  const broken = fc.constantFrom('%', '%4', '%zz', '%C3', '%ed%a0%80', '%00', '+', '%2B', '=', '&&')
  const pair = fc.tuple(
    fc.array(word, { minLength: 1, maxLength: 10 }),
    fc.oneof({ weight: 9, arbitrary: escaped }, broken),
  )
  const body = fc
    .array(pair, { maxLength: 30 })
    .map((pairs) => pairs.map(([path, one]) => `${path.join('.')}=${one}`).join('&'))

  test('of any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => survives(form(bytes))))
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => survives({ ...form(bytes), search: 'Action=X' })),
    )
  })

  test('of any query of a URL', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (search) => survives(incoming({ method: 'GET', search }))))
  })

  test('of any values under the names of the model', () => {
    fc.assert(
      fc.property(body, (given) => survives(form(`Action=X&${given}`))),
      { numRuns: 2000 },
    )
  })

  const many = 100_000
  test.each([
    ['many parameters', Array.from({ length: many }, (_, i) => `Attribute.${i}.Name=${i}`).join('&')],
    ['one parameter many times', 'MessageBody=a&'.repeat(many)],
    ['nothing but separators', '&'.repeat(many)],
    ['a name of many steps', `${'Attribute.'.repeat(many)}=1`],
    ['names of many steps', `${'a.'.repeat(100)}=1&`.repeat(999)],
    ['a huge number', 'Attribute.99999999999.Name=a&AttributeName.99999999999999999999999=b'],
    ['a number of many digits', `AttributeName.${'9'.repeat(many)}=a&DelaySeconds=${'9'.repeat(many)}`],
    ['nothing but escapes', `MessageBody=${'%41'.repeat(many)}`],
    ['escapes that are broken at the end', `MessageBody=${'%41'.repeat(many)}%`],
    ['bytes that are blank but for the last', `MessageAttribute.1.Value.BinaryValue=${'+'.repeat(many)}!`],
    [
      'a list that is a text, a map and members',
      'Attribute=a&Attribute.1=b&Attribute.Name=c&Attribute.member=d&Attribute.member.1.Name=e',
    ],
  ])('of a hostile form: %s', (_, given) => survives(form(`Action=X&${given}`)))
})
