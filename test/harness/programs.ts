// TypeScript programs in processes of their own, for tests that kill and stop them. A program says what it is doing in
// lines on its standard output; a test waits for a line, never for a time.
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { guard } from './guard.ts'

export interface ProgramOptions {
  args?: string[]
  env?: Record<string, string>
  cwd?: string
  /** Flags for Node itself. */
  nodeArgs?: string[]
  /** It is JavaScript throughout, and starts sooner without the loader for TypeScript. */
  plain?: boolean
}

export interface Ending {
  code: number | null
  signal: NodeJS.Signals | null
}

/** Runs a file, TypeScript or not. `import.meta.resolve('./worker-process.ts')` or a path names it. */
export function startProgram(file: string, options: ProgramOptions = {}): Program {
  return new Program(file, options)
}

export class Program {
  readonly child: ChildProcess
  /** Lines of the standard output so far. */
  readonly lines: string[] = []
  errors = ''
  readonly ended: Promise<Ending>
  #waiting = new Set<() => void>()
  #over = false

  constructor(file: string, { args = [], env = {}, cwd, nodeArgs = [], plain = false }: ProgramOptions) {
    const path = file.startsWith('file:') ? new URL(file).pathname : file
    const loader = plain ? [] : ['--import', import.meta.resolve('tsx')]
    this.child = spawn(process.execPath, [...loader, ...nodeArgs, path, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      cwd,
    })
    const callOff = guard(this.child.pid)
    this.ended = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        callOff()
        this.#over = true
        resolve({ code, signal })
        this.#wake()
      })
    })
    this.#read()
  }

  get pid(): number {
    return this.child.pid ?? 0
  }

  /** The first line, already said or to come, that holds the text or fits the expression; fails when the program ends without it. */
  async line(wanted: string | RegExp): Promise<string> {
    const fits = (line: string) => (typeof wanted === 'string' ? line.includes(wanted) : wanted.test(line))
    for (;;) {
      const found = this.lines.find(fits)
      if (found !== undefined) return found
      if (this.#over) throw new Error(`ended without the line ${wanted}:\n${this.lines.join('\n')}\n${this.errors}`)
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
  }

  /** Tells the program something, as a line on its standard input. */
  say(line: string): void {
    this.child.stdin?.write(`${line}\n`)
  }

  /** Sends a signal; does not wait. `ended` does. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.child.kill(signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill('SIGKILL')
    await this.ended
  }

  #read(): void {
    this.child.stderr?.on('data', (chunk) => {
      this.errors += chunk
    })
    if (!this.child.stdout) return
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      this.lines.push(line)
      this.#wake()
    })
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }
}
