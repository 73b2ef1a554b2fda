// A Redis Cluster of the benchmark's own: masters only, their slots shared out evenly.
import { setTimeout as sleep } from 'node:timers/promises'
import { type OwnServer, startServer } from './redis-server.ts'

const slots = 16_384
const patience = 30_000 // ms

export interface OwnCluster {
  masters: OwnServer[]
  stop(): Promise<void>
}

export async function startCluster(count: number): Promise<OwnCluster> {
  const config = ['--cluster-enabled', 'yes', '--cluster-config-file']
  const masters = await Promise.all(
    Array.from({ length: count }, (_, index) => startServer([...config, `nodes-${process.pid}-${index}.conf`])),
  )
  const stop = async () => void (await Promise.all(masters.map((master) => master.stop())))
  try {
    await Promise.all(masters.map(({ control }, index) => takeSlots(control, index, count)))
    for (const { port } of masters) await masters[0]?.control.call('CLUSTER', 'MEET', '127.0.0.1', port)
    await Promise.all(masters.map(({ control }) => agreed(control, count)))
  } catch (error) {
    await stop()
    throw error
  }
  return { masters, stop }
}

async function takeSlots(control: OwnServer['control'], index: number, count: number): Promise<void> {
  const [first, end] = [Math.floor((index * slots) / count), Math.floor(((index + 1) * slots) / count)]
  await control.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1)
  await control.call('CLUSTER', 'ADDSLOTS', ...Array.from({ length: end - first }, (_, offset) => first + offset))
}

/** Waits until a node knows all the others and an owner for each slot. */
async function agreed(control: OwnServer['control'], count: number): Promise<void> {
  for (const end = performance.now() + patience; performance.now() < end; await sleep(50)) {
    const info = String(await control.call('CLUSTER', 'INFO'))
    if (info.includes('cluster_state:ok') && info.includes(`cluster_size:${count}`)) return
  }
  throw new Error('the cluster did not come up')
}
