// One Redis, reached through a proxy that can fail.
import { Redis } from 'ioredis'
import { type NetworkProxy, startProxy } from '../../test/harness/proxy.ts'
import { type RedisServer, startRedis } from '../../test/harness/servers.ts'
import type { Stage } from '../scenario.ts'

export interface Single extends Stage {
  server: RedisServer
  proxy: NetworkProxy
  /** Past the proxy: for what Redis itself is told to do. */
  direct: Redis
}

/** `config` as in redis.conf; what is not said there is kept in memory only. `valkey`: the program of that server. */
export async function single(config: Record<string, string> = {}, valkey?: string): Promise<Single> {
  const server = await startRedis({ config, ...(valkey !== undefined && { binary: valkey }) })
  const proxy = await startProxy(server.url)
  const direct = new Redis(server.url)
  direct.on('error', () => {})
  const settings = Object.entries(config).map(([name, value]) => `, ${name} ${value}`)
  return {
    title: `one ${valkey === undefined ? 'Redis' : `Valkey ${await versionOf(direct)}`}${settings.join('')}`,
    server,
    proxy,
    direct,
    where: proxy.url,
    safe: server.url,
    async heal() {
      Object.assign(proxy, { refuse: false, loseReplies: false, delay: 0 })
      proxy.resume()
      proxy.breakSilent()
      if (!server.running) await server.start()
      await server.kill('SIGCONT')
    },
    async [Symbol.asyncDispose]() {
      direct.disconnect()
      await proxy.stop()
      await server.stop()
    },
  }
}

const versionOf = async (valkey: Redis) => /valkey_version:(\S+)/.exec(await valkey.info('server'))?.[1] ?? ''
