// How fast something goes, once it is warm, and what a message costs in CPU on both sides of the connection.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Server } from '../adapter.ts'
import type { Duration, Figures } from '../measure.ts'
import { openControl, processorTime } from '../redis-info.ts'

/** `count` tells how many messages have been done so far. */
export async function pace(count: () => number, server: Server, { warmUp, seconds }: Duration): Promise<Figures> {
  const redis = openControl(server)
  const look = async () => {
    const redisTime = await processorTime(redis)
    const { user, system } = process.cpuUsage()
    return { count: count(), at: performance.now(), redis: redisTime, node: user + system }
  }
  await sleep(warmUp * 1000)
  const from = await look()
  await sleep(seconds * 1000)
  const to = await look()
  redis.disconnect()
  const messages = to.count - from.count
  return {
    value: (messages / (to.at - from.at)) * 1000,
    'µs of Redis': (to.redis - from.redis) / messages,
    'µs of Node': (to.node - from.node) / messages,
  }
}
