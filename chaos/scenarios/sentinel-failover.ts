// The master is gone at once, with what was on its way to its replica; the sentinels let the replica take over. Later the old
// master comes back, as a replica.
import { fallenFences, goOn, undone } from '../failovers.ts'
import { byLevel } from '../figures.ts'
import { scenario } from '../scenario.ts'
import { guarded } from '../stages/sentinel.ts'

const LEVELS = ['memory', 'replicas(1)']
const GONE = 'master killed'
const TAKEN = 'replica took over'

/** With one replica it is this one that takes over, whatever happens. */
const promised = (level: string) => level === 'replicas(1)'

/** A producer and a worker at each level. */
const cast = (levels: string[]) => ({
  producers: levels,
  workers: levels.map((level) => ({ level })),
  load: { rate: 100 },
})

export default scenario({
  name: 'sentinel-failover',
  fault:
    'the master is killed (SIGKILL), the sentinels let its replica take over, the old master comes back as a replica',
  on: ['boomerang', 'bullmq'],
  stage: () => guarded(1),
  cast: ({ on }) => cast(on === 'boomerang' ? LEVELS : ['memory', 'memory']),
  async faults({ stage, mark, sleep, more, until, random, quick }) {
    for (let failover = 0; failover < (quick ? 1 : 8); failover++) {
      await sleep(random.between(0, 500))
      const gone = await stage.master()
      await stage.lose(gone)
      mark(GONE)
      await until('the replica has taken over', async () => (await stage.master()) !== gone)
      mark(TAKEN)
      await sleep(500)
      mark('old master back')
      await stage.heal()
      await more(200)
    }
  },
  promised,
  must: (played) => [...fallenFences(played.history), ...undone(played, promised)],
  figures: (played) => ({ ...byLevel(played), ...goOn(played, GONE), ...goOn(played, TAKEN) }),
})
