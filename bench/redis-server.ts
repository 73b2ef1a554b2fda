// A Redis of the benchmark's own: a free port, nothing written to disk.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'

const programs = ['redis-server', 'valkey-server']
const patience = 10_000 // ms

export interface OwnServer {
  port: number
  control: Redis
  stop(): Promise<void>
}

export async function startServer(config: string[] = []): Promise<OwnServer> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'boomerang-bench-'))
  const plain = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder]
  const child = await spawnFirst([...plain, ...config])
  process.once('exit', () => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  const control = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null, retryStrategy: () => 50 })
  control.on('error', () => {})
  await Promise.race([control.ping(), sleep(patience).then(() => Promise.reject(new Error('Redis did not start')))])
  return {
    port,
    control,
    async stop() {
      control.disconnect()
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}

async function spawnFirst(args: string[]): Promise<ChildProcess> {
  for (const program of programs) {
    const child = spawn(program, args, { stdio: 'ignore' })
    const spawned = await new Promise((resolve) => {
      child.once('spawn', () => resolve(true))
      child.once('error', () => resolve(false))
    })
    if (spawned) return child
  }
  throw new Error(`the benchmark needs one of ${programs.join(', ')} on the PATH`)
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
