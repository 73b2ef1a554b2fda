// A Redis of our own for one run: on a free port, in a directory that goes away with it, writing nothing to disk.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

export interface PrivateRedis {
  /** Such as `redis-server 7.0.15 on port 40123`. */
  description: string
  url: string
  stop(): Promise<void>
}

/** Starts the first of the installed servers that is new enough and comes up; undefined when there is none. */
export async function startPrivateRedis(): Promise<PrivateRedis | undefined> {
  for (const binary of ['redis-server', 'valkey-server']) {
    const version = await versionOf(binary)
    const server = version && (await start(binary))
    if (server) return { ...server, description: `${binary} ${version} on port ${server.port}` }
  }
  return undefined
}

/** The installed version, if it is at least the 6.2 that the queue needs. */
async function versionOf(binary: string): Promise<string | undefined> {
  const { stdout } = await promisify(execFile)(binary, ['--version']).catch(() => ({ stdout: '' }))
  const [, version, major, minor] = /v=((\d+)\.(\d+)\S*)/.exec(stdout) ?? []
  return Number(major) > 6 || (Number(major) === 6 && Number(minor) >= 2) ? version : undefined
}

async function start(binary: string) {
  const directory = mkdtempSync(join(tmpdir(), 'boomerang-video-'))
  const port = await freePort()
  const settings = {
    port,
    bind: '127.0.0.1',
    dir: directory,
    save: '',
    appendonly: 'no',
    'maxmemory-policy': 'noeviction',
  }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  // Detached: Ctrl-C at the terminal reaches us, not the server, which has to outlive the workers that we stop first.
  const server = spawn(binary, args, { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()))
  const forget = () => {
    server.kill('SIGKILL')
    rmSync(directory, { recursive: true, force: true })
  }
  process.once('exit', forget)
  const stop = async () => {
    server.kill('SIGTERM')
    await ended
    process.off('exit', forget)
    rmSync(directory, { recursive: true, force: true })
  }
  if (await accepts(server)) return { url: `redis://127.0.0.1:${port}`, port, stop }
  await stop()
  return undefined
}

async function accepts(server: ChildProcess): Promise<boolean> {
  let log = ''
  server.stdout?.setEncoding('utf8')
  return new Promise((resolve) => {
    server.stdout?.on('data', (text: string) => {
      log = (log + text).slice(-4096)
      if (log.includes('Ready to accept connections')) resolve(true)
    })
    server.once('close', () => resolve(false))
    server.once('error', () => resolve(false))
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
