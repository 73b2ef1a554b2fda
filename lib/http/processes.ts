// Several server processes on one port: the primary hands connections to them in turn, replaces those that die, and passes
// on what it is told. It holds no Redis and no secrets of its own: each process is the whole server.
import cluster, { type Worker } from 'node:cluster'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a process says when it listens: where, and in a line what is to be known of it. */
export interface Listening {
  url: string
  line: string
}

export interface ProcessesOptions {
  count: number
  /** One of them listens; `listening` do. Where it is the first, all is well enough to go on. */
  ready(news: Listening, listening: number): void
  /** One ended and is replaced after `pause` ms. */
  died(how: string, pause: number): void
  /** ms that they may take to stop. */
  patience: number
}

export interface Processes {
  /** The highest of their exit codes, when all have ended. */
  ended: Promise<number>
  stop(): void
  /** Read configuration and certificates anew. */
  renew(): void
  /** End at once. */
  force(): void
}

const FIRST_PAUSE = 1_000
const LONGEST_PAUSE = 30_000
/** Who lived this long starts the pauses anew. */
const HEALTHY = 60_000

/** Is this one of several, started by a primary? */
export const isOneOfSeveral = (): boolean => cluster.isWorker

/** In a process that is one of several: `stop` when the primary is gone. */
export function followPrimary(stop: () => void): void {
  cluster.worker?.on('disconnect', () => {
    // Else Node ends the process at once, in the middle of what it does.
    if (cluster.worker) cluster.worker.exitedAfterDisconnect = true
    stop()
  })
}

/** In a process that is one of several: it listens. */
export function tellPrimary(news: Listening): void {
  cluster.worker?.send(news)
}

export function runProcesses(options: ProcessesOptions): Processes {
  return new Primary(options)
}

class Primary implements Processes {
  readonly ended: Promise<number>
  readonly #stopping = new AbortController()
  readonly #workers = new Set<Worker>()
  readonly #listening = new Set<Worker>()
  #anyListened = false
  #go = () => {}
  readonly #begun = new Promise<void>((resolve) => {
    this.#go = resolve
  })

  constructor(private readonly options: ProcessesOptions) {
    // A terminal's Ctrl-C reaches all; only what the primary says counts.
    cluster.setupPrimary({ exec: process.argv[1] as string, args: process.argv.slice(2) })
    this.ended = this.#run()
  }

  stop(): void {
    this.#stopping.abort()
    this.#tell('SIGTERM')
    setTimeout(() => this.#tell('SIGKILL'), this.options.patience).unref()
  }

  renew(): void {
    this.#tell('SIGHUP')
  }

  force(): void {
    this.#stopping.abort()
    this.#tell('SIGKILL')
  }

  /** The first process goes ahead: what keeps it from starting would keep all, and is said once. */
  async #run(): Promise<number> {
    const first = this.#keep()
    await Promise.race([this.#begun, first])
    if (!this.#anyListened) return first
    const others = Array.from({ length: this.options.count - 1 }, () => this.#keep())
    return Math.max(...(await Promise.all([first, ...others])))
  }

  async #keep(): Promise<number> {
    let pause = FIRST_PAUSE
    for (;;) {
      const since = performance.now()
      const { code, signal } = await this.#life()
      if (this.#stopping.signal.aborted || !this.#anyListened) return code ?? 1
      if (performance.now() - since > HEALTHY) pause = FIRST_PAUSE
      this.options.died(signal ?? `exit code ${code}`, pause)
      await sleep(pause, undefined, { signal: this.#stopping.signal }).catch(() => {})
      if (this.#stopping.signal.aborted) return 0
      pause = Math.min(2 * pause, LONGEST_PAUSE)
    }
  }

  #life(): Promise<{ code: number | null; signal: string | null }> {
    const worker = cluster.fork()
    this.#workers.add(worker)
    worker.once('message', (news: Listening) => this.#hear(news, worker))
    return new Promise((resolve) => {
      worker.once('exit', (code: number | null, signal: string | null) => {
        this.#workers.delete(worker)
        this.#listening.delete(worker)
        resolve({ code, signal })
      })
    })
  }

  #hear(news: Listening, worker: Worker): void {
    this.#anyListened = true
    this.#listening.add(worker)
    this.options.ready(news, this.#listening.size)
    this.#go()
  }

  #tell(signal: NodeJS.Signals): void {
    for (const { process } of this.#workers) process.kill(signal)
  }
}
