import { describe, expect, test } from 'vitest'
import { decoded, form, incoming, refusal } from './requests.ts'
import { INPUTS } from './shapes.ts'

type Row = [what: string, body: string, input: object, action: keyof typeof INPUTS]

describe('a form', () => {
  test.each<Row>([
    [
      'texts',
      'QueueUrl=%2F0%2Fa&MessageBody=h%C3%A9+%2B%26',
      { QueueUrl: '/0/a', MessageBody: 'hé +&' },
      'SendMessage',
    ],
    ['UTF-8 that is not encoded', 'MessageBody=hé', { MessageBody: 'hé' }, 'SendMessage'],
    ['an empty text', 'MessageBody=&MessageGroupId', { MessageBody: '', MessageGroupId: '' }, 'SendMessage'],
    ['a text with an equals sign', 'MessageBody=a=b', { MessageBody: 'a=b' }, 'SendMessage'],
    ['the last of two of one name', 'MessageBody=a&MessageBody=b', { MessageBody: 'b' }, 'SendMessage'],
    ['empty parameters', '&&MessageBody=a&&=x&', { MessageBody: 'a' }, 'SendMessage'],
    ['a number', 'DelaySeconds=-5', { DelaySeconds: -5 }, 'SendMessage'],
    ['what is no number, for the rules to refuse', 'DelaySeconds=5s', { DelaySeconds: '5s' }, 'SendMessage'],
    ['a flag', 'Flag=True', { Flag: true }, 'Flag'],
    ['nothing of a place that has only more below', 'Flag.1=True', {}, 'Flag'],
    [
      'a list in the order of its numbers',
      list('10=c', '2=b', '1=a'),
      { AttributeNames: ['a', 'b', 'c'] },
      'ReceiveMessage',
    ],
    ['a list with huge numbers', list('99999999999=b', '0=a'), { AttributeNames: ['a', 'b'] }, 'ReceiveMessage'],
    ['no element of what is no number', list('1234567890123456=a'), {}, 'ReceiveMessage'],
    ['a list of one', 'AttributeName=All', { AttributeNames: ['All'] }, 'ReceiveMessage'],
    ['an empty list', 'AttributeName=', {}, 'ReceiveMessage'],
    ['a list by members', 'AttributeName.member.1=a', { AttributeNames: ['a'] }, 'ReceiveMessage'],
    ['a list by either name', 'TagKey.1=a&TagKeys.1=b', { TagKeys: ['a', 'b'] }, 'UntagQueue'],
    [
      'a map',
      'Attribute.2.Name=b&Attribute.2.Value=2&Attribute.1.Name=a',
      { Attributes: { a: '', b: '2' } },
      'CreateQueue',
    ],
    ['a map of one', 'Attribute.Name=a&Attribute.Value=1', { Attributes: { a: '1' } }, 'CreateQueue'],
    ['a map by keys', 'Tag.1.Key=a&Tags.7.Key=b&Tags.7.Value=2', { tags: { a: '', b: '2' } }, 'CreateQueue'],
    ['an entry without a name', 'Attribute.1.Value=1', { Attributes: { '': '1' } }, 'CreateQueue'],
    [
      'attributes of a message',
      `${attribute('1', 'a', 'Binary', 'BinaryValue=aGk%3D')}&${attribute('member.2', 'b', 'String', 'StringValue=x')}`,
      {
        MessageAttributes: {
          a: { DataType: 'Binary', BinaryValue: Buffer.from('hi') },
          b: { DataType: 'String', StringValue: 'x' },
        },
      },
      'SendMessage',
    ],
    ['an attribute without a value', 'MessageAttribute.1.Name=a', { MessageAttributes: { a: {} } }, 'SendMessage'],
    [
      'entries of a batch',
      `${entry('2', 'Id=b')}&${entry('1', 'Id=a')}&${entry('1', attribute('1', 'n', 'String', 'StringValue=x'))}`,
      {
        Entries: [{ Id: 'a', MessageAttributes: { n: { DataType: 'String', StringValue: 'x' } } }, { Id: 'b' }],
      },
      'SendMessageBatch',
    ],
    [
      'the longest name',
      'SendMessageBatchRequestEntry.member.1.MessageAttribute.member.1.Value.StringValue=x',
      { Entries: [{ MessageAttributes: { '': { StringValue: 'x' } } }] },
      'SendMessageBatch',
    ],
    ['a batch of one', 'SendMessageBatchRequestEntry.Id=a', { Entries: [{ Id: 'a' }] }, 'SendMessageBatch'],
    ['nothing of names that are too long', entry('1', 'a.a.a.a.a.a.a=1'), {}, 'SendMessageBatch'],
  ])('reads %s', (_, body, input, action) => {
    expect(decoded(form(`Action=X&${body}`), INPUTS[action])).toEqual(input)
  })

  test('reads the query of the URL, and the body over it', () => {
    const search = 'Action=SendMessage&MessageBody=a&MessageGroupId=g'
    expect(decoded(incoming({ method: 'GET', search }), INPUTS.SendMessage)).toEqual({
      MessageBody: 'a',
      MessageGroupId: 'g',
    })
    const both = { ...form('MessageBody=b'), search }
    expect(decoded(both, INPUTS.SendMessage)).toEqual({ MessageBody: 'b', MessageGroupId: 'g' })
  })

  test('reads a name that is that of the prototype as any other', () => {
    const body = 'Action=X&Attribute.1.Name=__proto__&Attribute.1.Value=1&__proto__.a=1&constructor.prototype.a=1'
    const input = decoded(form(body), INPUTS.CreateQueue)
    expect(Object.entries(input['Attributes'] as object)).toEqual([['__proto__', '1']])
    expect({}).not.toHaveProperty('a')
  })

  test.each([
    ['MessageBody=%', /not URL-encoded/],
    ['MessageBody=%C3', /not URL-encoded/],
    ['%zz=a', /not URL-encoded/],
    [Buffer.from('Action=X&MessageBody=\xff', 'latin1'), /not URL-encoded/],
    [attribute('1', 'a', 'Binary', 'BinaryValue=a-b_'), /^Value a-b_ for parameter BinaryValue is invalid. Reason: /],
    ['a&'.repeat(1000), /^A request can have at most 1000 parameters\.$/],
  ])('refuses %s', (body, message) => {
    const request = form(typeof body === 'string' ? `Action=X&${body}` : body)
    expect(refusal(() => decoded(request, INPUTS.SendMessage))).toMatchObject({
      shape: 'InvalidParameterValueException',
      status: 400,
      message: expect.stringMatching(message),
    })
  })

  test('refuses a flag that is none', () => {
    expect(refusal(() => decoded(form('Action=X&Flag=maybe'), INPUTS.Flag)).message).toMatch(
      /^Value maybe for parameter Flag /,
    )
  })

  function list(...elements: string[]): string {
    return elements.map((element) => `AttributeName.${element}`).join('&')
  }
  function attribute(place: string, name: string, type: string, value: string): string {
    const start = `MessageAttribute.${place}`
    return `${start}.Name=${name}&${start}.Value.DataType=${type}&${start}.Value.${value}`
  }
  function entry(place: string, fields: string): string {
    return fields.replace(/(^|&)/g, `$1SendMessageBatchRequestEntry.${place}.`)
  }
})
