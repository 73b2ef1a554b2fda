// What the figures were taken on.
import { cpus, totalmem } from 'node:os'
import type { OwnServer } from './redis-server.ts'

export async function machine({ control }: OwnServer): Promise<string> {
  const cores = cpus()
  const text = await control.info('server')
  const version = text.match(/^(?:valkey|redis)_version:(\S+)/m)?.[1]
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`
  return `${cores.length} × ${cores[0]?.model.trim()}, ${memory}, Node ${process.versions.node}, Redis ${version}`
}
