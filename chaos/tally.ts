// Counts what the recorder's files say while they grow: each line is read once, for the proxies of a stage run in this process, too.
import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { granted, type Line } from './recorder.ts'

export interface Counts {
  sent: number
  acknowledged: number
  ended: number
  completed: number
}

const CHUNK = 1 << 20

export class Tally {
  readonly counts: Counts = { sent: 0, acknowledged: 0, ended: 0, completed: 0 }
  /** When the newest success of each process began: a send that was answered with yes, a completion that was accepted. */
  readonly succeeded = new Map<string, number>()
  /** Deliveries that are not completed. */
  readonly #begun = new Map<string, number>()
  readonly #offsets = new Map<string, number>()
  readonly #buffer = Buffer.alloc(CHUNK)

  constructor(private readonly directory: string) {}

  /** Reads on to the ends of the files. */
  read(): Counts {
    for (const name of readdirSync(this.directory)) if (name.endsWith('.lines')) this.#follow(name)
    return this.counts
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
      else if (line.event === 'started') this.#begun.set(`${who} ${line.id}`, line.t)
      else if (line.event === 'completed') {
        this.counts.completed++
        this.#success(who, this.#begun.get(`${who} ${line.id}`) ?? line.t)
        this.#begun.delete(`${who} ${line.id}`)
      } else if (line.event === 'answered' && granted(line)) {
        this.counts.acknowledged++
        this.#success(who, line.t - line.took)
      }
    }
  }

  #success(who: string, began: number): void {
    this.succeeded.set(who, Math.max(this.succeeded.get(who) ?? 0, began))
  }
}
