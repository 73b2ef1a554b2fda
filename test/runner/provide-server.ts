// Real servers run the tests. Where there is none, one comes from Debian's packages if we may install; it is not started
// as a service, now or at the next boot.
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { onPath, serverBinary } from '../harness/server-binary.ts'
import { run, runQuietly } from './commands.ts'

const advice: Array<[tool: string, line: string]> = [
  ['brew', 'brew install redis'],
  ['apt-get', 'sudo apt-get install redis-server'],
  ['dnf', 'sudo dnf install valkey'],
  ['apk', 'sudo apk add redis'],
  ['pacman', 'sudo pacman -S valkey'],
]

/** Nothing when there is a server; otherwise the one line that says what to type. */
export async function provideServer(): Promise<string | undefined> {
  if (serverBinary()) return undefined
  if (process.getuid?.() === 0 && onPath('apt-get') && (await install())) return undefined
  const line = advice.find(([tool]) => onPath(tool))?.[1] ?? 'install Redis or Valkey so that its server is on the PATH'
  return `The tests need redis-server or valkey-server: ${line}`
}

async function install(): Promise<boolean> {
  console.log('No redis-server or valkey-server found: installing redis-server with apt-get')
  const allowStart = forbidStart()
  try {
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    const updated = await run('apt-get', ['update', '-qq'], { quiet: true, env })
    const wanted = ['install', '-y', '-qq', '--no-install-recommends', 'redis-server']
    const installed = updated === 0 && (await run('apt-get', wanted, { quiet: true, env })) === 0
    if (installed && onPath('systemctl')) await runQuietly('sh', ['-c', 'systemctl disable redis-server || true'])
    return installed && serverBinary() !== undefined
  } finally {
    allowStart()
  }
}

/** Debian asks this file before a package starts its service. */
function forbidStart(): () => void {
  const policy = '/usr/sbin/policy-rc.d'
  if (existsSync(policy)) return () => {}
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  return () => rmSync(policy, { force: true })
}
