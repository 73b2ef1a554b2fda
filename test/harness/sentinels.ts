// Sentinels that watch a master and its replicas, and let one of these take over soon.
import { Redis } from 'ioredis'
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
const often = ['INFO-PERIOD', '1000', 'PUBLISH-PERIOD', '500'] // ms

/** Where the sentinels find the servers: a server, or a proxy in front of it that the server announces. */
interface Watched {
  master: { host: string; port: number }
  replicas: unknown[]
}

/** `config` beside theirs, such as `{ 'sentinel auth-pass boomerang': 'secret' }`. */
export async function startSentinels(
  { master, replicas }: Watched,
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
  const asked = servers.map(({ url }) => new Redis(url, { retryStrategy: () => 50, ...(password && { password }) }))
  for (const one of asked) one.on('error', () => {})
  const ask = asked[0] as Redis
  const stop = async () => {
    for (const one of asked) one.disconnect()
    await Promise.all(servers.map((server) => server.stop()))
  }
  // They look and tell often, so that a server that returns is not left alone for long; Redis before 7 cannot be told to.
  await Promise.all(asked.map((one) => one.call('SENTINEL', 'DEBUG', ...often).catch(() => {})))
  // A failover needs that they know the replicas, and one another.
  for (const one of asked) {
    await known(one, 'REPLICAS', replicas.length)
    await known(one, 'SENTINELS', count - 1)
  }
  return {
    servers,
    where: { sentinels: servers.map(({ host, port }) => ({ host, port })), name },
    master: async () => Number(((await ask.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name)) as [string, string])[1]),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

async function known(sentinel: Redis, what: 'REPLICAS' | 'SENTINELS', count: number): Promise<void> {
  for (let round = 0; round < 600; round++) {
    if (((await sentinel.call('SENTINEL', what, name)) as unknown[]).length >= count) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`a sentinel did not find ${count} ${what.toLowerCase()} within 30 s`)
}
