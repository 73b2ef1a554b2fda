// How long it takes until all go on after a fault: each process for itself, by what it began after the fault.
import { spread } from './figures.ts'
import type { History, Told } from './history.ts'
import type { Figures, Run } from './scenario.ts'
import { Successes } from './successes.ts'

interface Resumption {
  who: string
  /** From the mark until its first success that began after the mark; undefined where none did. */
  ms: number | undefined
}

/** From each mark of this text, for each process that was at work before and lived on: until it was at work again. */
function resumptions(history: History, text: string): Resumption[] {
  const marks = history.marks.filter((mark) => mark.text === text).map(({ t }) => t)
  return [...linesOf(history)].flatMap(([who, lines]) => {
    const done = successes(lines)
    const died = lines.at(-1)?.t ?? 0
    return marks.flatMap((t) => {
      const first = done.find(({ from }) => from >= t)
      const there = (done[0]?.t ?? t) < t && (first !== undefined || died > t + LONG)
      return there ? [{ who, ms: first && first.t - t }] : []
    })
  })
}

/** Who lives on for so long without having done anything is stuck, ms. */
const LONG = 10_000

function linesOf(history: History): Map<string, Told[]> {
  const lines = new Map<string, Told[]>()
  for (const line of history.lines) {
    const own = lines.get(line.who)
    if (own) own.push(line)
    else lines.set(line.who, [line])
  }
  return lines
}

/** Of one process. */
function successes(lines: Told[]): Array<{ from: number; t: number }> {
  const known = new Successes()
  return lines.flatMap((line) => {
    const from = known.began(line.who, line)
    return from === undefined ? [] : [{ from, t: line.t }]
  })
}

/** From each mark of this text until each producer had an answer and each worker a completion: of what began after the mark. */
export function resumedEach(history: History, text: string): Figures {
  const found = resumptions(history, text)
  const of = (role: string) => found.flatMap(({ who, ms }) => (who.startsWith(role) && ms !== undefined ? [ms] : []))
  return {
    ...spread(`sends go on after '${text}', ms`, of('producer')),
    ...spread(`handlers go on after '${text}', ms`, of('worker')),
  }
}

/** Who never went on after a mark of this text. */
export function stuck(history: History, text: string): string[] {
  return resumptions(history, text)
    .filter(({ ms }) => ms === undefined)
    .map(({ who }) => `${who} did not go on after '${text}'`)
}

/** Marks what happened, and waits until all who run have gone on; answers false when somebody has not within a minute. */
export async function untilAllGoOn(run: Run, text: string): Promise<boolean> {
  const since = run.mark(text)
  try {
    await run.until('all go on', () => run.allWentOn(since))
    return true
  } catch {
    return false
  }
}
