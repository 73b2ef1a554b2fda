// One place among several worker processes: whoever dies in it is replaced, after a pause that grows.
import { type ChildProcess, fork } from 'node:child_process'
import { extname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { inWords } from '../duration.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { Gate } from './gate.ts'
import type { Log } from './log.ts'
import type { News, Order } from './messages.ts'
import type { Report, Setup } from './setup.ts'

const PROGRAM = fileURLToPath(new URL(`./member-process${extname(import.meta.url)}`, import.meta.url))
const FIRST_PAUSE = 500
const LONGEST_PAUSE = 30_000
/** Who lived this long starts the pauses anew. */
const HEALTHY = 60_000
const PATIENCE = 1_000

interface Ending {
  code: number | null
  signal: NodeJS.Signals | null
  lived: number
}

export class Member {
  /** Has the process that is there now begun? */
  working = false
  #child: ChildProcess | undefined
  #pause = FIRST_PAUSE
  #asked = 0
  readonly #answers = new Map<number, (report: Report) => void>()
  readonly #stopped = new AbortController()

  constructor(
    readonly number: number,
    private readonly setup: Setup,
    private readonly log: Log,
    /** Told each time a process works. */
    private readonly ready: () => void,
    /** Is an ending final: was nothing ever able to start? */
    private readonly hopeless: (code: number) => boolean,
  ) {}

  /** Keep a process running until told to stop; answers how the last one ended. */
  async keep(): Promise<ExitCode> {
    while (!this.#stopped.signal.aborted) {
      const ending = await this.#run()
      if (this.#stopped.signal.aborted || this.hopeless(ending.code ?? EXIT.forced)) return codeOf(ending)
      await this.#rest(ending)
    }
    return EXIT.well
  }

  stop(why: string): void {
    this.#stopped.abort()
    this.#order({ do: 'stop', why })
  }

  force(why: string): void {
    this.#stopped.abort()
    this.#order({ do: 'force', why })
  }

  kill(): void {
    this.#child?.kill('SIGKILL')
  }

  /** Undefined where it does not answer: its event loop stands still. */
  async report(): Promise<Report | undefined> {
    const number = this.#asked++
    const answer = new Gate<Report | undefined>()
    this.#answers.set(number, answer.open)
    const timer = setTimeout(answer.open, PATIENCE, undefined)
    this.#order({ do: 'report', number })
    const report = await answer.opened
    clearTimeout(timer)
    this.#answers.delete(number)
    return report
  }

  #run(): Promise<Ending> {
    const child = fork(PROGRAM, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const since = performance.now()
    this.#child = child
    child.on('message', (news: News) => {
      if (news.is === 'ready') {
        this.working = true
        this.ready()
      } else this.#answers.get(news.number)?.(news.report)
    })
    child.on('error', (error) =>
      this.log.write({ level: 'error', event: 'error', text: `process ${this.number}: ${error.message}`, error }),
    )
    this.#order({ do: 'work', setup: { ...this.setup, log: { ...this.setup.log, process: this.number } } })
    return new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#child = undefined
        this.working = false
        resolve({ code, signal, lived: performance.now() - since })
      })
    })
  }

  async #rest({ code, signal, lived }: Ending): Promise<void> {
    if (lived > HEALTHY) this.#pause = FIRST_PAUSE
    const how = signal ?? `exit code ${code}`
    const text = `process ${this.number} ended (${how}); a new one starts in ${inWords(this.#pause)}`
    this.log.write({
      level: 'error',
      event: 'died',
      text,
      fields: { of: this.number, code, signal, pause: this.#pause },
    })
    await sleep(this.#pause, undefined, { signal: this.#stopped.signal }).catch(() => {})
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE)
  }

  #order(order: Order): void {
    if (this.#child?.connected) this.#child.send(order, () => {})
  }
}

function codeOf({ code }: Ending): ExitCode {
  return (code ?? EXIT.forced) as ExitCode
}
