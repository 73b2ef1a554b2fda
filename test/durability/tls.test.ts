// TLS, passwords and users: all connections of a client have them, those of the levels too.
import { execFileSync } from 'node:child_process'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type Where } from '../../lib/index.ts'
import { type Certificate, makeCertificate } from '../harness/certificate.ts'
import { serverBinary } from '../harness/server-binary.ts'
import { type RedisServer, startRedis } from '../harness/servers.ts'
import { temporaryDirectory } from '../harness/temporary.ts'

/** Whether the server was built with TLS: one that was complains of the missing certificate. */
function speaksTls(): boolean {
  try {
    execFileSync(serverBinary() ?? '', ['--port', '0', '--tls-port', '1'], { timeout: 5_000 })
  } catch (error) {
    return /tls-cert-file|TLS/.test(String((error as { stdout?: Buffer }).stdout))
  }
  return false
}

/** Send, be woken, complete: both connections of the client, and that of the level. */
async function live(where: Where): Promise<void> {
  const client = await connect(where)
  const queue = client.queue<string>('q', { durability: 'fsync' })
  const received = queue.receive({ wait: '20s' })
  await queue.send('x')
  const [message] = await received
  await message?.complete()
  expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 0 })
  await client.close()
}

const ALWAYS = { appendonly: 'yes', appendfsync: 'always' }

describe.skipIf(!speaksTls())('TLS', () => {
  const folder = temporaryDirectory()
  let certificate: Certificate
  let server: RedisServer
  let port: number

  beforeAll(async () => {
    certificate = makeCertificate(folder.path)
    const made = await certificate.server()
    port = made.port
    const user = { user: 'jobs on >word ~boomerang:* &boomerang:* +@all' }
    // The class looks for its own port: a server whose plain port is closed is found by its log.
    server = await startRedis({ config: { ...made.config, ...ALWAYS, ...user } })
  })
  afterAll(async () => {
    await server.stop()
    folder[Symbol.dispose]()
  })

  test('by options, as a user with a password', async () => {
    await live({ host: '127.0.0.1', port, username: 'jobs', password: 'word', tls: { ca: certificate.ca } })
  })

  test('by a URL, with options in an instance', async () => {
    const given = new Redis(`rediss://jobs:word@127.0.0.1:${port}`, { tls: { ca: certificate.ca }, lazyConnect: true })
    await live(given)
    given.disconnect()
  })

  test('a certificate that nobody vouches for is refused, and said so', async () => {
    await expect(connect(`rediss://127.0.0.1:${port}`, { timeout: 1_000 })).rejects.toMatchObject({
      code: 'CannotConnect',
      message: expect.stringMatching(/certificate/),
    })
  })

  test('a cluster over TLS', async () => {
    const made = await certificate.server()
    const config = { ...made.config, ...ALWAYS, 'cluster-enabled': 'yes', 'cluster-announce-ip': '127.0.0.1' }
    await using node = await startRedis({ config })
    expect(node.pid).toBeGreaterThan(0)
    const tls = { ca: certificate.ca }
    const redis = new Redis(made.port, '127.0.0.1', { tls })
    await redis.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
    const info = async () => String(await redis.call('CLUSTER', 'INFO'))
    await expect.poll(info).toContain('cluster_state:ok')
    redis.disconnect()
    await live({ nodes: [{ host: '127.0.0.1', port: made.port }], tls })
  })
})
