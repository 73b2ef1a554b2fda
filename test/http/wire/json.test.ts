import { describe, expect, test } from 'vitest'
import { decoded, json, refusal } from './requests.ts'
import { INPUTS } from './shapes.ts'

type Row = [what: string, body: string, input: object, action: keyof typeof INPUTS]

describe('a JSON body', () => {
  const url = 'http://localhost:9324/000000000000/orders'

  test.each<Row>([
    ['no body', '', {}, 'SendMessage'],
    [
      'texts',
      JSON.stringify({ QueueUrl: url, MessageBody: 'hé' }),
      { QueueUrl: url, MessageBody: 'hé' },
      'SendMessage',
    ],
    ['a number', '{"DelaySeconds":5}', { DelaySeconds: 5 }, 'SendMessage'],
    ['a number as text', '{"DelaySeconds":"-5"}', { DelaySeconds: -5 }, 'SendMessage'],
    ['a fraction, for the rules of the queue to refuse', '{"DelaySeconds":1.5}', { DelaySeconds: 1.5 }, 'SendMessage'],
    ['null', '{"MessageBody":null,"DelaySeconds":1}', { DelaySeconds: 1 }, 'SendMessage'],
    ['members that are not known', '{"Colour":{"a":[1]},"MessageBody":"a"}', { MessageBody: 'a' }, 'SendMessage'],
    ['members by their exact names', '{"messagebody":"a","MessageBody ":"b"}', {}, 'SendMessage'],
    ['the last of two members', '{"MessageBody":"a","MessageBody":"b"}', { MessageBody: 'b' }, 'SendMessage'],
    ['half of a surrogate pair', '{"MessageBody":"\\ud800"}', { MessageBody: '\ud800' }, 'SendMessage'],
    ['a flag', '{"Flag":true}', { Flag: true }, 'Flag'],
    ['an empty list', '{"AttributeNames":[]}', { AttributeNames: [] }, 'ReceiveMessage'],
    ['a list', '{"AttributeNames":["All",null,"b"]}', { AttributeNames: ['All', 'b'] }, 'ReceiveMessage'],
    ['a map', '{"Attributes":{"a":"1","b":null}}', { Attributes: { a: '1' } }, 'CreateQueue'],
    [
      'bytes and texts of attributes',
      '{"MessageAttributes":{"a":{"DataType":"Binary","BinaryValue":"aGk="},"b":{"DataType":"String","StringValue":""}}}',
      {
        MessageAttributes: {
          a: { DataType: 'Binary', BinaryValue: Buffer.from('hi') },
          b: { DataType: 'String', StringValue: '' },
        },
      },
      'SendMessage',
    ],
    [
      'entries of a batch',
      '{"Entries":[{"Id":"a","MessageBody":"x","MessageAttributes":{}},{}]}',
      { Entries: [{ Id: 'a', MessageBody: 'x', MessageAttributes: {} }, {}] },
      'SendMessageBatch',
    ],
  ])('reads %s', (_, body, input, action) => {
    expect(decoded(json(action, body), INPUTS[action])).toEqual(input)
  })

  test('reads a name that is that of the prototype as any other', () => {
    const input = decoded(
      json('CreateQueue', '{"Attributes":{"__proto__":"1"},"__proto__":{"a":1}}'),
      INPUTS.CreateQueue,
    )
    expect(Object.entries(input['Attributes'] as object)).toEqual([['__proto__', '1']])
    expect(Object.getPrototypeOf(input)).toBe(Object.prototype)
    expect({}).not.toHaveProperty('a')
  })

  test.each([
    ['{', 'The body is not JSON'],
    ['﻿{}', 'The body is not JSON'],
    [Buffer.from([0x22, 0xff, 0x22]), 'The body is not UTF-8'],
    ['null', 'Expected map or null'],
    ['[]', 'Expected map or null'],
    ['"a"', 'Expected map or null'],
    ['{"MessageBody":5}', 'NUMBER_VALUE can not be converted to a String'],
    ['{"MessageBody":true}', 'TRUE_VALUE can not be converted to a String'],
    ['{"MessageBody":["a"]}', 'Start of list found where not expected'],
    ['{"MessageBody":{}}', 'Start of structure or map found where not expected.'],
    ['{"DelaySeconds":"5s"}', 'STRING_VALUE can not be converted to an Integer'],
    ['{"DelaySeconds":"1234567890123456"}', 'STRING_VALUE can not be converted to an Integer'],
    ['{"MessageAttributes":[]}', 'Expected map or null'],
    ['{"MessageAttributes":{"a":"b"}}', 'Expected map or null'],
    ['{"MessageAttributes":{"a":{"BinaryValue":"a-b_"}}}', 'STRING_VALUE can not be converted to a Blob'],
    ['{"MessageAttributes":{"a":{"BinaryValue":"aGk=aGk="}}}', 'STRING_VALUE can not be converted to a Blob'],
    ['{"MessageAttributes":{"a":{"BinaryValue":5}}}', 'NUMBER_VALUE can not be converted to a Blob'],
  ])('refuses %s', (body, message) => {
    expect(refusal(() => decoded(json('SendMessage', body), INPUTS.SendMessage))).toMatchObject({
      shape: 'SerializationException',
      status: 400,
      message,
    })
  })

  test('refuses lists and maps without number, but not those that a text has', () => {
    const many = '{},'.repeat(30_000)
    expect(refusal(() => decoded(json('', `{"Entries":[${many}{}]}`), INPUTS.SendMessageBatch))).toMatchObject({
      shape: 'SerializationException',
      message: 'The body has more than 10000 lists and maps',
    })
    const few = `{"Entries":[${'{},'.repeat(9_997)}{}]${' '.repeat(65_536)}}`
    expect(decoded(json('', few), INPUTS.SendMessageBatch)['Entries']).toHaveLength(9_998)
    for (const text of [many, `"\\${many}"\\"${many}`]) {
      expect(decoded(json('', JSON.stringify({ MessageBody: text })), INPUTS.SendMessage)).toEqual({
        MessageBody: text,
      })
    }
  })

  test('refuses a list that is none, and a flag that is none', () => {
    expect(refusal(() => decoded(json('', '{"Entries":{}}'), INPUTS.SendMessageBatch)).message).toBe(
      'Expected list or null',
    )
    expect(refusal(() => decoded(json('', '{"Flag":1}'), INPUTS.Flag)).message).toMatch(/^NUMBER_VALUE .* a Boolean$/)
  })
})
