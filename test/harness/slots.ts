// Moves slots between the masters of a cluster, as operators do: `redis-cli --cluster reshard` takes the same steps.
import calculateSlot from 'cluster-key-slot'
import { Redis } from 'ioredis'
import type { RedisCluster } from './cluster.ts'

/** A big key travels in one piece: both masters stand still meanwhile. */
const MIGRATE_TIMEOUT = 30_000

export const slotOf = (key: string): number => calculateSlot(key)

/** Move a slot with all its keys to the next master. `during` is called when about half of the keys have gone. */
export async function moveSlot(
  { servers }: RedisCluster,
  slot: number,
  masters = 3,
  during: () => Promise<void> = async () => {},
): Promise<void> {
  const clients = servers.slice(0, masters).map(({ url }) => new Redis(url))
  try {
    const ids = await Promise.all(clients.map(async (client) => String(await client.call('CLUSTER', 'MYID'))))
    const from = await ownerOf(clients, ids, slot)
    const to = (from + 1) % masters
    const [source, target] = [clients[from], clients[to]] as [Redis, Redis]
    await target.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', ids[from] as string)
    await source.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', ids[to] as string)
    const { host, port } = target.options as { host: string; port: number }
    const keys = (await source.call('CLUSTER', 'GETKEYSINSLOT', slot, 1000)) as string[]
    for (const [i, key] of keys.entries()) {
      if (i === Math.floor(keys.length / 2)) await during()
      await source.call('MIGRATE', host, port, key, 0, MIGRATE_TIMEOUT)
    }
    // Keys that were written meanwhile.
    for (;;) {
      const left = (await source.call('CLUSTER', 'GETKEYSINSLOT', slot, 1000)) as string[]
      if (left.length === 0) break
      for (const key of left) await source.call('MIGRATE', host, port, key, 0, MIGRATE_TIMEOUT)
    }
    for (const client of [target, source, ...clients]) {
      await client.call('CLUSTER', 'SETSLOT', slot, 'NODE', ids[to] as string)
    }
  } finally {
    for (const client of clients) client.disconnect()
  }
}

async function ownerOf(clients: Redis[], ids: string[], slot: number): Promise<number> {
  const ranges = (await clients[0]?.call('CLUSTER', 'SLOTS')) as [number, number, [string, number, string]][]
  const owner = ranges.find(([first, last]) => slot >= first && slot <= last)?.[2][2]
  const index = ids.indexOf(String(owner))
  if (index < 0) throw new Error(`no master has slot ${slot}`)
  return index
}
