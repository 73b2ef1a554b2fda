// The master is gone at once, with what was on its way to its replica; the sentinels let the replica take over. Later the old
// master comes back, as a replica.
import { byItsReplica, goOn, undone } from '../failovers.ts'
import { byLevel } from '../figures.ts'
import { stuck, untilAllGoOn } from '../resumption.ts'
import { atEach, scenario } from '../scenario.ts'
import { guarded } from '../stages/sentinel.ts'

const LEVELS = ['memory', 'replicas(1)']
const GONE = 'master killed'
const TAKEN = 'replica took over'
const BACK = 'old master back'

export default scenario({
  name: 'sentinel-failover',
  fault:
    'the master is killed (SIGKILL), the sentinels let its replica take over, the old master comes back as a replica',
  on: ['boomerang', 'bullmq'],
  stage: () => guarded(1),
  cast: ({ on }) => ({ ...atEach(on === 'boomerang' ? LEVELS : ['memory', 'memory']), load: { rate: 100 } }),
  async faults(run) {
    const { stage, mark, sleep, more, until, random, quick } = run
    for (let failover = 0; failover < (quick ? 1 : 8); failover++) {
      await sleep(random.between(0, 500))
      const gone = await stage.master()
      await stage.lose(gone)
      mark(GONE)
      await until('the replica has taken over', async () => (await stage.master()) !== gone)
      mark(TAKEN)
      await sleep(500)
      await stage.heal()
      if (!(await untilAllGoOn(run, BACK))) return
      await more(200)
    }
  },
  promised: byItsReplica,
  must: (played) => [...undone(played, byItsReplica), ...stuck(played.history, BACK)],
  figures: (played) => ({ ...byLevel(played), ...goOn(played, GONE), ...goOn(played, TAKEN) }),
})
