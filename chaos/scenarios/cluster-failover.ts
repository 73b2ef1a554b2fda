// One of three masters is killed; its replica takes over by the vote of the other two; later the old master comes back.
import { byItsReplica, longest, undone } from '../failovers.ts'
import { byLevel } from '../figures.ts'
import { stuck, untilAllGoOn } from '../resumption.ts'
import { atEach, scenario } from '../scenario.ts'
import { clustered } from '../stages/cluster.ts'

const LEVELS = ['memory', 'replicas(1)']
const GONE = 'a master killed'
const TAKEN = 'replica took over'
const BACK = 'old master back'

export default scenario({
  name: 'cluster-failover',
  fault: 'one of three masters is killed (SIGKILL), its replica takes over, the old master comes back as a replica',
  on: ['boomerang', 'bullmq'],
  stage: () => clustered(),
  cast: ({ on }) => ({
    ...atEach(on === 'boomerang' ? LEVELS : ['memory', 'memory']),
    load: { rate: 60 },
    queue: { partitions: 6 },
  }),
  async faults(run) {
    const { stage, mark, sleep, more, until, random, quick } = run
    for (let failover = 0; failover < (quick ? 1 : 6); failover++) {
      await sleep(1000)
      const masters = await stage.masters()
      await random.pick(masters).kill('SIGKILL')
      mark(GONE)
      await until('its replica has taken over', async () => (await stage.masters()).length === masters.length)
      mark(TAKEN)
      await sleep(500)
      await stage.heal()
      if (!(await untilAllGoOn(run, BACK))) return
      await more(200)
    }
  },
  promised: byItsReplica,
  must: (played) => [...undone(played, byItsReplica), ...stuck(played.history, BACK)],
  // What is on other masters goes on all the while.
  figures: (played) => ({ ...byLevel(played), ...longest(played) }),
})
