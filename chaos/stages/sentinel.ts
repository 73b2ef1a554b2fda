// A master, its replicas and three sentinels. Servers and sentinels know each server by its link; clients go past the links, and
// to the sentinels by gates, so that they can be cut off from each other.
import type { Where } from '../../lib/index.ts'
import { type NetworkProxy, startProxy } from '../../test/harness/proxy.ts'
import { inStep } from '../../test/harness/replicated.ts'
import { type Sentinels, startSentinels } from '../../test/harness/sentinels.ts'
import type { RedisServer } from '../../test/harness/servers.ts'
import type { Stage } from '../scenario.ts'
import { until } from '../until.ts'
import { address, type Linked, linked, told } from './linked.ts'

const SENTINELS = 3
/** On a busy machine the proxies are late, and no server is down for that. */
const PATIENT = { 'sentinel down-after-milliseconds boomerang': '1000' }
/** ms over a link, one way: as between two buildings, and what is on its way is lost with the one who sent it. */
const DELAY = 2

export interface Guarded extends Stage {
  servers: RedisServer[]
  links: NetworkProxy[]
  /** From clients at `where` to the sentinels. */
  gates: NetworkProxy[]
  /** For clients whose way to the sentinels is never cut. */
  open: Where
  /** Which server it is, as the sentinels say. */
  master(): Promise<number>
  /**
   * The server, and with it the clients at `where`, are cut off from the sentinels and the other servers; one of those may be cut
   * off with it.
   */
  cutOff(server: number, other?: number): void
  /** The server is gone, with all that was on its way from it. */
  lose(server: number): Promise<void>
}

export async function guarded(replicas: number, config: Record<string, string> = {}): Promise<Guarded> {
  const base = await linked(replicas, DELAY, config)
  const [master, ...others] = base.links as [NetworkProxy, ...NetworkProxy[]]
  const sentinels = await startSentinels({ master, replicas: others }, SENTINELS, PATIENT)
  const gates = await Promise.all(sentinels.servers.map(({ url }) => startProxy(url)))
  const names = Object.fromEntries(
    sentinels.servers.map((server, i) => [`${server.host}:${server.port}`, address(gates[i] as NetworkProxy)]),
  )
  const { name } = sentinels.where
  const open = { ...sentinels.where, natMap: base.natMap }
  const settings = Object.entries(config).map(([key, value]) => `, ${key} ${value}`)
  return {
    title: `a master and ${replicas} replica${replicas > 1 ? 's' : ''}, ${DELAY} ms apart, ${SENTINELS} sentinels${settings.join('')}`,
    servers: base.servers,
    links: base.links,
    gates,
    where: { sentinels: gates.map(address), name, natMap: { ...base.natMap, ...names } },
    open,
    safe: open,
    ...acts(base, sentinels),
    cutOff(server, other) {
      base.cutOff(server, other)
      for (const gate of gates) gate.pause()
    },
    async heal() {
      base.join()
      for (const gate of gates) gate.resume()
      for (const server of base.servers) if (!server.running) await server.start()
      // Asked anew each time: on a busy machine the sentinels may choose again meanwhile.
      await until('the replicas are in step again', async () => {
        const leader = base.servers[await acts(base, sentinels).master()]
        return leader !== undefined && (await told(leader, (redis) => inStep(redis, replicas)))
      })
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(gates.map((gate) => gate.stop()))
      await sentinels.stop()
      await base[Symbol.asyncDispose]()
    },
  }
}

function acts({ links, servers, cutOff }: Linked, sentinels: Sentinels): Pick<Guarded, 'master' | 'lose'> {
  return {
    async master() {
      const port = await sentinels.master()
      return links.findIndex((link) => link.port === port)
    },
    async lose(server) {
      cutOff(server)
      await servers[server]?.kill('SIGKILL')
    },
  }
}
