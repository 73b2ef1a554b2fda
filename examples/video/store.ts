// Where the queue lives: the Redis of REDIS_URL, else a private one for this run, else the memory of this process.

import { type Client, connect } from 'boomerang-mq'
import { startPrivateRedis } from './private-redis.ts'

export interface Store extends AsyncDisposable {
  description: string
  url: string
  /** Other processes can reach it. */
  shared: boolean
  client: Client
}

export async function openStore(namespace: string): Promise<Store> {
  const { REDIS_URL } = process.env
  if (REDIS_URL) return open(REDIS_URL, `the Redis of REDIS_URL, ${withoutPassword(REDIS_URL)}`, namespace)
  const redis = await startPrivateRedis()
  if (redis) return open(redis.url, `a private ${redis.description}, for this run only`, namespace, redis.stop)
  return open(
    `memory:${namespace}`,
    'the memory of this process (no redis-server or valkey-server is installed)',
    namespace,
  )
}

async function open(url: string, description: string, namespace: string, stop?: () => Promise<void>): Promise<Store> {
  try {
    const client = await connect(url, { namespace, timeout: '3s', deleteWindow: 0 })
    const close = async () => {
      await client.queues.remove('videos').catch(() => {}) // a Redis that stays is left as it was found
      await client.close()
      await stop?.()
    }
    return { description, url, shared: !url.startsWith('memory:'), client, [Symbol.asyncDispose]: close }
  } catch (error) {
    await stop?.()
    throw new Error(`The store is ${description}, but: ${(error as Error).message}.`, { cause: error })
  }
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//')
}
