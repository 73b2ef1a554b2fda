// Where a request came from, as far as its connection or a trusted proxy says it.
import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { Origins } from '../../lib/http/origin.ts'
import { startupLine } from '../../lib/http/startup-line.ts'

interface Case {
  what: string
  peer: string
  encrypted?: boolean
  headers?: Record<string, string>
  ip: string
  scheme?: string
  host?: string
}

const FORWARDED = {
  'x-forwarded-for': '1.2.3.4',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'queues.example.com',
}
const CASES: Case[] = [
  { what: 'a connection', peer: '9.9.9.9', ip: '9.9.9.9' },
  { what: 'a connection by TLS', peer: '9.9.9.9', encrypted: true, ip: '9.9.9.9', scheme: 'https' },
  { what: 'IPv4 on a socket of IPv6', peer: '::ffff:9.9.9.9', ip: '9.9.9.9' },
  { what: 'somebody who pretends', peer: '9.9.9.9', headers: FORWARDED, ip: '9.9.9.9' },
  { what: 'a proxy', peer: '10.0.0.1', headers: FORWARDED, ip: '1.2.3.4', scheme: 'https', host: 'queues.example.com' },
  { what: 'a proxy of IPv6', peer: 'fd00::1', headers: { 'x-forwarded-for': '2001:db8::1' }, ip: '2001:db8::1' },
  { what: 'a proxy that says nothing', peer: '10.0.0.1', ip: '10.0.0.1' },
  { what: 'two proxies', peer: '10.0.0.1', headers: { 'x-forwarded-for': '1.2.3.4, 10.0.0.2' }, ip: '1.2.3.4' },
  {
    what: 'a proxy, asked by somebody who pretends',
    peer: '10.0.0.1',
    headers: { 'x-forwarded-for': '127.0.0.1, 1.2.3.4', 'x-forwarded-proto': 'https, http' },
    ip: '1.2.3.4',
  },
  { what: 'nothing but proxies', peer: '10.0.0.1', headers: { 'x-forwarded-for': '10.0.0.3' }, ip: '10.0.0.3' },
  { what: 'a proxy that adds ports', peer: '10.0.0.1', headers: { 'x-forwarded-for': '1.2.3.4:5678' }, ip: '1.2.3.4' },
  { what: 'no address', peer: '10.0.0.1', headers: { 'x-forwarded-for': 'unknown' }, ip: '10.0.0.1' },
  { what: 'no scheme', peer: '10.0.0.1', headers: { 'x-forwarded-proto': 'gopher' }, ip: '10.0.0.1' },
]

test.each(CASES)('$what', ({ peer, encrypted, headers = {}, ip, scheme = 'http', host = 'here' }) => {
  const origins = new Origins(['10.0.0.0/8', ' fd00::1'])
  const request = { socket: { remoteAddress: peer, encrypted }, headers: { host: 'here', ...headers } }
  expect(origins.of(request as unknown as IncomingMessage)).toEqual({ ip, scheme, host })
})

test('the first line says who may use the server', () => {
  const url = new URL('https://localhost:9324')
  const anybody = 'SQS on https://localhost:9324 (account default, redis://x): any key is accepted, no policies'
  expect(startupLine(url, 'redis://x', 'default', undefined)).toBe(anybody)
  const guarded = { accounts: new Set(['a', 'b']), users: 1 }
  const some = 'SQS on https://localhost:9324 (redis://x): 2 accounts, 1 user, signatures required'
  expect(startupLine(url, 'redis://x', 'default', guarded)).toBe(some)
})
