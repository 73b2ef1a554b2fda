// One Redis, one cluster and, where there is one, a Valkey for the whole run; test files keep apart by namespace.
import type { TestProject } from 'vitest/node'
import { startCluster } from './cluster.ts'
import { valkeyBinary } from './server-binary.ts'
import { startRedis } from './servers.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    redis: string
    cluster: Array<{ host: string; port: number }>
    /** '' where there is none. */
    valkey: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const binary = valkeyBinary()
  if (!binary) console.log('No valkey-server was found: what is said of each server is said of Redis alone.')
  const started = [startRedis(), startCluster(), binary ? startRedis({ binary }) : undefined] as const
  const [redis, cluster, valkey] = await Promise.all(started)
  project.provide('redis', redis.url)
  project.provide('cluster', cluster.nodes)
  project.provide('valkey', valkey?.url ?? '')
  return async () => void (await Promise.all([redis.stop(), cluster.stop(), valkey?.stop()]))
}
