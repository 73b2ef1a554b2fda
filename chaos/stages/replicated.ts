// A master and one replica, which hears the master through a proxy: a link that can be slow.
import { type NetworkProxy, startProxy } from '../../test/harness/proxy.ts'
import { online, startReplicated } from '../../test/harness/replicated.ts'
import type { RedisServer } from '../../test/harness/servers.ts'
import type { Stage } from '../scenario.ts'
import { told } from './linked.ts'

export interface Followed extends Stage {
  master: RedisServer
  /** From the replica to the master. */
  link: NetworkProxy
}

export async function followed(): Promise<Followed> {
  const { master, replicas, observer, stop } = await startReplicated(1)
  const link = await startProxy(master.url)
  await told(replicas[0] as RedisServer, (redis) => redis.replicaof(link.host, link.port))
  await online(observer, 1)
  return {
    title: 'a master and 1 replica behind a link',
    master,
    link,
    where: master.url,
    safe: master.url,
    async heal() {
      link.delay = 0
      link.resume()
      await online(observer, 1)
    },
    async [Symbol.asyncDispose]() {
      await link.stop()
      await stop()
    },
  }
}
