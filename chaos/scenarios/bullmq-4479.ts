// The workers are idle when their connections are reset; what falls due afterwards must still be taken.

import { byLevel, spread } from '../figures.ts'
import { acknowledged, type History } from '../history.ts'
import { scenario } from '../scenario.ts'
import { type Single, single } from '../stages/single.ts'

const DELAY = 4000
/** Who takes it later than so many ms has not noticed that it fell due; a busy machine may take its time. */
const UNNOTICED = 10_000

export default scenario<Single>({
  name: 'bullmq-4479',
  fault: 'connections of idle workers are reset; then delayed messages fall due, and nobody sends anything',
  why: 'bullmq#4479: after a reset connection on a single Redis a worker says that it runs and reads nothing more; only a new job wakes it.',
  on: ['boomerang', 'bullmq', 'bee-queue'],
  stage: () => single(),
  cast: { load: { rate: 100, special: [{ every: 10, delay: DELAY }] } },
  async faults({ stage, producers, mark, sleep }) {
    await producers.stop(60_000)
    await sleep(DELAY / 2)
    mark('connections reset')
    stage.proxy.cut()
  },
  must: ({ history }) =>
    taken(history)
      .filter((ms) => ms > UNNOTICED)
      .map((ms) => `a message was taken ${Math.round(ms)} ms after it fell due`),
  figures: (played) => ({
    ...byLevel(played),
    ...spread('taken after they fell due, ms', taken(played.history)),
  }),
})

/** Of messages that fell due after the reset. */
function taken(history: History): number[] {
  const reset = history.marks[0]?.t as number
  return [...history.effects.values()]
    .filter((effect) => acknowledged(effect))
    .flatMap(({ sent, deliveries }) => {
      const due = (sent[0]?.t as number) + (sent[0]?.delay ?? Number.NEGATIVE_INFINITY)
      const started = deliveries.find(({ event }) => event === 'started')
      return due > reset && started ? [started.t - due] : []
    })
}
