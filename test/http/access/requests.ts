// Requests for the tests of access: as they come over the wire.
import type { Incoming } from '../../../lib/http/wire/protocol.ts'

export type Headers = Record<string, string>

export interface Made {
  method?: string
  path?: string
  search?: string
  headers?: Headers
  body?: string
  ip?: string
  scheme?: 'http' | 'https'
}

export function request(made: Made = {}): Incoming {
  const {
    method = 'POST',
    path = '/',
    search = '',
    headers = {},
    body = '',
    ip = '203.0.113.7',
    scheme = 'http',
  } = made
  const given = Object.entries({ Host: 'sqs.test:9324', ...headers })
  return {
    method,
    path,
    search,
    headers: Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), value])),
    rawHeaders: given.flat(),
    body: Buffer.from(body),
    origin: { ip, scheme, host: 'sqs.test:9324' },
  }
}
