// A worker is killed every second, and another takes its place.
import { byLevel, spread } from '../figures.ts'
import { redelivered, tooLate } from '../redelivery.ts'
import { type Run, scenario } from '../scenario.ts'
import { single } from '../stages/single.ts'

const VISIBILITY = 2000

const killed = {
  fault: 'a worker is killed (SIGKILL) every second, and replaced',
  stage: () => single(),
  async faults({ workers, random, mark, sleep, quick }: Run) {
    for (let kill = 0; kill < (quick ? 6 : 60); kill++) {
      await sleep(1000)
      mark('worker killed')
      await workers.kill(random.pick(workers.running))
      await workers.start({})
    }
  },
  // A quick run may share the machine with others: then nobody is there to take what is receivable.
  must: ({ history, quick }) => (quick ? [] : tooLate(history, VISIBILITY)),
  figures: (played) => ({
    ...byLevel(played),
    ...spread('redelivered after the deadline, ms', redelivered(played.history, VISIBILITY)),
  }),
} satisfies Partial<Parameters<typeof scenario>[0]>

const cast = { workers: [{}, {}, {}], queue: { visibility: VISIBILITY } }

export default scenario({
  ...killed,
  name: 'killed-workers',
  on: ['boomerang', 'bullmq', 'bee-queue'],
  cast,
})

/** The others have no groups whose order is kept. */
export const fifo = scenario({
  ...killed,
  name: 'fifo',
  fault: 'the same, of a FIFO queue with 32 groups',
  on: ['boomerang'],
  cast: { ...cast, load: { fifo: true, rate: 40, groups: 16 } },
})
