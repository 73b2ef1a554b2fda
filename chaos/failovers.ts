// What must hold, and what is told, when another server takes over.
import { spread } from './figures.ts'
import type { Member } from './fleet.ts'
import { type History, keptAt } from './history.ts'
import { granted } from './recorder.ts'
import { producersBack, workersBack } from './returns.ts'
import type { Figures, Played } from './scenario.ts'

/** What is promised where a master has one replica: it is this one that takes over, whatever happens. */
export const byItsReplica = (level: string): boolean => level === 'replicas(1)'

/**
 * A completion that has reached its level is not undone by a failover: nothing is handed out of what was completed before, if it had
 * been acknowledged at a promised level when it was. (Else the new master may never have had it, and what is unknown counts as done.)
 * `since`: from then on alone, where before it two masters handed out.
 */
export function undone({ history }: Played, promised: (level: string) => boolean, since = 0): string[] {
  const found: string[] = []
  for (const effect of history.effects.values()) {
    const { name, deliveries } = effect
    const kept = keptAt(effect, promised)
    const completed = deliveries.find(({ event, level, t }) => event === 'completed' && promised(level) && t > kept)
    const after = Math.max(completed?.t ?? Number.POSITIVE_INFINITY, since)
    const again = deliveries.find((line) => line.event === 'started' && history.handedOut(line) > after)
    if (again) found.push(`${name} was completed at ${completed?.level}, and handed out again to ${again.who}`)
  }
  return found
}

/** From a mark until the producers and the workers of each level go on. */
export function goOn(played: Played, text: string): Figures {
  const figures: Figures = {}
  const levels = levelsOf(played.history)
  const add = (what: string, members: Member[], list: Array<{ who: string; ms: number }>) => {
    for (const level of new Set(members.map(({ who }) => levels.get(who) ?? '')))
      Object.assign(
        figures,
        spread(
          `${what} at ${level} go on after '${text}', ms`,
          list.filter(({ who }) => levels.get(who) === level).map(({ ms }) => ms),
        ),
      )
  }
  add('sends', played.producers, producersBack(played, text))
  add('workers', played.workers, workersBack(played, text))
  return figures
}

/**
 * How long those who waited longest for an answer waited in all, however often they had to ask again, at each level; and the
 * message that waited longest for a handler, once its send was answered.
 */
export function longest({ history }: Played): Figures {
  const most = new Map<string, number>()
  const note = (what: string, ms: number) => most.set(what, Math.max(most.get(what) ?? 0, ms))
  for (const { sent, answers, deliveries } of history.effects.values()) {
    const good = answers.find(granted)
    const begun = deliveries.find(({ event }) => event === 'started')
    const [first] = sent
    if (good && first) note(`longest until a send at ${good.level} was answered, ms`, good.t - first.t)
    if (good && begun) note('longest until a handler had what was answered, ms', begun.t - good.t)
  }
  return Object.fromEntries([...most].map(([what, ms]) => [what, Math.round(ms)]))
}

function levelsOf(history: History): Map<string, string> {
  return new Map(history.lines.flatMap((line) => ('level' in line ? [[line.who, line.level] as const] : [])))
}
