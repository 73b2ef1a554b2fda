// What a namespace holds in Redis, on each node of a cluster. For open connections see `connections` of a proxy.
import { Redis } from 'ioredis'
import { clusterNodes, redisUrl } from './stores.ts'

/** All keys of a namespace on the shared servers, sorted. */
export async function keysOf(namespace: string): Promise<string[]> {
  const urls = [redisUrl(), ...clusterNodes().map(({ host, port }) => `redis://${host}:${port}`)]
  const found = await Promise.all(urls.map((url) => keysOn(url, `boomerang:{${namespace}/*`)))
  return found.flat().sort()
}

async function keysOn(url: string, pattern: string): Promise<string[]> {
  const client = new Redis(url)
  try {
    const pages = await client.scanStream({ match: pattern, count: 1000 }).toArray()
    return pages.flat()
  } finally {
    client.disconnect()
  }
}
