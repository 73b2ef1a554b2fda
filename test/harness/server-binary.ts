// Which Redis runs the tests: REDIS_SERVER names one; otherwise the first of these on the PATH. Beside it a Valkey, where
// there is one: VALKEY_SERVER names it; otherwise it is on the PATH, or where the runner has unpacked it.
import { accessSync, constants } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

const candidates = ['redis-server', 'valkey-server']

export function serverBinary(): string | undefined {
  return process.env['REDIS_SERVER'] || candidates.map(onPath).find((found) => found !== undefined)
}

export function valkeyBinary(): string | undefined {
  const unpacked = join(valkeyDirectory(), 'usr', 'bin', 'valkey-server')
  return process.env['VALKEY_SERVER'] || onPath('valkey-server') || (isExecutable(unpacked) ? unpacked : undefined)
}

/** Where the runner unpacks Debian's package of Valkey: once for all runs, and nowhere in the system. */
export function valkeyDirectory(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'boomerang-tests', 'valkey')
}

export function onPath(command: string): string | undefined {
  const directories = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)
  return directories.map((directory) => join(directory, command)).find(isExecutable)
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
