import { join } from 'node:path'
import type { Where, WorkerOptions } from '../../lib/index.ts'
import type { Program } from '../harness/programs.ts'
import { temporaryDirectory } from '../harness/temporary.ts'
import { startBuilt } from './built.ts'
import { Ledger } from './ledger.ts'
import type { Scene } from './scene.ts'

/** What worker-process.ts is told. */
export interface WorkerSetup {
  where: Where
  namespace: string
  queue: string
  options: WorkerOptions
  /** Its workers derive idempotency keys. */
  derived: boolean
  /** The module of isolated handlers. */
  handlers: string
}

const handlers = import.meta.resolve('./deeds.ts')

/** Worker processes of one queue, with one ledger. */
export interface Workers extends AsyncDisposable {
  ledger: Ledger
  /** Starts one and waits until it works. */
  start(options?: WorkerOptions): Promise<Program>
  /** Ends them all. */
  stop(): Promise<void>
}

export function workersOf({ where, namespace, queue }: Scene, derived = false): Workers {
  const directory = temporaryDirectory()
  const ledger = new Ledger(join(directory.path, 'ledger'))
  const programs: Program[] = []
  return {
    ledger,
    async start(options = {}) {
      const setup: WorkerSetup = { where, namespace, queue: queue.name, options, derived, handlers }
      const program = await startBuilt('./worker-process.ts', setup, { LEDGER: ledger.file })
      programs.push(program)
      await program.line('working')
      return program
    },
    async stop() {
      for (const program of programs) await program[Symbol.asyncDispose]()
    },
    async [Symbol.asyncDispose]() {
      await this.stop()
      directory[Symbol.dispose]()
    },
  }
}
