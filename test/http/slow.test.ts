// What one client may take of a server: size, time, number. Each past its limit is answered or closed, and the next
// connection is served.
import { expect, test } from 'vitest'
import type { Limits } from '../../lib/http/limits.ts'
import { type Listening, listening } from './listening.ts'
import { post, raw } from './raw.ts'

const QUICK = { headTimeout: 150, requestTimeout: 300, check: 20 }

async function served({ port }: Listening): Promise<void> {
  using client = await raw(port)
  expect(await client.say(post('hello')).answer()).toMatchObject({ status: 200, body: '/? 5' })
}

/** [what a client does, what it says, how it is answered before the connection is closed, with which limits] */
const REFUSED: Array<[string, string, string, Partial<Limits>?]> = [
  ['says nothing', '', '408', QUICK],
  ['never ends its head', 'POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ', '408', QUICK],
  ['never ends its body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhell', '408', QUICK],
  [
    'never ends its chunks',
    'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhell\r\n',
    '408',
    QUICK,
  ],
  ['breaks its chunks', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhell\r\n', '400'],
  ['says two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx', '400'],
  [
    'says a length and chunks',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    '400',
  ],
  ['says no host', 'POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n', '400'],
  ['speaks no HTTP', '\u0016\u0003\u0001\u0002\u0000\u0001', '400'],
  ['has a head of 20 KiB', `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_480)}\r\n\r\n`, '431'],
  ['has a path of 20 KiB', `GET /${'x'.repeat(20_480)} HTTP/1.1\r\nHost: x\r\n\r\n`, '431'],
  ['has 101 header lines', `GET / HTTP/1.1\r\nHost: x\r\n${'A: b\r\n'.repeat(100)}\r\n`, '431'],
  ['announces 1 GB', `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\n${'x'.repeat(100)}`, '413'],
]

test.for(REFUSED)('a client that %s is refused', async ([, said, status, limits]) => {
  await using server = await listening(limits)
  using client = await raw(server.port)
  client.say(said)
  expect(await client.closed()).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(server.bodies).toEqual([])
  // The next one is not slow, but may be so on this machine.
  Object.assign(server.listener.server, { headersTimeout: 60_000, requestTimeout: 60_000 })
  await served(server)
})

test('a body that grows past the limit is answered with 413 while its client still sends, and no more of it is kept', async () => {
  await using server = await listening({ request: 1024 * 1024 })
  using client = await raw(server.port)
  client.say('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n')
  const mebibyte = Buffer.alloc(1024 * 1024, 'x')
  let sent = 0
  const before = process.memoryUsage().rss
  const send = () => {
    while (sent < 1024 && !client.socket.destroyed && client.socket.writable) {
      sent++
      client.say('100000\r\n')
      client.say('')
      if (!client.socket.write(Buffer.concat([mebibyte, Buffer.from('\r\n')]))) return
    }
  }
  client.socket.on('drain', send)
  send()
  expect(await client.closed()).toMatch(/^HTTP\/1.1 413 .*The request is larger than this server takes\.$/s)
  expect(sent).toBeLessThan(64)
  expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1024 * 1024)
  await served(server)
})

test('who asks before sending a large body keeps it, who may sends it', async () => {
  await using server = await listening({ request: 1000 })
  using large = await raw(server.port)
  const expecting = ['Expect: 100-continue']
  large.say(post('', expecting).replace('Content-Length: 0', 'Content-Length: 1001'))
  expect(await large.answer()).toMatchObject({ status: 413, headers: { connection: 'close' } })
  using small = await raw(server.port)
  small.say(post('', expecting).replace('Content-Length: 0', 'Content-Length: 4'))
  expect(await small.answer()).toMatchObject({ status: 100 })
  expect(await small.say('four').answer()).toMatchObject({ status: 200, body: '/? 4' })
  using odd = await raw(server.port)
  expect(await odd.say(post('', ['Expect: wonders'])).answer()).toMatchObject({ status: 417 })
})

test('bodies that are too much together are refused, until others are answered', async () => {
  await using server = await listening({ request: 1000, bodies: 1500 })
  using first = await raw(server.port)
  first.say(post('x'.repeat(900)).replace('POST /', 'POST /wait'))
  await server.arrived.opened
  using second = await raw(server.port)
  second.say(post('x'.repeat(900)))
  expect(await second.answer()).toMatchObject({ status: 503, headers: { connection: 'close' } })
  first.hangUp()
  await server.ended.opened
  using third = await raw(server.port)
  expect(await third.say(post('x'.repeat(900))).answer()).toMatchObject({ status: 200 })
})

test('a client that sends one byte at a time within its time is served', async () => {
  await using server = await listening()
  using client = await raw(server.port)
  for (const byte of post('slow')) {
    client.say(byte)
    await new Promise(setImmediate)
  }
  expect(await client.answer()).toMatchObject({ status: 200, body: '/? 4' })
})

test('an answer that nobody takes is given up, and what it would have told is undone', async () => {
  await using server = await listening({ stall: 200 })
  using client = await raw(server.port)
  client.socket.pause()
  client.say(post('').replace('POST /', 'POST /large?100000000'))
  expect(await server.undone.opened).toBe('undone')
  await served(server)
})

test('requests that come together are answered in turn', async () => {
  await using server = await listening()
  using client = await raw(server.port)
  client.say(['a', 'bb', 'ccc'].map((body) => post(body)).join(''))
  const answers = [await client.answer(), await client.answer(), await client.answer()]
  expect(answers.map(({ body }) => body)).toEqual(['/? 1', '/? 2', '/? 3'])
})

test('a connection with too many requests that wait is cut', async () => {
  await using server = await listening({ pipelined: 10 })
  using client = await raw(server.port)
  client.say(post('').replace('POST /', 'POST /wait').repeat(11))
  expect(await client.closed()).toBe('')
  await server.ended.opened
  await served(server)
})

test('past the number of connections, new ones are closed at once', async () => {
  await using server = await listening({ connections: 1 })
  using first = await raw(server.port)
  expect(await first.say(post('')).answer()).toMatchObject({ status: 200 })
  using second = await raw(server.port)
  expect(await second.say(post('')).closed()).toBe('')
  expect(await first.say(post('')).answer()).toMatchObject({ status: 200 })
})

test('HTTP/1.0 is served, and a name of the server in front of the path is left away', async () => {
  await using server = await listening()
  using old = await raw(server.port)
  old.say('POST /old HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi')
  expect(await old.closed()).toMatch(/^HTTP\/1.1 200 .*\/old\? 2$/s)
  using proxied = await raw(server.port)
  proxied.say('GET http://localhost:9324/a/b?c=d HTTP/1.1\r\nHost: localhost\r\n\r\n')
  expect(await proxied.answer()).toMatchObject({ body: '/a/b?c=d 0' })
})
