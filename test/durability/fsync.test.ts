// Sends that are answered when they are on disk: proved by killing the server as soon as they are.
import { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { acl, connect } from '../../lib/index.ts'
import { calls } from '../harness/replicated.ts'
import { valkeyBinary } from '../harness/server-binary.ts'
import { type RedisServer, startRedis } from '../harness/servers.ts'

const ALWAYS = { appendonly: 'yes', appendfsync: 'always' }
const binary = valkeyBinary()

async function told(server: RedisServer, ...command: [string, ...string[]]): Promise<void> {
  const redis = new Redis(server.url)
  await redis.call(...command)
  redis.disconnect()
}

/** Send at the level until the server is killed; all that was answered is there after its restart. */
async function survives(server: RedisServer): Promise<void> {
  const client = await connect(server.url)
  const queue = client.queue<number>('q', { durability: 'fsync' })
  await queue.send(-1)
  const answered = new Set<string>()
  const producer = async (_: unknown, producer: number) => {
    for (let i = 0; i < 20; i++) {
      const { id } = await queue.send(20 * producer + i, { timeout: '20s' })
      answered.add(id as string)
      if (answered.size === 100) await server.kill('SIGKILL').then(() => server.start())
    }
  }
  await Promise.all(Array.from({ length: 20 }, producer))
  const found: string[] = []
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await queue.peek({ limit: 500, ...(cursor && { cursor }) })
    found.push(...page.messages.map(({ id }) => id))
    cursor = page.cursor
  }
  expect(found.filter((id) => answered.has(id))).toHaveLength(400)
  expect(found).toHaveLength(401)
  await client.close()
}

describe('a server without WAITAOF', () => {
  test('that fsyncs before each reply: what was answered is there after a kill', async () => {
    await using server = await startRedis({ config: ALWAYS })
    await survives(server)
  })

  test('without an append-only file: refused by name, before anything is written', async () => {
    await using server = await startRedis()
    const client = await connect(server.url)
    const queue = client.queue('q', { durability: 'fsync' })
    const refused = expect.objectContaining({
      code: 'DurabilityUnavailable',
      message: expect.stringContaining('`appendonly yes`, `appendfsync always`'),
    })
    await expect(queue.send('x')).rejects.toEqual(refused)
    expect(await queue.sendMany([{ body: 1 }, { body: 2, durability: 'memory' }])).toEqual([
      { error: refused },
      { id: expect.any(String) },
    ])
    expect(await queue.stats()).toMatchObject({ ready: 1 })
    const [message] = await queue.receive()
    await expect(message?.complete()).rejects.toEqual(refused)
    await message?.delete({ durability: 'memory' })
    await client.close()
  })

  test.each([
    [{ appendonly: 'yes', appendfsync: 'everysec' }, '`appendfsync always`'],
    [{ ...ALWAYS, 'no-appendfsync-on-rewrite': 'yes' }, '`no-appendfsync-on-rewrite no`'],
  ])('with %j: refused, naming what is missing', async (config, missing) => {
    await using server = await startRedis({ config })
    const client = await connect(server.url)
    await expect(client.queue('q').send('x', { durability: 'fsync' })).rejects.toMatchObject({
      code: 'DurabilityUnavailable',
      message: expect.stringMatching(new RegExp(`set ${missing}$`)),
    })
    await client.close()
  })

  test('that stops to fsync later: nothing more is answered at the level', async () => {
    await using server = await startRedis({ config: ALWAYS })
    const client = await connect(server.url)
    const queue = client.queue('q', { durability: 'fsync' })
    await queue.send('x')
    await told(server, 'CONFIG', 'SET', 'appendfsync', 'everysec')
    // The first one is written before that is seen: it may exist.
    await expect(queue.send('y')).rejects.toMatchObject({ code: 'NotDurable', id: expect.any(String) })
    await expect(queue.send('z')).rejects.toMatchObject({ code: 'DurabilityUnavailable' })
    await told(server, 'CONFIG', 'SET', 'appendfsync', 'always')
    await queue.send('z')
    expect(await queue.stats()).toMatchObject({ ready: 3 })
    await client.close()
  })

  test('that lets nobody ask: refused with the way out, which is taken at its word', async () => {
    await using server = await startRedis({ config: ALWAYS })
    await told(server, 'ACL', 'SETUSER', 'default', '-config')
    const client = await connect(server.url)
    await expect(client.queue('q').send('x', { durability: 'fsync' })).rejects.toMatchObject({
      code: 'DurabilityUnavailable',
      message: expect.stringContaining('fsyncAlways: true'),
    })
    const trusting = await connect(server.url, { fsyncAlways: true })
    expect(await trusting.queue('q').send('x', { durability: 'fsync' })).toHaveProperty('id')
    await trusting.close()
    await client.close()
  })

  test('whose user may not WAIT: replicas are refused by name', async () => {
    await using server = await startRedis()
    await told(server, 'ACL', 'SETUSER', 'default', '-wait')
    const client = await connect(server.url)
    await expect(client.queue('q').send('x', { durability: { replicas: 1 } })).rejects.toMatchObject({
      code: 'DurabilityUnavailable',
      message: expect.stringContaining('WAIT'),
    })
    await client.close()
  })

  test('whose memory is full: a completion is confirmed, a send refused', async () => {
    await using server = await startRedis({ config: ALWAYS })
    const client = await connect(server.url)
    const queue = client.queue('q', { durability: 'fsync' })
    await queue.send('x')
    const [message] = await queue.receive()
    await told(server, 'CONFIG', 'SET', 'maxmemory', '1')
    await expect(queue.send('y')).rejects.toMatchObject({ code: 'OutOfMemory' })
    await message?.complete()
    await client.close()
  })
})

describe.skipIf(!binary)('a server with WAITAOF', () => {
  const start = (config: Record<string, string>) => startRedis({ config, ...(binary && { binary }) })

  test('what was answered is there after a kill, many sends to one wait', async () => {
    await using server = await start({ appendonly: 'yes', appendfsync: 'everysec' })
    await survives(server)
    const redis = new Redis(server.url)
    const waits = await calls(redis, 'waitaof')
    expect(waits).toBeGreaterThan(0)
    expect(waits).toBeLessThan(100)
    redis.disconnect()
  })

  test('without an append-only file: refused by name', async () => {
    await using server = await start({})
    const client = await connect(server.url)
    await expect(client.queue('q').send('x', { durability: 'fsync' })).rejects.toMatchObject({
      code: 'DurabilityUnavailable',
      message: expect.stringContaining('`appendonly yes`'),
    })
    await client.close()
  })

  test('a user who may not call it is told so; one by a rule with `fsync` waits for the disk', async () => {
    await using server = await start({ appendonly: 'yes' })
    const owner = await connect(server.url)
    await owner.queue('q').stats()
    await owner.close()
    for (const fsync of [false, true]) {
      const name = fsync ? 'durable' : 'plain'
      await told(server, 'ACL', 'SETUSER', name, 'on', '>secret', ...acl({ queue: 'q', role: 'producer', fsync }))
      const client = await connect(`redis://${name}:secret@${server.host}:${server.port}`)
      const sent = client.queue('q').send('x', { durability: 'fsync' })
      if (fsync) expect(await sent).toHaveProperty('id')
      else
        await expect(sent).rejects.toMatchObject({
          code: 'DurabilityUnavailable',
          message: expect.stringMatching(/^this user can call neither WAITAOF/),
        })
      await client.close()
    }
  })

  test('whose memory is full: a repeated completion is confirmed, too', async () => {
    await using server = await start({ appendonly: 'yes' })
    const client = await connect(server.url)
    const queue = client.queue('q', { durability: 'fsync' })
    await queue.send('x')
    const [message] = await queue.receive()
    await told(server, 'CONFIG', 'SET', 'maxmemory', '1')
    await message?.complete()
    await message?.complete()
    await client.close()
  })

  test('disk and replicas: both are waited for', async () => {
    await using server = await start({ appendonly: 'yes' })
    const client = await connect(server.url)
    const queue = client.queue('q')
    const both = { fsync: true, replicas: 1 }
    await expect(queue.send('x', { durability: both, timeout: 500 })).rejects.toMatchObject({ code: 'NotDurable' })
    await using replica = await startRedis({
      config: { replicaof: `${server.host} ${server.port}` },
      ...(binary && { binary }),
    })
    expect(replica.port).toBeGreaterThan(0)
    expect(await queue.send('x', { durability: both, timeout: '20s' })).toHaveProperty('id')
    await client.close()
  })
})
