// A worker is killed every second, and another takes its place.
import { byLevel, spread } from '../figures.ts'
import type { History } from '../history.ts'
import { scenario } from '../scenario.ts'
import { single } from '../stages/single.ts'

const VISIBILITY = 2000
/** A message is receivable so long after its deadline at the latest, ms (docs/lifecycle.md). */
const LATE = 1000

export default scenario({
  name: 'killed-workers',
  fault: 'a worker is killed (SIGKILL) every second, and replaced',
  on: ['boomerang', 'bullmq', 'bee-queue'],
  stage: () => single(),
  cast: { workers: [{}, {}, {}], queue: { visibility: VISIBILITY } },
  async faults({ workers, random, mark, sleep, quick }) {
    for (let kill = 0; kill < (quick ? 8 : 60); kill++) {
      await sleep(1000)
      mark('worker killed')
      await workers.kill(random.pick(workers.running))
      await workers.start({})
    }
  },
  must: ({ history }) =>
    redelivered(history)
      .filter((late) => late > LATE)
      .map((late) => `a message came ${Math.round(late)} ms after its deadline at the earliest`),
  figures: (played) => ({
    ...byLevel(played),
    ...spread('redelivered after the deadline, ms', redelivered(played.history)),
  }),
})

/**
 * How long after its deadline each message of a killed worker was handed out again, ms. The deadline was prolonged at the
 * kill at the latest, so it is taken to be then + visibility; less than 0 where the last heartbeat was long before.
 */
function redelivered(history: History): number[] {
  const ends = new Map(history.lines.map(({ who, t }) => [who, t]))
  const late: number[] = []
  for (const { deliveries } of history.effects.values()) {
    const started = deliveries.filter(({ event }) => event === 'started')
    started.slice(1).forEach(({ t, id }, i) => {
      const before = started[i]
      if (before?.id === id) late.push(t - (ends.get(before.who) as number) - VISIBILITY)
    })
  }
  return late
}
