// Several worker processes under one parent: started, replaced when they die, stopped together.
import { EXIT, type ExitCode } from '../exit.ts'
import { Gate } from './gate.ts'
import { type HealthOptions, serveHealth } from './health.ts'
import { Log } from './log.ts'
import { Member } from './member.ts'
import type { Setup } from './setup.ts'
import { onSignals } from './signals.ts'

/** Handlers have 5 s more after the grace, when their signals were aborted; past that a process does not answer. */
const LAST_GRACE = 10_000
const AT_ONCE = 1_000

export async function workTogether(
  setup: Setup,
  processes: number,
  health: HealthOptions | undefined,
): Promise<ExitCode> {
  const together = new Together(setup, processes)
  onSignals(
    (name) => together.stop(name),
    (name) => together.force(`a second ${name}`),
  )
  if (health) await together.answerHealth(health)
  return together.run()
}

class Together {
  readonly #log: Log
  readonly #members: Member[]
  readonly #started = new Gate()
  #anyWorked = false
  #forced = false

  constructor(
    private readonly setup: Setup,
    processes: number,
  ) {
    this.#log = new Log(setup.log)
    const ready = () => {
      this.#anyWorked = true
      this.#started.open()
    }
    const hopeless = (code: number) => !this.#anyWorked && (code === EXIT.refused || code === EXIT.unreachable)
    this.#members = Array.from({ length: processes }, (_, i) => new Member(i + 1, setup, this.#log, ready, hopeless))
  }

  /** The first process goes ahead: what keeps it from starting would keep all, and is said once. */
  async run(): Promise<ExitCode> {
    const [first, ...others] = this.#members as [Member, ...Member[]]
    const leading = first.keep().then((code) => {
      if (!this.#anyWorked) this.#halt()
      return code
    })
    await this.#started.opened
    const codes = await Promise.all([leading, ...others.map((member) => member.keep())])
    return this.#forced ? EXIT.forced : (Math.max(...codes) as ExitCode)
  }

  stop(why: string): void {
    this.#log.write({ level: 'info', event: 'stopping', text: `${why}: all processes`, fields: { why } })
    this.#halt(why)
    setTimeout(() => this.#kill(), this.setup.grace + LAST_GRACE).unref()
  }

  force(why: string): void {
    this.#forced = true
    for (const member of this.#members) member.force(why)
    setTimeout(() => this.#kill(), AT_ONCE).unref()
  }

  async answerHealth(options: HealthOptions): Promise<void> {
    const port = await serveHealth(options, async () => {
      const there = this.#members.filter(({ working }) => working)
      return { processes: await Promise.all(there.map((member) => member.report())), wanted: this.#members.length }
    })
    this.#log.write({
      level: 'info',
      event: 'health',
      text: `on http://${options.host}:${port}/healthz and /readyz`,
      fields: { port },
    })
  }

  #halt(why = 'stopping'): void {
    for (const member of this.#members) member.stop(why)
    this.#started.open()
  }

  #kill(): void {
    for (const member of this.#members) member.kill()
  }
}
