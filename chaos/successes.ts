// What counts as a success of a process: a send that was answered with yes, a completion that was accepted.
import { granted, type Line } from './recorder.ts'

export class Successes {
  /** Deliveries that have started and are not completed. */
  readonly #begun = new Map<string, number>()

  /** When the success of which a line tells began; undefined where it tells of none. All lines of a process are to be given, in their order. */
  began(who: string, line: Line): number | undefined {
    if (line.event === 'answered') return granted(line) ? line.t - line.took : undefined
    if (line.event !== 'started' && line.event !== 'completed') return undefined
    const delivery = `${who} ${line.id}`
    if (line.event === 'started') {
      this.#begun.set(delivery, line.t)
      return undefined
    }
    const began = this.#begun.get(delivery) ?? line.t
    this.#begun.delete(delivery)
    return began
  }
}
