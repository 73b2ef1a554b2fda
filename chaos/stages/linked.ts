// A master and its replicas, each reached by all other servers over a link of its own: a proxy, whose address it announces.
// Clients reach them past the links. So a server can be cut off from the others while clients still write to it.
import { Redis } from 'ioredis'
import { freePort } from '../../test/harness/ports.ts'
import { type NetworkProxy, startProxy } from '../../test/harness/proxy.ts'
import { online } from '../../test/harness/replicated.ts'
import { type RedisServer, startRedis } from '../../test/harness/servers.ts'

/** From where a server connects to the others, so that a link can tell it from them. */
const from = (server: number) => `127.0.0.${2 + server}`

export interface Linked extends AsyncDisposable {
  servers: RedisServer[]
  links: NetworkProxy[]
  /** What clients make of the addresses that servers announce. */
  natMap: Record<string, { host: string; port: number }>
  /** Nobody reaches it any more but those who do not use its link, and the other server, where one is given, which is cut off with it. */
  cutOff(server: number, other?: number): void
  /** All links work. */
  join(): void
}

const promptly = { 'repl-diskless-sync-delay': '0', 'repl-ping-replica-period': '1' }

/** The first is the master. What goes over a link takes so many ms. */
export async function linked(replicas: number, delay: number, config: Record<string, string> = {}): Promise<Linked> {
  const all = await Promise.all(
    Array.from({ length: 1 + replicas }, (_, i) =>
      behindLink({ ...promptly, ...config, ...(replicas > 1 && { 'bind-source-addr': from(i) }) }),
    ),
  )
  const servers = all.map(({ server }) => server)
  const links = all.map(({ link }) => link)
  const [first] = links as [NetworkProxy]
  for (const server of servers.slice(1)) await told(server, (redis) => redis.replicaof(first.host, first.port))
  await told(servers[0] as RedisServer, (redis) => online(redis, replicas))
  for (const link of links) link.delay = delay
  return {
    servers,
    links,
    natMap: Object.fromEntries(all.map(({ server, link }) => [`${link.host}:${link.port}`, address(server)])),
    cutOff(server, other) {
      for (const [gone, friend] of [
        [server, other],
        [other, server],
      ]) {
        if (gone === undefined) continue
        const link = links[gone] as NetworkProxy
        link.exempt = friend === undefined ? undefined : from(friend)
        link.refuse = true
        link.cut()
      }
    },
    join() {
      for (const link of links) Object.assign(link, { refuse: false, exempt: undefined })
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(links.map((link) => link.stop()))
      await Promise.all(servers.map((server) => server.stop()))
    },
  }
}

export const address = ({ host, port }: { host: string; port: number }) => ({ host, port })

/** Over a connection of its own. */
export async function told<T>(server: RedisServer, command: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(server.url)
  redis.on('error', () => {})
  try {
    return await command(redis)
  } finally {
    redis.disconnect()
  }
}

async function behindLink(config: Record<string, string>): Promise<{ server: RedisServer; link: NetworkProxy }> {
  const port = await freePort()
  const link = await startProxy({ host: '127.0.0.1', port })
  const announced = { 'replica-announce-ip': link.host, 'replica-announce-port': String(link.port) }
  return { server: await startRedis({ port, config: { ...config, ...announced } }), link }
}
