// One Redis and one cluster for the whole run; test files keep apart by namespace.
import type { TestProject } from 'vitest/node'
import { startCluster } from './cluster.ts'
import { startRedis } from './servers.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    redis: string
    cluster: Array<{ host: string; port: number }>
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [redis, cluster] = await Promise.all([startRedis(), startCluster()])
  project.provide('redis', redis.url)
  project.provide('cluster', cluster.nodes)
  return async () => void (await Promise.all([redis.stop(), cluster.stop()]))
}
