// Sentinels: connecting by them, and what a failover leaves of what was answered at its level.
import { Redis, SentinelConnector } from 'ioredis'
import { expect, test } from 'vitest'
import { connect, Worker } from '../../lib/index.ts'
import { startProxy } from '../harness/proxy.ts'
import { online, startReplicated } from '../harness/replicated.ts'
import { startSentinels } from '../harness/sentinels.ts'

test('a killed master: sends, completions and workers go on with the next, and nothing that was answered is lost', async () => {
  await using servers = await startReplicated(1)
  await using sentinels = await startSentinels(servers, 3)
  const client = await connect(sentinels.where, { timeout: '40s' })
  const queue = client.queue<number>('q', { durability: { replicas: 1 }, visibility: '1h' })
  const seen = new Set<number>()
  const completed: number[] = []
  const worker = new Worker(
    queue,
    ({ body }) => {
      if (body % 2 === 0) seen.add(body)
      else throw new Error('stays')
    },
    // The new master has no replica: what it completes it cannot confirm at the level of the queue.
    { durability: 'memory', concurrency: 10, backoff: () => '1h' },
  )
  worker.on('error', () => {})
  worker.on('completed', ({ message }) => void completed.push(message.body))
  const answered = new Set<string>()
  let failed = 0
  const send = async (i: number, timeout: number) => {
    const sent = await queue.send(i, { timeout }).catch((error) => error)
    if (sent instanceof Error) failed++
    else answered.add(sent.id)
  }
  for (let i = 0; i < 200; i++) await send(i, 20_000)
  expect(answered.size).toBe(200)
  const more = Promise.all(Array.from({ length: 100 }, (_, i) => send(1_000 + i, 3_000)))
  await servers.master.kill('SIGKILL')
  await more
  const port = servers.replicas[0]?.port
  await expect.poll(() => sentinels.master(), { timeout: 30_000 }).toBe(port)

  // The level cannot be reached now, and is not reported; memory can.
  await expect(queue.send(2_000, { timeout: 1_500 })).rejects.toMatchObject({ code: /NotDurable|Timeout/ })
  expect(await queue.send(2_001, { durability: 'memory' })).toHaveProperty('id')
  const found = new Set<string>()
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await queue.peek({ limit: 500, ...(cursor && { cursor }) })
    for (const { id } of page.messages) found.add(id)
    cursor = page.cursor
  }
  expect([...answered].filter((id) => !found.has(id))).toEqual([])
  expect(answered.size + failed).toBe(300)

  await worker.start()
  await expect.poll(() => completed.filter((body) => body < 200).length).toBe(100)
  await worker.stop()

  // The old master comes back as a replica: the level holds again.
  await servers.master.start()
  const next = new Redis(servers.replicas[0]?.url ?? '')
  await online(next, 1)
  next.disconnect()
  expect(await queue.send(3_000)).toHaveProperty('id')
  await client.close()
}, 120_000)

test('a master that stood still and is a replica now: nothing more goes to it', async () => {
  await using servers = await startReplicated(1)
  await using sentinels = await startSentinels(servers)
  const client = await connect(sentinels.where, { timeout: '40s' })
  const queue = client.queue<string>('q')
  await queue.send('x', { durability: { replicas: 1 } })
  await servers.master.kill('SIGSTOP')
  const port = servers.replicas[0]?.port
  await expect.poll(() => sentinels.master(), { timeout: 30_000 }).toBe(port)
  await servers.master.kill('SIGCONT')
  const next = new Redis(servers.replicas[0]?.url ?? '')
  await expect.poll(async () => /state=online/.test(await next.info('replication')), { timeout: 30_000 }).toBe(true)
  await queue.send('y', { durability: { replicas: 1 } })
  await queue.send('z')
  expect(await queue.stats()).toMatchObject({ ready: 3 })
  const there = (await next.keys('*:messages')).length
  expect(there).toBe(1)
  next.disconnect()
  await client.close()
}, 120_000)

// Found by `npm run chaos -- --only sentinel-failover --seed 871055070`.
test('a new master is told of while the sentinels are asked which one it is: the connection is begun anew', async () => {
  await using servers = await startReplicated(1)
  await using sentinels = await startSentinels(servers)
  const client = await connect(sentinels.where)
  const queue = client.queue<string>('q', { durability: { replicas: 1 } })
  await queue.send('x')
  const received: string[] = []
  const worker = new Worker(queue, ({ body }) => void received.push(body), { durability: 'memory' })
  await worker.start()
  await expect.poll(() => received).toEqual(['x'])
  // What ioredis does at the news; at that moment it ends the connection for good, each of them.
  const news = SentinelConnector.prototype as { connect(...args: unknown[]): Promise<unknown>; disconnect(): void }
  const ask = news.connect
  const interrupted = new Set<unknown>()
  news.connect = function (...args) {
    const stream = ask.apply(this, args)
    if (!interrupted.has(this)) this.disconnect()
    interrupted.add(this)
    return stream
  }
  try {
    const killed = await servers.observer.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    const subscribed = await servers.observer.client('KILL', 'TYPE', 'pubsub')
    await expect.poll(() => interrupted.size).toBeGreaterThanOrEqual(3)
    expect(Number(killed) + Number(subscribed)).toBeGreaterThanOrEqual(3)
    await queue.send('y', { timeout: '20s' })
    await queue.send('z', { durability: 'memory', timeout: '20s' })
    await expect.poll(() => received.length, { timeout: 20_000 }).toBe(3)
  } finally {
    news.connect = ask
  }
  await worker.stop()
  await client.close()
}, 60_000)

test('a sentinel that is there and does not answer: the next one is asked', async () => {
  await using servers = await startReplicated(1)
  await using sentinels = await startSentinels(servers)
  const sentinel = sentinels.servers[0] as { url: string }
  await using silent = await startProxy(sentinel.url)
  silent.pause()
  const list = [{ host: silent.host, port: silent.port }, ...sentinels.where.sentinels]
  const client = await connect({ ...sentinels.where, sentinels: list }, { timeout: '20s' })
  await client.queue('q').send('x')
  await client.close()
}, 60_000)

test('passwords and users of the servers and of the sentinels', async () => {
  const secret = { requirepass: 'secret', masterauth: 'secret', user: 'jobs on >word ~* &* +@all' }
  await using servers = await startReplicated(1, { config: secret, password: 'secret' })
  await using sentinels = await startSentinels(servers, 1, {
    'sentinel auth-pass boomerang': 'secret',
    requirepass: 'watch',
  })
  const where = { ...sentinels.where, sentinelPassword: 'watch', username: 'jobs', password: 'word' }
  const client = await connect(where)
  expect(await client.queue('q').send('x', { durability: { replicas: 1 } })).toHaveProperty('id')
  const [message] = await client.queue('q').receive({ wait: '1s' })
  await message?.complete()
  await client.close()
  await expect(connect({ ...where, password: 'wrong' }, { timeout: 2_000 })).rejects.toMatchObject({
    code: 'CannotConnect',
    message: expect.stringContaining('WRONGPASS'),
  })
  await expect(connect({ ...where, name: 'other' }, { timeout: 1_000 })).rejects.toMatchObject({
    code: 'CannotConnect',
    message: expect.stringMatching(/sentinels of other.*No such master/),
  })
}, 60_000)

test('what is missing is named', async () => {
  const refused = (message: RegExp) => ({ code: 'InvalidOption', message: expect.stringMatching(message) })
  const sentinels = [{ host: '127.0.0.1', port: 1 }]
  await expect(connect({ sentinels })).rejects.toMatchObject(refused(/`name`/))
  await expect(connect({ sentinels: [], name: 'x' })).rejects.toMatchObject(refused(/`sentinels` must be a list/))
  await expect(connect({ nodes: [] })).rejects.toMatchObject(refused(/`nodes` must be a list/))
  await expect(connect({ nodes: [{ port: 1 }], sentinels })).rejects.toMatchObject(refused(/a cluster has no/))
})
