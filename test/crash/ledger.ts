// What workers did, written where no crash of Redis or of a worker can change it: a line for each event, appended to a file.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { IsolatedMessage } from '../../lib/index.ts'

/** A message that says what becomes of its handler: one deed for each delivery, 'work' for those after. */
export interface Task {
  n: number
  deeds?: Deed[]
  /** How long its handler works, ms. */
  ms?: number
  /** The idempotency key that workers derive, if they do. */
  key?: string
}

/**
 * hold: until told to go on, or aborted. block: the whole thread stands still until another has the message; compute: for
 * the message's time; forever: until its thread is ended.
 */
export type Deed = 'work' | 'hold' | 'block' | 'compute' | 'forever' | 'exit' | 'kill'

export interface Line {
  event: 'started' | 'finished' | 'completed' | 'duplicate' | 'lost' | 'aborted'
  n: number
  id: string
  delivery: number
  attempt: number
  fence: number
  pid: number
  /** Of an abortion: the code of its reason. */
  reason?: string
}

export class Ledger {
  constructor(readonly file: string) {}

  note(event: Line['event'], message: IsolatedMessage<Task>, reason?: string): void {
    const { id, deliveries: delivery, attempts: attempt, fence } = message
    const line: Line = { event, n: message.body.n, id, delivery, attempt, fence, pid: process.pid }
    appendFileSync(this.file, `${JSON.stringify(reason ? { ...line, reason } : line)}\n`)
  }

  /** In the order in which they were written, by all processes. */
  lines(event?: Line['event'], pid?: number): Line[] {
    if (!existsSync(this.file)) return []
    // What follows the last line's end is a line that is being written.
    const whole = readFileSync(this.file, 'utf8').split('\n').slice(0, -1)
    const lines = whole.map((line) => JSON.parse(line) as Line)
    return lines.filter((line) => (!event || line.event === event) && (!pid || line.pid === pid))
  }

  /**
   * Each of the messages was processed, none came twice under two ids, each was completed at most once (the line of one whose
   * worker was killed just then is missing), and none was handed out again after that. (A worker that stood still may begin
   * late with what it was given before: the delivery tells.)
   */
  expectOnce(messages: number[]): void {
    const lines = this.lines()
    const finished = new Set(lines.filter(({ event }) => event === 'finished').map(({ n }) => n))
    expect(messages.filter((n) => !finished.has(n))).toEqual([])
    const ids = new Map<number, string>()
    const delivered = new Set<string>()
    const completed = new Map<number, number>()
    const wrong: string[] = []
    for (const { event, n, id, delivery } of lines) {
      if ((ids.get(n) ?? id) !== id) wrong.push(`${n} came under two ids`)
      ids.set(n, id)
      if (event === 'completed' && completed.has(n)) wrong.push(`${n} was completed twice`)
      if (event === 'started' && delivery > (completed.get(n) ?? Infinity))
        wrong.push(`${n} was handed out after it was completed`)
      if (event === 'started' && delivered.has(`${n} ${delivery}`))
        wrong.push(`${n} came twice as delivery ${delivery}`)
      if (event === 'completed') completed.set(n, delivery)
      if (event === 'started') delivered.add(`${n} ${delivery}`)
    }
    expect(wrong).toEqual([])
  }
}
