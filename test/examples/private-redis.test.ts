import { readdirSync } from 'node:fs'
import { Redis } from 'ioredis'
import { afterEach, expect, test, vi } from 'vitest'
import { startPrivateRedis } from '../../examples/video/private-redis.ts'
import { temporaryDirectory } from '../harness/temporary.ts'

afterEach(() => vi.unstubAllEnvs())

test('it answers, and is gone with its directory when it is stopped', async () => {
  using directory = temporaryDirectory()
  vi.stubEnv('TMPDIR', directory.path)
  const server = await startPrivateRedis()
  if (!server) throw new Error('no redis-server or valkey-server is installed')
  const redis = new Redis(server.url, { lazyConnect: true, retryStrategy: () => null })
  redis.on('error', () => {})
  await redis.connect()
  expect(await redis.config('GET', 'save')).toEqual(['save', ''])
  redis.disconnect()
  await server.stop()
  expect(readdirSync(directory.path)).toEqual([])
  await expect(redis.connect()).rejects.toThrow()
})

test('where no server is installed there is none', async () => {
  using nothing = temporaryDirectory()
  vi.stubEnv('PATH', nothing.path)
  expect(await startPrivateRedis()).toBeUndefined()
})
