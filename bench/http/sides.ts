// The servers that are compared, each started anew for each run; but for `boomerang-here` all on the Node that fauxqs needs.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort, type OwnServer } from '../redis-server.ts'
import { FAUXQS, type Installed } from './fauxqs.ts'
import type { Key } from './requests.ts'

export const SIDES = {
  boomerang: 'Boomerang',
  'boomerang-here': `Boomerang on Node ${process.versions.node.split('.')[0]}`,
  'boomerang-signed': 'Boomerang, signature and policy',
  'boomerang-2': 'Boomerang, 2 processes',
  fauxqs: `fauxqs ${FAUXQS}`,
  node: 'bare node:http',
  fastify: 'bare fastify',
} as const
export type Side = keyof typeof SIDES

export interface Serving {
  url: string
  pid: number
  key?: Key
  stop(): Promise<void>
}

/** What sides are started with. */
export interface Means {
  redis: OwnServer
  fauxqs: Installed
  /** bare.ts, built. */
  bare: string
}

const PATIENCE = 15_000
const COMMAND = fileURLToPath(new URL('../../dist/lib/cli/main.js', import.meta.url))

export async function start(side: Side, { redis, fauxqs, bare }: Means): Promise<Serving> {
  const port = String(await freePort())
  const { node } = fauxqs
  const own = (args: string[] = [], on = node) => {
    const where = ['--port', port, '--redis', `redis://127.0.0.1:${redis.port}`]
    return serving(port, spawn(on, [COMMAND, 'serve', ...where, ...args], { stdio: QUIET, env: ENVIRONMENT }))
  }
  if (side.startsWith('boomerang')) await redis.control.flushall()
  switch (side) {
    case 'boomerang':
      return own()
    case 'boomerang-here':
      return own([], process.execPath)
    case 'boomerang-2':
      return own(['--processes', '2'])
    case 'boomerang-signed':
      return { ...(await own(['--config', configuration()])), key: KEY }
    case 'fauxqs': {
      const env = { ...ENVIRONMENT, FAUXQS_PORT: port, FAUXQS_HOST: '127.0.0.1', FAUXQS_LOGGER: 'false' }
      return serving(port, spawn(node, [fauxqs.program], { cwd: fauxqs.folder, stdio: QUIET, env }))
    }
    case 'node':
      return serving(port, spawn(node, [bare, port], { stdio: QUIET }))
    case 'fastify':
      return serving(port, spawn(node, [bare, port, fauxqs.folder], { stdio: QUIET }))
  }
}

const QUIET: ['ignore', 'ignore', 'inherit'] = ['ignore', 'ignore', 'inherit']
const KEY: Key = { id: 'AKIABENCHMARK0000000', secret: randomBytes(20).toString('hex') }
const ENVIRONMENT = { ...process.env, NODE_NO_WARNINGS: '1', BENCH_SECRET: KEY.secret }

/** An account with a user whose policy has to be looked through. */
function configuration(): string {
  const statement = (Action: string, name: string, Condition?: object) => ({
    Effect: 'Allow',
    Action,
    Resource: `arn:aws:sqs:*:000000000000:${name}`,
    ...(Condition && { Condition }),
  })
  const Statement = [
    statement('sqs:SendMessage', 'other-*'),
    statement('sqs:*Message*', 'bench-*', { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }),
    statement('sqs:CreateQueue', 'bench-*'),
  ]
  const keys = [{ id: KEY.id, secret: { env: 'BENCH_SECRET' } }]
  const users = { load: { keys, policies: [{ Version: '2012-10-17', Statement }] } }
  const file = join(mkdtempSync(join(tmpdir(), 'boomerang-bench-')), 'boomerang.yaml')
  writeFileSync(file, JSON.stringify({ accounts: { '000000000000': { users } } })) // JSON is YAML
  return file
}

/** Settles when the server answers, however it does. */
async function serving(port: string, child: ChildProcess): Promise<Serving> {
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const url = `http://127.0.0.1:${port}`
  const until = performance.now() + PATIENCE
  while (
    !(await fetch(url).then(
      (answer) => answer.text().then(() => true),
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error(`the server has ended with ${child.exitCode}`)
    if (performance.now() > until) throw new Error(`no server on port ${port}`)
    await sleep(20)
  }
  return {
    url,
    pid: child.pid as number,
    async stop() {
      process.off('exit', kill)
      const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
      kill()
      await ended
    },
  }
}
