// Requests as the listener hands them on.
import { asked } from '../../../lib/http/wire/asked.ts'
import { decode } from '../../../lib/http/wire/codec.ts'
import type { Shape } from '../../../lib/http/wire/model.ts'
import type { Incoming } from '../../../lib/http/wire/protocol.ts'
import { sqs } from '../../../lib/index.ts'

export function incoming(given: Partial<Omit<Incoming, 'body'>> & { body?: string | Uint8Array } = {}): Incoming {
  return {
    method: 'POST',
    path: '/',
    search: '',
    headers: {},
    rawHeaders: [],
    origin: { ip: '127.0.0.1', scheme: 'http', host: 'localhost:9324' },
    ...given,
    body: Buffer.from(given.body ?? ''),
  }
}

export function json(action: string, body: string | Uint8Array): Incoming {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` }
  return incoming({ headers, body })
}

export function form(body: string | Uint8Array): Incoming {
  return incoming({ headers: { 'content-type': 'application/x-www-form-urlencoded' }, body })
}

/** As the endpoint does it: what is asked for, then its input. */
export function decoded(request: Incoming, input: Shape): Record<string, unknown> {
  return decode(asked(request), request, input)
}

export function thrown(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was refused')
}

export function refusal(run: () => unknown): sqs.SqsError {
  return sqs.errorOf(thrown(run))
}
