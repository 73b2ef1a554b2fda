// One worker process's work: load the module, connect, work until told to stop, and say how it ended.
import { type Client, Worker, type WorkerOptions } from '../../index.ts'
import { inWords } from '../duration.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { surviveMistakes } from '../mistakes.ts'
import { count } from '../output.ts'
import { open } from '../session.ts'
import { Gate } from './gate.ts'
import { type Definition, definitionsOf } from './handlers.ts'
import { load } from './load.ts'
import { Log } from './log.ts'
import type { Report, Setup } from './setup.ts'
import { logClient, logWorker, Stopwatch } from './worker-log.ts'

const TIMEOUT = '10s'

export class Shift {
  readonly log: Log
  readonly #setup: Setup
  readonly #stop = new Gate()
  #workers: Worker[] = []
  #queues: string[] = []
  #running = false
  #stopping = false
  #crashed = false

  constructor(setup: Setup) {
    this.#setup = setup
    this.log = new Log(setup.log)
  }

  /** From start to end; calls `ready` when all workers run. Rejects when it cannot start. */
  async work(ready: () => void): Promise<ExitCode> {
    surviveMistakes(this.log, () => {
      this.#crashed = true
      this.stop('uncaught exception')
    })
    const client = await Promise.race([this.#prepare(), this.#stop.opened])
    if (!client) return this.#outcome()
    try {
      await this.#begin()
      if (!this.#stopping) ready()
      await this.#stop.opened
    } finally {
      await this.#end(client)
    }
    return this.#outcome()
  }

  /** Stop well; once is enough. */
  stop(why: string): void {
    if (this.#stopping) return
    this.#stopping = true
    this.#running = false
    this.#stop.open()
    const held = this.report().inFlight
    const text = held > 0 ? `${why}: ${count(held, 'handler')} may end within ${inWords(this.#setup.grace)}` : why
    this.log.write({ level: 'info', event: 'stopping', text, fields: { why, inFlight: held } })
  }

  /** End at once; messages in hand come back at their deadlines. */
  force(why: string): never {
    this.log.write({
      level: 'warn',
      event: 'forced',
      text: `${why}: ended at once`,
      fields: { why, inFlight: this.report().inFlight },
    })
    process.exit(EXIT.forced)
  }

  report(): Report {
    const all = this.#workers.map((worker) => worker.health())
    return {
      running: this.#running,
      lastAnswerAge: Math.max(0, ...all.map(({ lastAnswerAge }) => lastAnswerAge)),
      inFlight: all.reduce((sum, { inFlight }) => sum + inFlight, 0),
      ahead: all.reduce((sum, { ahead }) => sum + ahead, 0),
    }
  }

  async #prepare(): Promise<Client> {
    const { file, queues, shared } = this.#setup
    const definitions = definitionsOf(await load(file), file, queues)
    const client = await open(shared, TIMEOUT)
    logClient(client, this.log)
    this.#workers = definitions.map((definition) => this.#worker(client, definition))
    this.#queues = definitions.map(({ queue }) => queue)
    return client
  }

  async #begin(): Promise<void> {
    for (const worker of this.#workers) if (!this.#stopping) await worker.start()
    if (this.#stopping) return
    this.#running = true
    const fields = { queues: this.#queues, pid: process.pid }
    this.log.write({
      level: 'info',
      event: 'working',
      text: `on ${this.#queues.join(', ')} (process ${process.pid})`,
      fields,
    })
  }

  #worker(client: Client, { queue, handler, options, queueOptions }: Definition): Worker {
    const { quiet, options: given } = this.#setup
    const watch = new Stopwatch()
    const timed = quiet || typeof handler !== 'function' ? handler : watch.around(handler)
    const worker = new Worker(client.queue(queue, queueOptions), timed, { ...options, ...given } as WorkerOptions)
    logWorker(worker, queue, this.log, watch, quiet)
    return worker
  }

  async #end(client: Client): Promise<void> {
    const { grace } = this.#setup
    await Promise.all(this.#workers.map((worker) => worker.stop({ grace })))
    await client.close()
  }

  #outcome(): ExitCode {
    const left = this.report().inFlight
    const text =
      left > 0
        ? `${count(left, 'handler')} did not end; their messages come back at their deadlines`
        : 'everything in hand is settled'
    this.log.write({ level: left > 0 ? 'warn' : 'info', event: 'stopped', text, fields: { inFlight: left } })
    if (this.#crashed) return EXIT.crashed
    return left > 0 ? EXIT.forced : EXIT.well
  }
}
