// A master with replicas that are in step with it.
import { Redis } from 'ioredis'
import { type RedisOptions, type RedisServer, startRedis } from './servers.ts'

export interface Replicated extends AsyncDisposable {
  master: RedisServer
  replicas: RedisServer[]
  /** To the master, for the test itself. */
  observer: Redis
  stop(): Promise<void>
}

/** At once when a replica asks, not after the usual 5 s. */
const promptly = { 'repl-diskless-sync-delay': '0', 'repl-ping-replica-period': '1' }

export async function startReplicated(
  replicas: number,
  { binary, config, password }: Pick<RedisOptions, 'binary' | 'config'> & { password?: string } = {},
): Promise<Replicated> {
  const own = { ...(binary !== undefined && { binary }) }
  const master = await startRedis({ ...own, config: { ...promptly, ...config } })
  const following = { ...promptly, ...config, replicaof: `${master.host} ${master.port}` }
  const started = await Promise.all(Array.from({ length: replicas }, () => startRedis({ ...own, config: following })))
  const observer = new Redis(master.url, { retryStrategy: () => 50, ...(password && { password }) })
  observer.on('error', () => {})
  const stop = async () => {
    observer.disconnect()
    await Promise.all([master, ...started].map((server) => server.stop()))
  }
  try {
    await online(observer, replicas)
  } catch (error) {
    await stop()
    throw error
  }
  return { master, replicas: started, observer, stop, [Symbol.asyncDispose]: stop }
}

/** Are so many replicas in step with it? */
export async function inStep(master: Redis, replicas: number): Promise<boolean> {
  const text = String(await master.info('replication'))
  return (text.match(/state=online/g) ?? []).length >= replicas
}

/** Waits until so many replicas are in step. */
export async function online(master: Redis, replicas: number): Promise<void> {
  for (let round = 0; round < 600; round++) {
    if (await inStep(master, replicas)) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`${replicas} replicas did not come up within 30 s`)
}

/** How often a command was called since the last `CONFIG RESETSTAT`. */
export async function calls(redis: Redis, command: string): Promise<number> {
  const text = String(await redis.info('commandstats'))
  return Number(new RegExp(`^cmdstat_${command}:calls=(\\d+)`, 'm').exec(text)?.[1] ?? 0)
}
