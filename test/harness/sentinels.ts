// Sentinels that watch a master and its replicas, and let one of these take over soon.
import { Redis } from 'ioredis'
import type { Replicated } from './replicated.ts'
import { type RedisServer, startRedis } from './servers.ts'

export interface Sentinels extends AsyncDisposable {
  servers: RedisServer[]
  /** What `connect` takes. */
  where: { sentinels: Array<{ host: string; port: number }>; name: string }
  /** The port of the master, as they say. */
  master(): Promise<number>
  stop(): Promise<void>
}

const name = 'boomerang'

/** `config` beside theirs, such as `{ 'sentinel auth-pass boomerang': 'secret' }`. */
export async function startSentinels(
  { master, replicas }: Replicated,
  count = 1,
  config: Record<string, string> = {},
): Promise<Sentinels> {
  const watched = {
    [`sentinel monitor ${name}`]: `${master.host} ${master.port} ${Math.ceil((count + 1) / 2)}`,
    [`sentinel down-after-milliseconds ${name}`]: '500',
    [`sentinel failover-timeout ${name}`]: '3000',
  }
  const servers = await Promise.all(
    Array.from({ length: count }, () => startRedis({ sentinel: true, config: { ...watched, ...config } })),
  )
  const password = config['requirepass']
  const ask = new Redis(servers[0]?.url ?? '', { retryStrategy: () => 50, ...(password && { password }) })
  ask.on('error', () => {})
  const stop = async () => {
    ask.disconnect()
    await Promise.all(servers.map((server) => server.stop()))
  }
  // A failover needs that they know the replicas.
  for (let round = 0; ; round++) {
    const known = (await ask.call('SENTINEL', 'REPLICAS', name)) as unknown[]
    if (known.length >= replicas.length) break
    if (round === 600) throw new Error('the sentinel did not find the replicas within 30 s')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    servers,
    where: { sentinels: servers.map(({ host, port }) => ({ host, port })), name },
    master: async () => Number(((await ask.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name)) as [string, string])[1]),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
