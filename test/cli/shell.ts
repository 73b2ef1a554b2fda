// A shell for tests: runs the command in a namespace that is empty again behind each test.
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { run } from '../../lib/cli/run.ts'
import { type Client, connect } from '../../lib/index.ts'
import { keysOf } from '../harness/keys.ts'
import { type Program, startProgram } from '../harness/programs.ts'
import { namespace, redisUrl } from '../harness/stores.ts'

const COMMAND = import.meta.resolve('../../lib/cli/main.ts')
/** The handlers that most tests work with: the body says what to do. */
export const HANDLERS = new URL('./handlers.ts', import.meta.url).pathname

export interface Ran {
  code: number | null
  out: string
  errors: string
}

export class Shell {
  client!: Client
  namespace = ''
  #programs: Program[] = []

  /** What stands beside the arguments: environment variables, and the standard input. */
  start(args: string[], { env = {}, input }: { env?: Record<string, string>; input?: string } = {}): Program {
    const place = { REDIS_URL: redisUrl(), BOOMERANG_NAMESPACE: this.namespace, NO_COLOR: '1' }
    const program = startProgram(COMMAND, { args, env: { ...place, ...env } })
    if (input !== undefined) program.child.stdin?.end(input)
    this.#programs.push(program)
    return program
  }

  /** In this process, but for workers: a process takes long to start. */
  async run(...args: string[]): Promise<Ran> {
    if (args[0] === 'work') return ending(this.start(args))
    const out = heard(process.stdout)
    const errors = heard(process.stderr)
    const code = await run(['--redis', redisUrl(), '--namespace', this.namespace, ...args])
    return { code, out: out(), errors: errors() }
  }

  async runWith(input: string, ...args: string[]): Promise<Ran> {
    return ending(this.start(args, { input }))
  }

  /** A worker that runs. */
  async work(...args: string[]): Promise<Program> {
    const program = this.start(['work', HANDLERS, ...args])
    await program.line('working')
    return program
  }

  async open(): Promise<void> {
    this.namespace = namespace()
    this.client = await connect(redisUrl(), { namespace: this.namespace, deleteWindow: 0 })
  }

  async close(): Promise<void> {
    for (const program of this.#programs.splice(0)) await program[Symbol.asyncDispose]()
    for (const name of (await this.client.queues.list()).names) await this.client.queues.remove(name)
    await this.client.close()
    expect(await keysOf(this.namespace)).toEqual([])
  }
}

/** What is written from now on is kept back. Answers it, and lets go. */
function heard(stream: NodeJS.WriteStream): () => string {
  let text = ''
  const spy = vi.spyOn(stream, 'write').mockImplementation((chunk) => {
    text += chunk
    return true
  })
  return () => {
    spy.mockRestore()
    return stripVTControlCharacters(text).trim()
  }
}

async function ending(program: Program): Promise<Ran> {
  const { code } = await program.ended
  return { code, out: program.lines.join('\n'), errors: program.errors.trim() }
}

export function aShell(): Shell {
  const shell = new Shell()
  beforeEach(() => shell.open())
  afterEach(() => shell.close())
  return shell
}

/** Send a signal until the program has ended: signals that come close together count as one. */
export async function press(program: Program, signal: NodeJS.Signals): Promise<void> {
  const again = setInterval(() => program.kill(signal), 100)
  await program.ended
  clearInterval(again)
}
