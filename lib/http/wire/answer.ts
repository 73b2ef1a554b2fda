// The frame of every answer: the headers that real SQS sends, by their recorded names.
import type { Answer, Protocol } from './protocol.ts'

export const CONTENT_TYPES: Record<Protocol, string> = { json: 'application/x-amz-json-1.0', query: 'text/xml' }

/** `Date` and `Connection` are Node's to add. */
export function answer(
  protocol: Protocol,
  status: number,
  body: string,
  requestId: string,
  ...others: string[]
): Answer {
  const headers = [
    'x-amzn-RequestId',
    requestId,
    'Content-Type',
    CONTENT_TYPES[protocol],
    'Content-Length',
    String(Buffer.byteLength(body)),
    ...others,
  ]
  return { status, headers, body }
}
