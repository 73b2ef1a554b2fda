// Counts what the recorder's files say while they grow: each line is read once, for the proxies of a stage run in this process, too.
import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { granted, type Line } from './recorder.ts'
import { Successes } from './successes.ts'

export interface Counts {
  sent: number
  acknowledged: number
  ended: number
  completed: number
}

const CHUNK = 1 << 20

export class Tally {
  readonly counts: Counts = { sent: 0, acknowledged: 0, ended: 0, completed: 0 }
  /** When the newest success of each process began. */
  readonly succeeded = new Map<string, number>()
  /** The sockets of each process, by its last two looks. */
  readonly #sockets = new Map<string, [number | undefined, number]>()
  readonly #successes = new Successes()
  readonly #offsets = new Map<string, number>()
  readonly #buffer = Buffer.alloc(CHUNK)

  constructor(private readonly directory: string) {}

  /** Reads on to the ends of the files. */
  read(): Counts {
    for (const name of readdirSync(this.directory)) if (name.endsWith('.lines')) this.#follow(name)
    return this.counts
  }

  /** Each of these processes has as many connections as a second ago. */
  haveOpened(processes: string[]): boolean {
    this.read()
    return processes.every((who) => {
      const [before, now] = this.#sockets.get(who) ?? []
      return now !== undefined && before === now
    })
  }

  #follow(name: string): void {
    const file = openSync(join(this.directory, name), 'r')
    try {
      for (;;) {
        const offset = this.#offsets.get(name) ?? 0
        const length = readSync(file, this.#buffer, 0, CHUNK, offset)
        const whole = this.#buffer.lastIndexOf(10, length - 1) + 1
        if (length === 0 || whole === 0) return
        this.#offsets.set(name, offset + whole)
        this.#count(this.#buffer.toString('latin1', 0, whole), name.slice(0, -'.lines'.length))
      }
    } finally {
      closeSync(file)
    }
  }

  #count(text: string, who: string): void {
    for (const json of text.split('\n').slice(0, -1)) {
      const line = JSON.parse(json) as Line
      if (line.event === 'sent') this.counts.sent++
      else if (line.event === 'ended') this.counts.ended++
      else if (line.event === 'completed') this.counts.completed++
      else if (line.event === 'vitals') this.#sockets.set(who, [this.#sockets.get(who)?.[1], line.sockets])
      else if (line.event === 'answered' && granted(line)) this.counts.acknowledged++
      const began = this.#successes.began(who, line)
      if (began !== undefined) this.succeeded.set(who, Math.max(this.succeeded.get(who) ?? 0, began))
    }
  }
}
