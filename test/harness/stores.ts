// What a test connects to: the servers that the whole run shares, or the embedded store.
import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'

/** A namespace that nobody else uses. */
export function namespace(): string {
  return `t${randomBytes(6).toString('hex')}`
}

export const redisUrl = (): string => inject('redis')
/** '' where there is no Valkey. */
export const valkeyUrl = (): string => inject('valkey')
export const clusterNodes = (): Array<{ host: string; port: number }> => inject('cluster')

/** For `describe.each(stores)`: the same sentences over each store. `where()` is what `connect` takes. */
export const stores = [
  { store: 'redis', where: redisUrl },
  { store: 'valkey', where: valkeyUrl },
  { store: 'cluster', where: () => ({ nodes: clusterNodes() }) },
  { store: 'memory', where: () => 'memory:' },
] as const
