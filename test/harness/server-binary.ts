// Which Redis runs the tests: REDIS_SERVER names one; otherwise the first of these on the PATH.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const candidates = ['redis-server', 'valkey-server']

export function serverBinary(): string | undefined {
  return process.env['REDIS_SERVER'] || candidates.map(onPath).find((found) => found !== undefined)
}

export function onPath(command: string): string | undefined {
  const directories = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)
  return directories.map((directory) => join(directory, command)).find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
