// The producers and workers of a run: real processes, to be killed, stopped and started again.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Where } from '../lib/index.ts'
import { type Ending, type Program, startProgram } from '../test/harness/programs.ts'
import type { Deed } from './job.ts'
import type { Place, SystemName, WorkerSettings } from './system.ts'

/** What producers send and workers do. */
export interface Load {
  /** Effects a second of each producer. */
  rate: number
  /** How long handlers work, ms: from, to. */
  work: [number, number]
  /** Of each call, ms. */
  timeout: number
  /** What nobody answered is sent again by its id or key. */
  resend: boolean
  derived: boolean
  fifo: boolean
  /** Of each producer, on a FIFO queue. */
  groups: number
  /** Messages that are not like the others. */
  special: Special[]
}

/** One of so many. */
export interface Special {
  every: number
  /** Once so many were sent, and until so many were. */
  after?: number
  until?: number
  deed?: Deed
  /** How long its handler works. */
  ms?: number
  /** ms before it may be received. */
  delay?: number
}

interface Setup {
  who: string
  /** Where the recorder writes. */
  directory: string
  on: SystemName
  place: Place
}

export interface ProducerSetup extends Setup {
  load: Load
  level: string
  /** How long one message is sent again, ms. */
  patience: number
}

export interface WorkerSetup extends Setup {
  settings: WorkerSettings
}

/** What is different about one process. */
export interface Process {
  /** Another program than that of the others. */
  file?: string
  nodeArgs?: string[]
  env?: Record<string, string>
  /** Connects otherwise than those of the stage. */
  where?: Where
}

export interface Member {
  who: string
  program: Program
  /** Was killed by the harness, or is to end: its end is no surprise. */
  expected: boolean
}

/** Ends that nobody asked for are noted in `surprises`. */
export class Fleet<Options> {
  readonly members: Member[] = []
  readonly surprises: string[] = []
  #count = 0
  /** Starts another for one that has ended by itself. */
  #replace: (() => Promise<unknown>) | undefined
  readonly #replacing = new Set<Promise<unknown>>()

  constructor(
    private readonly role: string,
    private readonly file: Promise<string>,
    private readonly setup: (who: string, options: Options) => Setup,
    private readonly nodeArgs: string[] = [],
  ) {}

  /** Those that run now. */
  get running(): Member[] {
    return this.members.filter(({ program }) => program.child.exitCode === null && program.child.signalCode === null)
  }

  /** Starts one and waits until it works. */
  async start(options: Options, { file, where, ...process }: Process = {}): Promise<Member> {
    const who = `${this.role}-${this.#count++}`
    const setup = this.setup(who, options)
    if (where !== undefined) setup.place = { ...setup.place, where }
    const program = startProgram(file ?? (await this.file), {
      ...process,
      nodeArgs: [...this.nodeArgs, ...(process.nodeArgs ?? [])],
      plain: true,
      args: [JSON.stringify(setup)],
    })
    const member = { who, program, expected: false }
    this.members.push(member)
    program.ended.then((ending) => this.#ended(member, ending))
    await program.line('working')
    return member
  }

  /** From now on it is no surprise when one is killed, and another takes its place, until all are to stop. */
  supervise(options: Options): void {
    this.#replace = () => this.start(options)
  }

  /** SIGKILL, waited for. */
  async kill(member: Member): Promise<void> {
    member.expected = true
    member.program.kill('SIGKILL')
    await member.program.ended
  }

  /** Ends all well. Who does not end by itself in so many ms has left something open, and is killed. */
  async stop(patience: number): Promise<void> {
    this.#replace = undefined
    await Promise.all(this.#replacing)
    await Promise.all(
      this.running.map(async (member) => {
        member.expected = true
        member.program.say('stop')
        const timer = setTimeout(() => {
          this.surprises.push(`${member.who} did not end within ${patience} ms of being asked to`)
          member.program.kill('SIGKILL')
        }, patience)
        await member.program.ended
        clearTimeout(timer)
      }),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const member of this.members) {
      member.expected = true
      await member.program[Symbol.asyncDispose]()
    }
  }

  #ended({ who, program, expected }: Member, { code, signal }: Ending): void {
    if (!expected && signal === 'SIGKILL' && this.#replace) {
      // It may be killed before it has said that it works; then its own end has it replaced.
      const replaced = this.#replace().catch(() => {})
      this.#replacing.add(replaced)
      replaced.then(() => this.#replacing.delete(replaced))
      return
    }
    if (program.errors) this.surprises.push(`${who} said: ${program.errors.trim().slice(0, 500)}`)
    if (!expected) this.surprises.push(`${who} ended by itself: ${signal ?? `exit code ${code}`}`)
  }
}

/** What was on its way to the servers arrives, ms. */
const ARRIVE = 200

/** Look while nobody changes anything. */
export async function standingStill(members: Member[], look: () => Promise<string[]>): Promise<string[]> {
  const all = (signal: NodeJS.Signals) => {
    for (const { program } of members) program.kill(signal)
  }
  all('SIGSTOP')
  try {
    await sleep(ARRIVE)
    return await look()
  } finally {
    all('SIGCONT')
  }
}
