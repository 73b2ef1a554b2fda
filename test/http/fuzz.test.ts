// Whatever comes, over a connection or as a call: it is answered, or the connection is closed; never with a 500 (which
// `serving` looks for behind each test), and the next request is served.
import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { ACTIONS } from '../../lib/http/actions/index.ts'
import type { Shape } from '../../lib/http/wire/model.ts'
import { post, raw } from './raw.ts'
import { requestOf } from './requests.ts'
import { serving } from './serving.ts'

const server = serving({ limits: { headTimeout: 300, requestTimeout: 500, check: 50, stall: 2_000 } })
beforeEach(() => server.client.queues.create('videos'))

async function served(): Promise<void> {
  using client = await raw(server.port)
  const { status } = await client.say(post('Action=ListQueues')).answer()
  expect(status).toBe(200)
}

/** What it says until it is closed. */
async function answered(...said: Array<string | Buffer>): Promise<string> {
  using client = await raw(server.port)
  for (const part of said) client.say(part)
  client.socket.end()
  return client.closed()
}

test('any bytes', async () => {
  const line = fc.constantFrom(
    ...[
      'GET / HTTP/1.1\r\n',
      'POST / HTTP/1.1\r\n',
      'PUT /a/b HTTP/1.1\r\n',
      'HEAD * HTTP/1.0\r\n',
      'CONNECT x:1 HTTP/1.1\r\n',
    ],
    ...['Host: x\r\n', 'Content-Length: 10\r\n', 'Content-Length: -1\r\n', 'Transfer-Encoding: chunked\r\n'],
    ...[
      'X-Amz-Target: AmazonSQS.SendMessage\r\n',
      'Upgrade: h2c\r\nConnection: Upgrade\r\n',
      'Expect: 100-continue\r\n',
    ],
    ...['\r\n', '\n', '0\r\n\r\n', '5\r\nhello\r\n', 'ffffffffffffffff\r\n', '{}', 'Action=ListQueues'],
  )
  const bytes = fc.uint8Array({ maxLength: 100 }).map((some) => Buffer.from(some))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof({ weight: 4, arbitrary: line }, bytes), { maxLength: 12 }), async (parts) => {
      expect(await answered(...parts)).not.toMatch(/^HTTP\/1\.\d 5(?!05)/m)
    }),
    { numRuns: 150 },
  )
  await served()
})

const nested = 100_000
const HOSTILE: Array<[string, string, string[]?]> = [
  ['JSON of 100,000 levels', '['.repeat(nested) + ']'.repeat(nested), ['X-Amz-Target: AmazonSQS.SendMessage']],
  ['a prototype', '{"__proto__":{"QueueUrl":"videos"}}', ['X-Amz-Target: AmazonSQS.SendMessage']],
  ['half a character', '{"QueueUrl":"videos","MessageBody":"\\ud800"}', ['X-Amz-Target: AmazonSQS.SendMessage']],
  ['a list for a text', '{"QueueUrl":["videos"],"MessageBody":"x"}', ['X-Amz-Target: AmazonSQS.SendMessage']],
  ['no JSON', '{"QueueUrl":', ['X-Amz-Target: AmazonSQS.SendMessage']],
  ['an unknown action', '{}', ['X-Amz-Target: AmazonSQS.toString']],
  ['the target of another service', '{}', ['X-Amz-Target: DynamoDB_20120810.GetItem']],
  ['a million parameters', 'a=b&'.repeat(1_000_000)],
  ['an index past all bounds', 'Action=CreateQueue&QueueName=x&Attribute.99999999999.Name=DelaySeconds'],
  ['a broken escape', 'Action=%ZZ'],
  ['XML', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bomb">]><a>&b;&b;</a>'],
]

test.for(HOSTILE)('%s is refused', async ([, body, headers]) => {
  using client = await raw(server.port)
  const { status } = await client.say(post(body, headers)).answer()
  expect(status).toBeGreaterThanOrEqual(400)
  expect(status).toBeLessThan(500)
  await served()
})

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1',
    '30',
    '999999999',
    'true',
    'All',
    '.*',
    'videos',
    'x.fifo',
    '*',
    '\ud800',
    '\u0000',
    'Binary',
  ),
  fc.constantFrom(
    'arn:aws:sqs:us-east-1:default:videos',
    '{"deadLetterTargetArn":1}',
    '{"Statement":[]}',
    'AQEB',
    'null',
  ),
)
const name = fc.constantFrom(
  ...[
    'VisibilityTimeout',
    'RedrivePolicy',
    'Policy',
    'FifoQueue',
    'QueueArn',
    'KmsMasterKeyId',
    'AWSTraceHeader',
    '__proto__',
    'a',
  ],
)

const plain = {
  string: text,
  boolean: fc.boolean(),
  bytes: fc.constantFrom('', 'aGk=', 'AA=='),
  integer: fc.oneof(fc.integer({ min: -2, max: 12 }), fc.constantFrom(901, 43_201, 2 ** 31)),
}

/** Inputs of the right types, and nothing else that is right about them. */
function inputOf(shape: Shape): fc.Arbitrary<unknown> {
  if (shape.kind === 'list') return fc.array(inputOf(shape.of), { maxLength: 11 })
  if (shape.kind === 'map') {
    const entries = fc.array(fc.tuple(fc.oneof(name, text), inputOf(shape.of)), { maxLength: 11 })
    return entries.map((all) => Object.fromEntries(all))
  }
  if (shape.kind !== 'structure') return plain[shape.kind]
  const members = Object.entries(shape.members).map(([key, one]) => [
    key,
    key === 'QueueUrl' ? fc.oneof({ weight: 9, arbitrary: fc.constant('videos') }, text) : inputOf(one),
  ])
  return fc.record(Object.fromEntries(members), { requiredKeys: [] })
}

test.for(Object.entries(ACTIONS))('%s, with inputs of the right types', async ([action, { input }]) => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('json', 'query'), inputOf(input), async (protocol, given) => {
      await server.client.queues.create('videos').catch(() => {})
      const request = { ...requestOf(protocol as 'json', action, given as object), signal: AbortSignal.timeout(100) }
      const { status } = await server.endpoint.answer(request)
      expect(status).toBeLessThan(500)
    }),
    { numRuns: 40 },
  )
})
