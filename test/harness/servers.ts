// Real Redis servers, each with a port, a directory and a process of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { guard } from './guard.ts'
import { freePort } from './ports.ts'
import { serverBinary } from './server-binary.ts'

export interface RedisOptions {
  /** Lines of redis.conf, such as `{ appendonly: 'yes' }`. */
  config?: Record<string, string>
  port?: number
  /** The server's program; Redis unless given. */
  binary?: string
  /** Watches others instead of storing anything; the settings say whom. */
  sentinel?: boolean
  /** Kept when the server stops; a directory of its own is removed. */
  dir?: string
}

const host = '127.0.0.1'
const attempts = 5

/** Starts a server and waits until it answers. Without a port it takes a free one, and another if somebody was faster. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  for (let attempt = 1; ; attempt++) {
    const server = new RedisServer(options.port ?? (await freePort()), options)
    try {
      await server.start()
      return server
    } catch (error) {
      await server.stop()
      const taken = error instanceof Error && error.message.includes('Address already in use')
      if (!taken || options.port || attempt === attempts) throw error
    }
  }
}

export class RedisServer {
  readonly host = host
  readonly port: number
  readonly dir: string
  #ownDir: boolean
  #binary: string | undefined
  #mode: string[]
  #process: ChildProcess | undefined
  #callOff = () => {}

  constructor(port: number, { config = {}, dir, binary, sentinel }: RedisOptions) {
    this.port = port
    this.#binary = binary ?? serverBinary()
    this.#mode = sentinel ? ['--sentinel'] : []
    this.#ownDir = dir === undefined
    this.dir = dir ?? mkdtempSync(join(tmpdir(), 'boomerang-redis-'))
    const stored = sentinel ? {} : { save: '""', appendonly: 'no' }
    const lines = { bind: host, port: String(port), dir: this.dir, ...stored, ...config }
    const text = Object.entries(lines).map(([name, value]) => `${name} ${value}\n`)
    writeFileSync(join(this.dir, 'redis.conf'), text.join(''))
  }

  get url(): string {
    return `redis://${this.host}:${this.port}`
  }

  get running(): boolean {
    return this.#process !== undefined
  }

  get pid(): number {
    if (!this.#process?.pid) throw new Error(`the server on port ${this.port} is not running`)
    return this.#process.pid
  }

  async start(): Promise<void> {
    const binary = this.#binary
    if (!binary) throw new Error('neither redis-server nor valkey-server was found')
    const child = spawn(binary, [join(this.dir, 'redis.conf'), ...this.#mode], { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#process = child
    this.#callOff = guard(child.pid, this.#ownDir ? this.dir : '')
    child.once('exit', () => {
      if (this.#process === child) this.#process = undefined
    })
    await ready(child)
  }

  /** Sends a signal. One that ends the server is waited for; after SIGSTOP it stands still until SIGCONT. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#process
    if (!child) return
    const ends = signal !== 'SIGSTOP' && signal !== 'SIGCONT'
    const exited = ends ? once(child, 'exit') : undefined
    child.kill(signal)
    await exited
    if (ends) this.#callOff()
  }

  /** The same port, directory and settings again, after SIGTERM if it still runs. */
  async restart(): Promise<void> {
    await this.kill('SIGTERM')
    await this.start()
  }

  async stop(): Promise<void> {
    await this.kill('SIGKILL')
    this.#callOff()
    if (this.#ownDir) rmSync(this.dir, { recursive: true, force: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = ''
    const read = (chunk: Buffer) => {
      log += chunk
      if (!/Ready to accept connections|Sentinel ID is/.test(log)) return
      log = ''
      resolve()
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${log}`)))
  })
}
