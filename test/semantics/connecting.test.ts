// Connecting and closing: what is refused, and that nothing stays behind.
import { Cluster, Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, connect, type Queue, Worker } from '../../lib/index.ts'
import { startProgram } from '../harness/programs.ts'
import { startProxy } from '../harness/proxy.ts'
import { type RedisServer, startRedis } from '../harness/servers.ts'
import { clusterNodes, namespace, redisUrl } from '../harness/stores.ts'
import { refusal } from './world.ts'

let server: RedisServer
let observer: Redis

beforeAll(async () => {
  server = await startRedis()
  observer = new Redis(server.url)
})

afterAll(async () => {
  observer.disconnect()
  await server.stop()
})

/** Connections of others than the observer. */
const connections = async () =>
  String(await observer.client('LIST'))
    .trim()
    .split('\n').length - 1
const settings = async (name: string, value: string) => void (await observer.config('SET', name, value))

/** Timers and sockets that are open now and were not then. */
function extra(before: string[]): string[] {
  const known = [...before]
  return process.getActiveResourcesInfo().filter((one) => {
    const at = known.indexOf(one)
    if (at >= 0) known.splice(at, 1)
    return at < 0
  })
}

/** Uses all that opens a connection or sets a timer. */
async function live(client: Client): Promise<void> {
  const queue = client.queue('life', { partitions: 2 }) as Queue
  await queue.sendMany(Array.from({ length: 20 }, (_, body) => ({ body })))
  await queue.receive({ wait: 10 })
  const { id } = (await queue.send('x', { delay: '1h' })) as { id: string }
  await queue.result(id, { timeout: 10 }).catch(() => {})
  const worker = new Worker(queue, () => 1, { concurrency: 5 })
  const idle = new Promise<void>((resolve) => worker.once('idle', resolve))
  await worker.start()
  await idle
  await worker.stop()
}

describe('close', () => {
  test('leaves no connection, no timer and no wait', async () => {
    expect(await connections()).toBe(0)
    const before = process.getActiveResourcesInfo()
    const client = await connect(server.url)
    await live(client)
    expect(await connections()).toBe(2)
    const waiting = (client.queue('empty') as Queue).receive({ wait: '1h' })
    waiting.catch(() => {})
    await client.close()
    await expect(waiting).rejects.toMatchObject({ code: 'Closed' })
    await expect.poll(connections).toBe(0)
    await expect.poll(() => extra(before)).toEqual([])
  })

  test('can be called twice, and by the end of a scope', async () => {
    {
      await using client = await connect(server.url)
      await client.queue('q').stats()
      await client.close()
    }
    await expect.poll(connections).toBe(0)
  })

  test('refuses what is called afterwards', async () => {
    const client = await connect(server.url)
    const [used, fresh] = [client.queue('used') as Queue, client.queue('fresh') as Queue]
    await used.send('x')
    const [message] = await used.receive()
    await client.close()
    const calls: Record<string, Promise<unknown>> = {
      send: used.send('y'),
      'send, unopened': fresh.send('y'),
      receive: used.receive(),
      stats: used.stats(),
      purge: used.purge(),
      complete: message?.complete() as Promise<void>,
      list: client.queues.list(),
    }
    const outcomes = await Promise.all(
      Object.entries(calls).map(async ([name, call]) => [name, (await refusal(call)).code]),
    )
    expect(outcomes).toEqual(Object.keys(calls).map((name) => [name, 'Closed']))
  })

  test('ends calls that have no answer yet, each with what is known', async () => {
    await using proxy = await startProxy(server.url)
    const client = await connect(proxy.url)
    const queue = client.queue('hangs') as Queue
    await queue.send('x')
    const [message] = await queue.receive()
    proxy.pause()
    const calls = [queue.send('y'), queue.stats(), queue.receive(), message?.complete() as Promise<void>].map((call) =>
      refusal(call),
    )
    await new Promise((resolve) => setImmediate(resolve))
    await client.close()
    const errors = await Promise.all(calls)
    expect(errors.map(({ code }) => code)).toEqual(['Closed', 'Closed', 'Closed', 'Closed'])
    expect(errors[0]).toMatchObject({ id: expect.stringMatching(/^[0-9a-f-]{36}$/) })
  })

  for (const store of ['redis', 'memory'] as const) {
    test(`lets a program end by itself (${store})`, { timeout: 40_000 }, async () => {
      const where = store === 'memory' ? 'memory:' : server.url
      await using program = startProgram(import.meta.resolve('./whole-life.ts'), { args: [where] })
      await program.line('closed')
      expect(await program.ended).toEqual({ code: 0, signal: null })
    })
  }
})

describe('connect', () => {
  test('takes a URL, options, nodes, and connections of others, which stay theirs', async () => {
    const own = new Redis(redisUrl())
    const cluster = new Cluster(clusterNodes())
    const { hostname, port } = new URL(redisUrl())
    const places = [redisUrl(), { host: hostname, port: Number(port) }, { nodes: clusterNodes() }, own, cluster]
    for (const where of places) {
      const client = await connect(where, { namespace: namespace() })
      expect((await client.queue('q').send('x')).id).toBeDefined()
      await client.queues.remove('q')
      await client.close()
    }
    expect([await own.ping(), await cluster.ping()]).toEqual(['PONG', 'PONG'])
    own.disconnect()
    cluster.disconnect()
  })

  test('keeps namespaces apart', async () => {
    const [one, other] = await Promise.all([
      connect(server.url, { namespace: 'one' }),
      connect(server.url, { namespace: 'other' }),
    ])
    await one.queue('q').send('x')
    expect((await other.queue('q').stats()).ready).toBe(0)
    await Promise.all([one.close(), other.close()])
  })

  test('refuses a server that is not there, and leaves nothing', async () => {
    const before = process.getActiveResourcesInfo()
    const error = await refusal(connect('redis://127.0.0.1:1', { timeout: 300 }))
    expect(error).toMatchObject({ code: 'CannotConnect', message: expect.stringContaining('127.0.0.1:1') })
    await expect.poll(() => extra(before)).toEqual([])
  })

  test('pings no server that stands still', async () => {
    const own = await startRedis()
    const client = await connect(own.url)
    await own.kill('SIGSTOP')
    expect((await refusal(client.ping({ timeout: 100 }))).code).toBe('Timeout')
    await own.kill('SIGCONT')
    expect(await client.ping()).toBeGreaterThan(0)
    await own.kill('SIGKILL')
    expect((await refusal(client.ping({ timeout: 100 }))).code).toBe('Timeout')
    await client.close()
    await own.stop()
  })

  test('refuses a server that evicts keys, unless that is accepted', async () => {
    await settings('maxmemory-policy', 'allkeys-lru')
    const error = await refusal(connect(server.url))
    expect(error).toMatchObject({ code: 'EvictionPolicy', message: expect.stringContaining('noeviction') })
    const client = await connect(server.url, { allowEviction: true })
    await client.close()
    await settings('maxmemory-policy', 'noeviction')
    await expect.poll(connections).toBe(0)
  })

  const refused: Record<string, [code: string, where: unknown, options?: object]> = {
    'another scheme': ['InvalidOption', 'http://localhost:6379'],
    'a key prefix': ['InvalidOption', { host: '127.0.0.1', keyPrefix: 'a:' }],
    nothing: ['InvalidOption', null],
    'a bad namespace': ['InvalidName', 'memory:', { namespace: 'a{b}' }],
    'a bad timeout': ['InvalidDuration', 'memory:', { timeout: '10' }],
    'too short a timeout': ['InvalidDuration', 'memory:', { timeout: 5 }],
    'a bad maxPending': ['InvalidOption', 'memory:', { maxPending: '5 MiB' }],
    'an option that there is not': ['UnknownOption', 'memory:', { nameSpace: 'a' }],
  }
  for (const [is, [code, where, options]] of Object.entries(refused)) {
    test(`refuses ${is}`, async () => {
      expect((await refusal(connect(where as string, options))).code).toBe(code)
    })
  }

  test('refuses a queue that a newer release has written', async () => {
    const client = await connect(server.url)
    await client.queue('newer').stats()
    await observer.hset('boomerang:{default/newer:0}:meta', 'schema', 99)
    const error = await refusal(client.queue('newer').send('x'))
    expect(error).toMatchObject({ code: 'SchemaTooNew', message: expect.stringContaining('99') })
    await client.close()
  })
})
