// What the figures were taken on.
import { cpus, totalmem } from 'node:os'
import type { OwnServer } from './redis-server.ts'

export async function machine({ control }: OwnServer): Promise<string> {
  const text = await control.info('server')
  return machineWith(text.match(/^(?:valkey|redis)_version:(\S+)/m)?.[1])
}

/** With a Redis of this version. */
export function machineWith(redis: string | undefined): string {
  const cores = cpus()
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`
  return `${cores.length} × ${cores[0]?.model.trim()}, ${memory}, Node ${process.versions.node}, Redis ${redis}`
}
