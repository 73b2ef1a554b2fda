import { XMLParser } from 'fast-xml-parser'
import { describe, expect, test } from 'vitest'
import { encode } from '../../../lib/http/wire/codec.ts'
import { legible } from '../../../lib/http/wire/xml.ts'
import { OUTPUTS } from './shapes.ts'

const id = '27daac76-34dd-47df-bd01-1f6e873584a0'
const frame = (action: string, result: string) =>
  `<?xml version="1.0"?><${action}Response xmlns="http://queue.amazonaws.com/doc/2012-11-05/">${result}<ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></${action}Response>`

const message = {
  MessageId: 'm',
  ReceiptHandle: 'r',
  MD5OfBody: '5',
  Body: '{"a":"<b> & \'c\'"}\r\n',
  Attributes: { SentTimestamp: '1', SenderId: 's' },
  MessageAttributes: {
    n: { DataType: 'String', StringValue: 'x' },
    b: { DataType: 'Binary', BinaryValue: Buffer.from('hi') },
    c: { DataType: 'Binary', BinaryValue: 'aGk=' },
  },
}

type Row = [what: string, action: keyof typeof OUTPUTS, result: object | undefined, json: unknown, xml: string]
const rows: Row[] = [
  [
    'a text',
    'CreateQueue',
    { QueueUrl: 'http://a/0/b' },
    { QueueUrl: 'http://a/0/b' },
    '<QueueUrl>http://a/0/b</QueueUrl>',
  ],
  [
    'what is undefined or null, left out',
    'SendMessage',
    { MessageId: 'm', SequenceNumber: undefined, MD5OfMessageBody: '5', MD5OfMessageAttributes: null },
    { MD5OfMessageBody: '5', MessageId: 'm' },
    '<MD5OfMessageBody>5</MD5OfMessageBody><MessageId>m</MessageId>',
  ],
  [
    'no members that it does not have',
    'CreateQueue',
    { QueueUrl: 'u', secret: 's' },
    { QueueUrl: 'u' },
    '<QueueUrl>u</QueueUrl>',
  ],
  [
    'a number',
    'CancelMessageMoveTask',
    { ApproximateNumberOfMessagesMoved: 0 },
    { ApproximateNumberOfMessagesMoved: 0 },
    '<ApproximateNumberOfMessagesMoved>0</ApproximateNumberOfMessagesMoved>',
  ],
  [
    'a list',
    'ListQueues',
    { QueueUrls: ['a', 'b'], NextToken: 't' },
    { QueueUrls: ['a', 'b'], NextToken: 't' },
    '<QueueUrl>a</QueueUrl><QueueUrl>b</QueueUrl><NextToken>t</NextToken>',
  ],
  ['a list of one', 'ListQueues', { QueueUrls: ['a'] }, { QueueUrls: ['a'] }, '<QueueUrl>a</QueueUrl>'],
  ['an empty text', 'ListQueueTags', { Tags: { a: '' } }, { Tags: { a: '' } }, '<Tag><Key>a</Key><Value/></Tag>'],
  [
    'entries of a batch',
    'SendMessageBatch',
    { Successful: [], Failed: [{ Id: 'a', SenderFault: true, Code: 'C', Message: 'M' }] },
    { Failed: [{ Id: 'a', SenderFault: true, Code: 'C', Message: 'M' }] },
    '<BatchResultErrorEntry><Id>a</Id><SenderFault>true</SenderFault><Code>C</Code><Message>M</Message></BatchResultErrorEntry>',
  ],
  [
    'messages',
    'ReceiveMessage',
    { Messages: [message, { MessageId: 'n', Body: ' ', Attributes: {}, MessageAttributes: {} }] },
    {
      Messages: [
        {
          ...message,
          MessageAttributes: { ...message.MessageAttributes, b: { DataType: 'Binary', BinaryValue: 'aGk=' } },
        },
        { MessageId: 'n', Body: ' ' },
      ],
    },
    '<Message><MessageId>m</MessageId><ReceiptHandle>r</ReceiptHandle><MD5OfBody>5</MD5OfBody>' +
      "<Body>{&quot;a&quot;:&quot;&lt;b&gt; &amp; 'c'&quot;}&#xD;\n</Body>" +
      '<Attribute><Name>SentTimestamp</Name><Value>1</Value></Attribute><Attribute><Name>SenderId</Name><Value>s</Value></Attribute>' +
      '<MessageAttribute><Name>n</Name><Value><StringValue>x</StringValue><DataType>String</DataType></Value></MessageAttribute>' +
      '<MessageAttribute><Name>b</Name><Value><BinaryValue>aGk=</BinaryValue><DataType>Binary</DataType></Value></MessageAttribute>' +
      '<MessageAttribute><Name>c</Name><Value><BinaryValue>aGk=</BinaryValue><DataType>Binary</DataType></Value></MessageAttribute>' +
      '</Message><Message><MessageId>n</MessageId><Body> </Body></Message>',
  ],
]

const headersOf = (type: string, body: string) => [
  'x-amzn-RequestId',
  id,
  'Content-Type',
  type,
  'Content-Length',
  String(Buffer.byteLength(body)),
]

describe('an answer', () => {
  test.each(rows)('in JSON has %s', (_, action, result, json) => {
    const { status, headers, body } = encode('json', action, OUTPUTS[action], result, id)
    expect(status).toBe(200)
    expect(headers).toEqual(headersOf('application/x-amz-json-1.0', body))
    expect(JSON.parse(body)).toEqual(json)
  })

  test.each(rows)('in XML has %s', (_, action, result, _json, xml) => {
    const { status, headers, body } = encode('query', action, OUTPUTS[action], result, id)
    expect(status).toBe(200)
    expect(headers).toEqual(headersOf('text/xml', body))
    expect(body).toBe(frame(action, `<${action}Result>${xml}</${action}Result>`))
  })

  test('has its members in the order of the model', () => {
    const { body } = encode('json', 'SendMessage', OUTPUTS.SendMessage, { MessageId: 'm', MD5OfMessageBody: '5' }, id)
    expect(body).toBe('{"MD5OfMessageBody":"5","MessageId":"m"}')
  })

  test.each([undefined, {}, { Messages: [] }])('of nothing is empty: %j', (result) => {
    expect(encode('json', 'ReceiveMessage', OUTPUTS.ReceiveMessage, result, id).body).toBe('{}')
    expect(encode('query', 'ReceiveMessage', OUTPUTS.ReceiveMessage, result, id).body).toBe(
      frame('ReceiveMessage', '<ReceiveMessageResult/>'),
    )
  })

  test('of a void action has no result', () => {
    const json = encode('json', 'DeleteQueue', undefined, undefined, id)
    expect(json).toEqual({
      status: 200,
      headers: ['x-amzn-RequestId', id, 'Content-Type', 'application/x-amz-json-1.0', 'Content-Length', '0'],
      body: '',
    })
    expect(encode('query', 'DeleteQueue', undefined, undefined, id).body).toBe(frame('DeleteQueue', ''))
  })

  test('counts bytes, not characters', () => {
    const { headers } = encode('json', 'CreateQueue', OUTPUTS.CreateQueue, { QueueUrl: 'é😀' }, id)
    expect(headers.at(-1)).toBe(String('{"QueueUrl":""}'.length + 6))
  })

  test('takes a name that is that of the prototype as any other', () => {
    const Tags = JSON.parse('{"__proto__":"1"}')
    expect(encode('json', 'ListQueueTags', OUTPUTS.ListQueueTags, { Tags }, id).body).toBe('{"Tags":{"__proto__":"1"}}')
    expect(encode('query', 'ListQueueTags', OUTPUTS.ListQueueTags, { Tags }, id).body).toContain(
      '<Key>__proto__</Key><Value>1</Value>',
    )
  })
})

describe('characters in XML', () => {
  const readBack = (text: string) => {
    const { body } = encode('query', 'CreateQueue', OUTPUTS.CreateQueue, { QueueUrl: text }, id)
    const parser = new XMLParser({ trimValues: false, parseTagValue: false, htmlEntities: true })
    return parser.parse(body).CreateQueueResponse.CreateQueueResult.QueueUrl
  }

  test.each([
    ['markup', '<a href="b">]]>&amp;&#10;</a>'],
    ['line ends and blanks', ' \r\n\t\r a\n'],
    ['all of Unicode', 'é\u0085\u2028\uE000\uFFFD😀\u{10FFFF}'],
    ['what the builder might take for its own', '#text @xmlns ?xml'],
  ])('stand for themselves: %s', (_, text) => {
    expect(readBack(text)).toBe(text)
    expect(legible(text)).toBe(text)
  })

  test('that XML cannot hold are shown as U+FFFD, and so are digested', () => {
    const text = 'a\0b\u0008c\u001Fd\uFFFEe\uFFFFf\uD800g\uDC00h😀"'
    expect(readBack(text)).toBe('a�b�c�d�e�f�g�h😀"')
    expect(legible(text)).toBe(readBack(text))
  })
})
