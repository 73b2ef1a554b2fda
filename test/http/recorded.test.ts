// The recorded errors as whole answers, in the protocols in which they were recorded.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEndpoint, type Endpoint } from '../../lib/http/index.ts'
import type { Answer, Protocol } from '../../lib/http/wire/protocol.ts'
import { type Client, connect, sqs } from '../../lib/index.ts'
import { namespace, redisUrl } from '../harness/stores.ts'
import { type Asking, causes } from './causes.ts'
import { requestOf } from './requests.ts'

interface Recorded {
  protocol: Protocol
  code: string
  /** The Query protocol has none. */
  jsonTypeShape: string | null
  message: string
  status: number
}

const recorded: Recorded[] = JSON.parse(readFileSync(join(import.meta.dirname, '../sqs/recorded-errors.json'), 'utf8'))
const own = namespace()
let endpoint: Endpoint
let other: Client
let count = 0

beforeAll(async () => {
  endpoint = createEndpoint({ where: redisUrl(), connect: { namespace: own } })
  other = await connect(redisUrl(), { namespace: own })
})
afterAll(async () => {
  await endpoint.stop(0)
  await other.close()
})

/** An answer that is a refusal. */
class Refused extends Error {
  constructor(readonly answer: Answer) {
    super(answer.body)
  }
}

/** What is not refused is asked in JSON; what is refused changes nothing, so it can be asked again in the protocol. */
function asking(protocol: Protocol): Asking {
  const ask: Asking['ask'] = async (action, input) => {
    const answer = await endpoint.answer(requestOf('json', action, input))
    if (answer.status === 200) return answer.body === '' ? undefined : JSON.parse(answer.body)
    throw new Refused(protocol === 'json' ? answer : await endpoint.answer(requestOf(protocol, action, input)))
  }
  const made = async (QueueName: string, Attributes: object) =>
    (await ask('CreateQueue', { QueueName, Attributes })).QueueUrl
  return {
    ask,
    queue: (attributes = {}) => made(`queue${++count}`, attributes),
    fifo: (attributes = {}) => made(`queue${++count}.fifo`, { FifoQueue: 'true', ...attributes }),
    remove: (url) => other.queues.remove(nameOf(url)),
    arn: (queue) => sqs.arnOf({ region: 'us-east-1', namespace: own }, nameOf(queue)),
  }
}

const nameOf = (url: string) => url.slice(url.lastIndexOf('/') + 1)

/** The recorded texts have placeholders for what differs from call to call. */
const withPlaceholders = (message: string) =>
  message.replace(/\bA[\w-]{60,}/, '<receipt-handle:1>').replace(/(?<=PurgeQueue operation on )[\w.-]+/, '<queue-name>')

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** As text in XML, but for the placeholders. */
const escaped = (text: string) => text.replace(/<(?![\w:-]+>)/g, '&lt;').replace(/(?<!<[\w:-]+)>/g, '&gt;')

const expected: Record<Protocol, (error: Recorded, id: string) => { headers: Record<string, string>; body: string }> = {
  json: ({ code, jsonTypeShape, message }) => ({
    headers: { 'Content-Type': 'application/x-amz-json-1.0', 'x-amzn-query-error': `${code};Sender` },
    body: JSON.stringify({ __type: sqs.typeOf(jsonTypeShape as string), message }),
  }),
  query: ({ code, message }, id) => ({
    headers: { 'Content-Type': 'text/xml' },
    body: [
      '<?xml version="1.0"?><ErrorResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/">',
      `<Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped(message)}</Message><Detail/></Error>`,
      `<RequestId>${id}</RequestId></ErrorResponse>`,
    ].join(''),
  }),
}

test.each(recorded.map((one) => ({ ...one, key: `${one.code}: ${one.message}` })))('$protocol, $key', async (error) => {
  const refused = await causes[error.key]?.(asking(error.protocol)).catch((thrown) => thrown)
  expect(refused).toBeInstanceOf(Refused)
  const { status, headers, body } = (refused as Refused).answer
  const named = Object.fromEntries(headers.flatMap((name, i) => (i % 2 ? [] : [[name, headers[i + 1] as string]])))
  const { 'x-amzn-RequestId': id = '', 'Content-Length': length, ...others } = named
  expect(id).toMatch(UUID)
  expect(length).toBe(String(Buffer.byteLength(body)))
  const told = { status, headers: others, body: withPlaceholders(body) }
  expect(told).toEqual({ status: error.status, ...expected[error.protocol](error, id) })
})
