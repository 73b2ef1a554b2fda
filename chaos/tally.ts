// Counts what the recorder's files say while they grow.
import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'

export interface Counts {
  sent: number
  acknowledged: number
  ended: number
  completed: number
}

const CHUNK = 1 << 20

export class Tally {
  readonly counts: Counts = { sent: 0, acknowledged: 0, ended: 0, completed: 0 }
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
        this.#count(this.#buffer.toString('latin1', 0, whole))
      }
    } finally {
      closeSync(file)
    }
  }

  #count(text: string): void {
    for (const line of text.split('\n')) {
      if (line.startsWith('{"event":"sent"')) this.counts.sent++
      else if (line.startsWith('{"event":"ended"')) this.counts.ended++
      else if (line.startsWith('{"event":"completed"')) this.counts.completed++
      else if (line.startsWith('{"event":"answered"') && /"outcome":"(?:ok|duplicate)"/.test(line))
        this.counts.acknowledged++
    }
  }
}
