// The harness keeps its own promises: what it starts works, and goes away.
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createConnection } from 'node:net'
import { Cluster, Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { keysOf } from './keys.ts'
import { startProgram } from './programs.ts'
import { startProxy } from './proxy.ts'
import { startRedis } from './servers.ts'
import { clusterNodes, namespace, redisUrl } from './stores.ts'

describe('a server', () => {
  test('keeps what it wrote to its append-only file through a kill and a restart', async () => {
    await using server = await startRedis({ config: { appendonly: 'yes', appendfsync: 'always' } })
    const client = new Redis(server.url)
    client.on('error', () => {})
    await client.set('key', 'value')
    const before = server.pid
    await server.kill('SIGKILL')
    await server.restart()
    expect(await client.get('key')).toBe('value')
    expect(server.pid).not.toBe(before)
    client.disconnect()
  })

  test('leaves no process and no directory when it is stopped', async () => {
    const server = await startRedis()
    const { pid, dir } = server
    await server.stop()
    expect(existsSync(dir)).toBe(false)
    expect(isRunning(pid)).toBe(false)
  })

  test('dies with the process that started it', async () => {
    await using program = startProgram(import.meta.resolve('./starts-a-server.ts'))
    const { pid, dir } = JSON.parse(await program.line('{'))
    program.kill('SIGKILL')
    await expect.poll(() => isRunning(pid)).toBe(false)
    await expect.poll(() => existsSync(dir)).toBe(false)
  })
})

test('the shared cluster takes keys of all its nodes', async () => {
  const cluster = new Cluster(clusterNodes())
  const keys = Array.from({ length: 50 }, (_, index) => `harness-${index}`)
  for (const key of keys) expect(await cluster.set(key, '1', 'EX', 60)).toBe('OK')
  expect(cluster.nodes('master')).toHaveLength(3)
  cluster.disconnect()
})

test('the keys of a namespace are found on all shared servers', async () => {
  const mine = namespace()
  const names = ['a', 'b', 'c', 'd'].map((name) => `boomerang:{${mine}/${name}}:meta`)
  const cluster = new Cluster(clusterNodes())
  const redis = new Redis(redisUrl())
  await redis.set('boomerang:{other/queue}:meta', '1', 'EX', 60)
  await redis.set(names[0] ?? '', '1')
  for (const name of names.slice(1)) await cluster.set(name, '1')
  expect(await keysOf(mine)).toEqual(names)
  await redis.del(names[0] ?? '')
  for (const name of names.slice(1)) await cluster.del(name)
  expect(await keysOf(mine)).toEqual([])
  cluster.disconnect()
  redis.disconnect()
})

describe('a network proxy', () => {
  test('holds traffic back while it is paused', async () => {
    await using proxy = await startProxy(redisUrl())
    const client = new Redis(proxy.url)
    await client.ping()
    proxy.pause()
    let answered = false
    const answer = client.ping().then(() => {
      answered = true
    })
    await new Redis(redisUrl()).quit()
    expect(answered).toBe(false)
    proxy.resume()
    await answer
    client.disconnect()
  })

  test('loses replies of commands that took effect', async () => {
    await using proxy = await startProxy(redisUrl())
    const client = new Redis(proxy.url, { retryStrategy: () => null, maxRetriesPerRequest: 0 })
    client.on('error', () => {})
    await client.ping()
    proxy.loseReplies = true
    const reply = client.set('harness-lost', 'written', 'EX', 60)
    reply.catch(() => {})
    const direct = new Redis(redisUrl())
    await expect.poll(() => direct.get('harness-lost')).toBe('written')
    proxy.cut()
    await expect(reply).rejects.toThrow()
    direct.disconnect()
  })

  test('cuts and refuses connections', async () => {
    await using proxy = await startProxy(redisUrl())
    const client = new Redis(proxy.url, { retryStrategy: () => null })
    client.on('error', () => {})
    await client.ping()
    proxy.refuse = true
    proxy.cut()
    await expect.poll(() => client.status).toBe('end')
    await expect(client.connect()).rejects.toThrow()
    expect(proxy.connections).toBe(0)
  })

  test('leaves connections half open, until they are broken', async () => {
    await using proxy = await startProxy(redisUrl())
    const client = new Redis(proxy.url, { retryStrategy: () => null, disconnectTimeout: 3_600_000 })
    client.on('error', () => {})
    await client.ping()
    proxy.silence()
    const reply = client.ping()
    reply.catch(() => {})
    client.disconnect()
    const other = new Redis(proxy.url)
    await other.ping()
    // Whoever ends is not answered.
    expect(client.status).toBe('ready')
    proxy.breakSilent()
    await expect.poll(() => client.status).toBe('end')
    await expect(reply).rejects.toThrow()
    expect(await other.ping()).toBe('PONG')
    other.disconnect()
  })

  test('breaks a connection in the middle of a reply', async () => {
    await using proxy = await startProxy(redisUrl())
    const socket = createConnection({ host: proxy.host, port: proxy.port })
    let heard = ''
    socket.on('data', (chunk) => (heard += chunk))
    socket.write('PING\r\n')
    await expect.poll(() => heard).toBe('+PONG\r\n')
    proxy.tear()
    socket.write('PING\r\n')
    await once(socket, 'close')
    expect(heard).toBe('+PONG\r\n+PO')
  })
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
