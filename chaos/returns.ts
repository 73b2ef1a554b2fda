// How soon each worker and each producer go on once a server is back.
import { spread } from './figures.ts'
import type { Member } from './fleet.ts'
import type { History } from './history.ts'
import { granted } from './recorder.ts'
import type { Figures, Played } from './scenario.ts'

interface Return {
  who: string
  /** ms from the mark. */
  ms: number
}

/** For each mark and each worker that was there: how long until it began something that was handed out afterwards. */
export const workersBack = ({ history, workers }: Played, text: string): Return[] =>
  back(history, text, workers, (line) => (line.event === 'started' ? history.handedOut(line) : undefined))

/** For each mark and each producer: how long until a call of its that began afterwards was answered. */
export const producersBack = ({ history, producers }: Played, text: string): Return[] =>
  back(history, text, producers, (line) =>
    line.event === 'answered' && granted(line) ? line.t - line.took : undefined,
  )

/** `began`: when that which a line tells of began; undefined where it does not count. Who never goes on is told as the time that was left. */
function back(
  history: History,
  text: string,
  whose: Member[],
  began: (line: History['lines'][number]) => number | undefined,
): Return[] {
  const marks = history.marks.filter((mark) => mark.text === text)
  const last = history.lines.at(-1)?.t ?? 0
  return whose.flatMap(({ who }) => {
    const own = history.lines.filter((line) => line.who === who)
    return marks
      .filter(({ t }) => (own[0]?.t ?? last) < t && (own.at(-1)?.t ?? 0) > t)
      .map(({ t }) => ({ who, ms: (own.find((line) => (began(line) ?? 0) >= t)?.t ?? last) - t }))
  })
}

export function slowReturns(played: Played, text: string, soon: number): string[] {
  return workersBack(played, text)
    .filter(({ ms }) => ms > soon)
    .map(({ who, ms }) => `${who} took ${Math.round(ms)} ms to go on after "${text}"`)
}

export function figuresOfReturns(played: Played, text: string): Figures {
  const times = (list: Return[]) => list.map(({ ms }) => ms)
  return {
    ...spread('until each worker goes on, ms', times(workersBack(played, text))),
    ...spread('until each producer is answered, ms', times(producersBack(played, text))),
  }
}
