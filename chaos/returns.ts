// How soon each worker and each producer go on once a server is back.
import { spread } from './figures.ts'
import type { History } from './history.ts'
import { granted } from './recorder.ts'
import type { Figures, Played } from './scenario.ts'

interface Return {
  who: string
  /** ms from the mark. */
  ms: number
}

/** For each mark and each worker that was there: how long until it began a message. */
export function workersBack({ history, workers }: Played, text: string): Return[] {
  return back(
    history,
    text,
    workers.map(({ who }) => who),
    'started',
  )
}

/** For each mark and each producer: how long until a call of its was answered. */
export function producersBack({ history, producers }: Played, text: string): Return[] {
  return back(
    history,
    text,
    producers.map(({ who }) => who),
    'answered',
  )
}

function back(history: History, text: string, whose: string[], event: 'started' | 'answered'): Return[] {
  const marks = history.marks.filter((mark) => mark.text === text)
  const last = history.lines.at(-1)?.t ?? 0
  return whose.flatMap((who) => {
    const own = history.lines.filter((line) => line.who === who)
    const times = own.filter((line) => counts(line, event)).map(({ t }) => t)
    return marks
      .filter(({ t }) => (own[0]?.t ?? last) < t && (own.at(-1)?.t ?? 0) > t)
      .map(({ t }) => ({ who, ms: (times.find((time) => time >= t) ?? last) - t }))
  })
}

function counts(line: History['lines'][number], event: 'started' | 'answered'): boolean {
  return line.event === event && (line.event !== 'answered' || granted(line))
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
