// Clients whose clocks are an hour ahead or behind, beside others whose clocks are right.
import { byLevel, spread } from '../figures.ts'
import { acknowledged, type Effect, type History } from '../history.ts'
import { program } from '../programs.ts'
import { scenario } from '../scenario.ts'
import { single } from '../stages/single.ts'
import { superseded } from '../superseded.ts'

const HOUR = 3_600_000
/** Long enough for heartbeats on a busy machine, and nothing beside an hour. */
const VISIBILITY = 4000
const DELAY = 2000

export default scenario({
  name: 'clock-off',
  fault: 'the clock of a producer and of a worker is an hour ahead, of others an hour behind',
  on: ['boomerang', 'bullmq', 'bee-queue'],
  stage: () => single(),
  cast: {
    // What is older than half an hour is dropped: an hour must not make it older.
    queue: { visibility: VISIBILITY, retention: HOUR / 2 },
    load: {
      rate: 50,
      special: [
        { every: 150, ms: 1.5 * VISIBILITY },
        { every: 10, delay: DELAY },
      ],
    },
  },
  async faults({ producers, workers, mark, sleep, quick }) {
    const nodeArgs = ['--import', await program('./wrong-clock.ts')]
    for (const off of [HOUR, -HOUR]) {
      mark(off > 0 ? 'clients an hour ahead' : 'clients an hour behind')
      const process = { nodeArgs, env: { CLOCK_OFF: String(off) } }
      await Promise.all([producers.start('memory', process), workers.start({}, process)])
    }
    await sleep(quick ? 4000 : 60_000)
  },
  must: ({ history }) => [
    ...superseded(history).map(({ line }) => `${line.effect} came again while ${line.who} had it`),
    ...early(history),
  ],
  figures: (played) => ({
    ...byLevel(played),
    'came again while a worker had them': superseded(played.history).length,
    'came before their delay was over': early(played.history).length,
    ...spread('late after their delay, ms, clock right', late(played.history, ['producer-0', 'producer-1'])),
    ...spread('the same, an hour ahead', late(played.history, ['producer-2'])),
    ...spread('the same, an hour behind', late(played.history, ['producer-3'])),
  }),
})

/** How long after its time each delayed message came, ms; it may have been stored as soon as it was sent. */
function late(history: History, producers?: string[]): number[] {
  const from = ({ sent }: Effect) => sent[0]?.who as string
  const delayed = [...history.effects.values()].filter((effect) => acknowledged(effect) && effect.sent[0]?.delay)
  return delayed
    .filter((effect) => !producers || producers.includes(from(effect)))
    .flatMap(({ sent, deliveries }) => {
      const started = deliveries.find(({ event }) => event === 'started')
      return started ? [started.t - (sent[0]?.t as number) - DELAY] : []
    })
}

/** Redis counts whole milliseconds. */
const early = (history: History): string[] =>
  late(history)
    .filter((ms) => ms < -1)
    .map((ms) => `a message came ${Math.round(-ms)} ms before its time`)
