// What Redis says of itself, as numbers.
import { Redis } from 'ioredis'
import type { Server } from './adapter.ts'

export type Info = Record<string, number>

export function openControl({ port }: Server): Redis {
  return new Redis(port, '127.0.0.1')
}

export async function info(redis: Redis, section: string): Promise<Info> {
  const lines = (await redis.info(section)).split('\r\n').map((line) => line.split(':'))
  return Object.fromEntries(lines.map(([name, value]) => [name, Number.parseFloat(value ?? '')]))
}

/** Microseconds of CPU that the whole Redis process has used, network and background threads included. */
export async function processorTime(redis: Redis): Promise<number> {
  const { used_cpu_user = 0, used_cpu_sys = 0 } = await info(redis, 'cpu')
  return (used_cpu_user + used_cpu_sys) * 1e6
}

/** Bytes of data and of its index, without the buffers of connections. */
export async function dataBytes(redis: Redis): Promise<number> {
  const { used_memory = 0, mem_clients_normal = 0 } = await info(redis, 'memory')
  return used_memory - mem_clients_normal
}

/** Calls and microseconds by command, those made inside scripts included. */
export async function commands(redis: Redis): Promise<Map<string, { calls: number; usec: number }>> {
  const lines = (await redis.info('commandstats')).matchAll(/^cmdstat_(\S+):calls=(\d+),usec=(\d+)/gm)
  return new Map(
    Array.from(lines, ([, name, calls, usec]) => [`${name}`, { calls: Number(calls), usec: Number(usec) }]),
  )
}
