// The endpoint over real connections: long polls, who hangs up, who may ask, where queues are said to be.
import { expect, test } from 'vitest'
import type { Incoming } from '../../lib/http/index.ts'
import { createEndpoint } from '../../lib/http/index.ts'
import type { Queue } from '../../lib/index.ts'
import { redisUrl } from '../harness/stores.ts'
import { type Raw, raw } from './raw.ts'
import { serving } from './serving.ts'

const server = serving()

/** A request as SDKs send it. */
function call(action: string, input: object, headers: string[] = []): string {
  const body = JSON.stringify(input)
  return [
    'POST / HTTP/1.1',
    'Host: localhost',
    `X-Amz-Target: AmazonSQS.${action}`,
    'Content-Type: application/x-amz-json-1.0',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...headers,
    '',
    body,
  ].join('\r\n')
}

async function ask(client: Raw, action: string, input: object, headers?: string[]) {
  const { status, body, headers: told } = await client.say(call(action, input, headers)).answer()
  return { status, headers: told, body: body === '' ? undefined : JSON.parse(body) }
}

test('an answer has the headers that real SQS sends', async () => {
  using client = await raw(server.port)
  const { headers } = await client.say(call('CreateQueue', { QueueName: 'videos' })).answer()
  expect(headers).toEqual({
    'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/),
    'content-type': 'application/x-amz-json-1.0',
    'content-length': expect.any(String),
    date: expect.any(String),
    connection: 'keep-alive',
    'keep-alive': 'timeout=75',
  })
})

test('a long poll ends when a message comes', async () => {
  await server.client.queues.create('videos')
  using client = await raw(server.port)
  client.say(call('ReceiveMessage', { QueueUrl: 'videos', WaitTimeSeconds: 20 }))
  await server.client.queue('videos').send('sea')
  const { body } = await client.answer()
  expect(JSON.parse(body).Messages).toMatchObject([{ Body: 'sea' }])
})

test('a trace of the request goes with the message, and one that no message can carry does not', async () => {
  const queue = await server.client.queues.create('videos', { partitions: 1 })
  using client = await raw(server.port)
  const traces = ['Root=1-5e3d83c1-e6a0db584ab0a2f4', 't'.repeat(1_024), 't'.repeat(1_025), '']
  for (const trace of traces) {
    const headers = [`X-Amzn-Trace-Id: ${trace}`]
    expect(await ask(client, 'SendMessage', { QueueUrl: 'videos', MessageBody: 'sea' }, headers)).toMatchObject({
      status: 200,
    })
    const Entries = [{ Id: 'a', MessageBody: 'sea' }]
    const { body } = await ask(client, 'SendMessageBatch', { QueueUrl: 'videos', Entries }, headers)
    expect(body.Failed).toBeUndefined()
  }
  const sent = (await queue.receive({ max: 10 })).map(({ trace }) => trace)
  expect(sent).toEqual(traces.flatMap((trace, i) => (i < 2 ? [trace, trace] : [undefined, undefined])))
})

test('a long poll that its client has left takes no message', async () => {
  const queue = await server.client.queues.create('videos')
  const client = await raw(server.port)
  client.say(call('ReceiveMessage', { QueueUrl: 'videos', WaitTimeSeconds: 20 }))
  await expect.poll(() => server.someoneWaits()).toBe(true)
  client.hangUp()
  await expect.poll(() => server.answered).toMatchObject([{ action: 'ReceiveMessage' }])
  await queue.send('sea')
  expect(await queue.receive()).toMatchObject([{ body: 'sea', attempts: 1 }])
})

test('what a client did not take, though it was received for it, is given back uncounted', async () => {
  const queue = await server.client.queues.create('videos')
  // 50 MiB as they go out: more than the connection takes up by itself.
  await queue.sendMany(Array.from({ length: 10 }, () => ({ body: '&'.repeat(1024 * 1024 - 10) })))
  const client = await raw(server.port)
  client.socket.pause()
  client.say('GET /?Action=ReceiveMessage&QueueUrl=videos&MaxNumberOfMessages=10 HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await expect.poll(() => server.answered).toMatchObject([{ action: 'ReceiveMessage', status: 200 }])
  client.hangUp()
  await expect.poll(async () => (await queue.stats()).ready).toBe(10)
  expect(await queue.receive()).toMatchObject([{ attempts: 1 }])
})

/** Every one of so many messages with bodies of their own comes, and nothing else. */
async function drained(queue: Queue, count: number): Promise<void> {
  const bodies = new Set<unknown>()
  while (bodies.size < count) {
    for (const message of await queue.receive({ max: 10, wait: '20s' })) {
      bodies.add(message.body)
      await message.delete()
    }
  }
  expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 0 })
}

test('clients that hang up while messages come lose none', async () => {
  const queue = await server.client.queues.create('videos', { visibility: '1s' })
  for (let round = 0; round < 100; round++) {
    const client = await raw(server.port)
    client.say(call('ReceiveMessage', { QueueUrl: 'videos', WaitTimeSeconds: 20 }))
    const sent = queue.send(String(round))
    if (round % 3 > 0) await sent
    if (round % 3 > 1) await new Promise(setImmediate)
    client.hangUp()
    await sent
  }
  // Some were told to clients before these were known to be gone: those come back at their deadlines.
  await drained(queue, 100)
})

test('clients that hang up all at once, while their receives travel together, lose none', async () => {
  const queue = await server.client.queues.create('videos', { visibility: '1s' })
  for (let round = 0; round < 5; round++) {
    const clients = await Promise.all(Array.from({ length: 20 }, () => raw(server.port)))
    for (const client of clients) client.say(call('ReceiveMessage', { QueueUrl: 'videos', WaitTimeSeconds: 20 }))
    const sent = queue.sendMany(Array.from({ length: 20 }, (_, i) => ({ body: `${round} ${i}` })))
    if (round % 2 > 0) await sent
    for (const client of clients) client.hangUp()
    await sent
  }
  await drained(queue, 100)
})

test('a stop answers long polls with nothing, and what was sent is there', async () => {
  const queue = await server.client.queues.create('videos')
  using client = await raw(server.port)
  client.say(call('ReceiveMessage', { QueueUrl: 'videos', WaitTimeSeconds: 20 }))
  using other = await raw(server.port)
  await ask(other, 'GetQueueUrl', { QueueName: 'videos' })
  const stopped = server.endpoint.stop(10_000)
  expect(await client.answer()).toMatchObject({ status: 200, body: '{}', headers: { connection: 'close' } })
  await stopped
  await queue.send('later')
  expect(await queue.receive()).toMatchObject([{ body: 'later', attempts: 1 }])
})

test('a request that is too large is refused in its own protocol', async () => {
  using json = await raw(server.port)
  json.say(call('SendMessage', {}).replace(/Content-Length: \d+/, 'Content-Length: 1073741824'))
  expect(await json.answer()).toMatchObject({
    status: 413,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-query-error': 'RequestEntityTooLarge;Sender' },
  })
  using form = await raw(server.port)
  form.say('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1073741824\r\n\r\n')
  const { headers, body } = await form.answer()
  expect(headers['content-type']).toBe('text/xml')
  expect(body).toContain('<Code>RequestEntityTooLarge</Code>')
})

test('the largest message goes through, each of its characters escaped', async () => {
  await server.client.queues.create('videos')
  using client = await raw(server.port)
  const escaped = call('SendMessage', { QueueUrl: 'videos', MessageBody: 'BODY' })
  const body = `{"QueueUrl":"videos","MessageBody":"${'\\u0041'.repeat(1024 * 1024)}"}`
  client.say(escaped.replace(/Content-Length.*$/s, `Content-Length: ${body.length}\r\n\r\n${body}`))
  expect(await client.answer()).toMatchObject({ status: 200 })
})

const BROWSERS: Array<[string, string[], boolean]> = [
  ['the form of a web page', ['Origin: https://evil.example', 'Sec-Fetch-Site: cross-site'], false],
  ['a page of an old browser', ['Origin: null'], false],
  ['a page of the same site', ['Sec-Fetch-Site: same-origin'], false],
  ['somebody who typed the address', ['Sec-Fetch-Site: none'], true],
  ['a name that was made to resolve here', ['Host: evil.example'], false],
  ['a name that was made to resolve here, with a port', ['Host: evil.example:9324'], false],
  ['localhost', ['Host: localhost:9324'], true],
  ['an address', ['Host: 10.1.2.3:9324'], true],
  ['an address of IPv6', ['Host: [::1]:9324'], true],
  ['a service among containers', ['Host: queues:9324'], true],
  ['the host of a container', ['Host: host.docker.internal:9324'], true],
]

test.for(BROWSERS)('a server that takes any key, asked by %s', async ([, headers, taken]) => {
  using client = await raw(server.port)
  const [host = 'Host: localhost', ...others] = headers[0]?.startsWith('Host')
    ? headers
    : ['Host: localhost', ...headers]
  const said = call('ListQueues', {}, others).replace('Host: localhost', host)
  expect(await client.say(said).answer()).toMatchObject({ status: taken ? 200 : 403 })
})

test('URLs of queues are those that the client sees', async () => {
  using client = await raw(server.port)
  const said = call('CreateQueue', { QueueName: 'videos' }).replace('Host: localhost', 'Host: 127.0.0.1:4711')
  const answer = await client.say(said).answer()
  expect(JSON.parse(answer.body)).toEqual({ QueueUrl: `http://127.0.0.1:4711/${server.namespace}/videos` })
})

test('health says whether Redis answers, and that the server stops', async () => {
  using client = await raw(server.port)
  const healthy = await client.say('GET /health HTTP/1.1\r\nHost: x\r\n\r\n').answer()
  expect(healthy).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } })
  expect(JSON.parse(healthy.body)).toEqual({ status: 'ok', redis: expect.any(Number) })
  const stopped = server.endpoint.answer({ ...ASKING, method: 'HEAD' })
  expect(await stopped).toMatchObject({ status: 200 })
  await server.endpoint.stop(0)
  expect(await server.endpoint.answer(ASKING)).toMatchObject({ status: 503, body: '{"status":"stopping"}' })
})

const ASKING = {
  method: 'GET',
  path: '/health',
  search: '',
  headers: {},
  rawHeaders: [],
  body: Buffer.alloc(0),
  origin: { ip: '127.0.0.1', scheme: 'http', host: 'localhost' },
} as const satisfies Incoming

test('a server that other machines can reach wants accounts', async () => {
  const open = createEndpoint({ where: redisUrl(), host: '0.0.0.0', port: 0 })
  await expect(open.start()).rejects.toMatchObject({
    code: 'InvalidOption',
    message: expect.stringContaining('0.0.0.0 can be reached from other machines'),
  })
  await using insecure = createEndpoint({ where: redisUrl(), host: '0.0.0.0', port: 0, insecure: true })
  expect((await insecure.start()).port).not.toBe('')
})

test.for([
  [{ trustProxy: ['10.0.0.0/99'] }, '`trustProxy` must be an address or a range'],
  [{ trustProxy: ['proxy'] }, '`trustProxy` must be an address or a range'],
  [{ publicUrl: 'queues.example.com' }, '`publicUrl` must be a URL'],
  [{ publicUrl: 'ftp://x' }, '`publicUrl` must be a URL'],
] as const)('%j is refused', ([options, message]) => {
  expect(() => createEndpoint({ where: 'memory:', ...(options as object) })).toThrow(message)
})

test('a port that is taken, and a Redis that is not there', async () => {
  await using taken = createEndpoint({ where: redisUrl(), port: server.port })
  await expect(taken.start()).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await using alone = createEndpoint({ where: 'redis://127.0.0.1:1', connect: { timeout: '500ms' }, port: 0 })
  await expect(alone.start()).rejects.toMatchObject({ code: 'CannotConnect' })
})
