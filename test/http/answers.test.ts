// Whole answers of all actions, in both protocols: what a client reads on the wire.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ACTIONS } from '../../lib/http/actions/index.ts'
import { createEndpoint, type Endpoint } from '../../lib/http/index.ts'
import type { Protocol } from '../../lib/http/wire/protocol.ts'
import { sqs } from '../../lib/index.ts'
import { namespace, redisUrl } from '../harness/stores.ts'
import { type Call, calls, type Told } from './answer-table.ts'
import { handleIn, receiptsIn, withPlaceholders } from './placeholders.ts'
import { requestOf } from './requests.ts'

const TYPES: Record<Protocol, string> = { json: 'application/x-amz-json-1.0', query: 'text/xml' }

/** Empty elements are written as one tag. */
function resultOf(action: string, xml: string | undefined): string {
  if (xml === undefined) return ''
  return xml === '' ? `<${action}Result/>` : `<${action}Result>${xml}</${action}Result>`
}

const bodies: Record<Protocol, (call: Call) => string> = {
  json: ([, , json]) => (json === undefined ? '' : JSON.stringify(json)),
  query: ([action, , , xml]) =>
    [
      `<?xml version="1.0"?><${action}Response xmlns="http://queue.amazonaws.com/doc/2012-11-05/">`,
      resultOf(action, xml),
      `<ResponseMetadata><RequestId><id></RequestId></ResponseMetadata></${action}Response>`,
    ].join(''),
}

describe.each<Protocol>(['json', 'query'])('in %s', (protocol) => {
  const own = namespace()
  const arn = (queue: string) => sqs.arnOf({ region: 'us-east-1', namespace: own }, queue)
  const told: Told = { receipts: [], handle: '', arn }
  let endpoint: Endpoint

  beforeAll(() => {
    endpoint = createEndpoint({ where: redisUrl(), connect: { namespace: own } })
  })
  afterAll(() => endpoint.stop(0))

  test.each(calls.map((call) => ({ action: call[0], call })))('$action', async ({ action, call }) => {
    const { status, headers, body } = await endpoint.answer(requestOf(protocol, action, call[1](told)))
    if (receiptsIn(body).length > 0) told.receipts = receiptsIn(body)
    told.handle = handleIn(body) ?? told.handle
    expect(withPlaceholders(body, own)).toBe(bodies[protocol](call))
    expect(status).toBe(200)
    const [, id] = headers
    const length = String(Buffer.byteLength(body))
    expect(headers).toEqual(['x-amzn-RequestId', id, 'Content-Type', TYPES[protocol], 'Content-Length', length])
    if (protocol === 'query') expect(body).toContain(`<RequestId>${id}</RequestId>`)
  })

  test('every action was asked for', () => {
    expect([...new Set(calls.map(([action]) => action))].sort()).toEqual(Object.keys(ACTIONS).sort())
  })
})
