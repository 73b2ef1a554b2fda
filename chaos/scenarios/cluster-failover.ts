// One of three masters is killed; its replica takes over by the vote of the other two; later the old master comes back.
import { byItsReplica, fallenFences, longest, undone } from '../failovers.ts'
import { byLevel } from '../figures.ts'
import { atEach, scenario } from '../scenario.ts'
import { clustered } from '../stages/cluster.ts'

const LEVELS = ['memory', 'replicas(1)']
const GONE = 'a master killed'
const TAKEN = 'replica took over'

export default scenario({
  name: 'cluster-failover',
  fault: 'one of three masters is killed (SIGKILL), its replica takes over, the old master comes back as a replica',
  on: ['boomerang'],
  stage: () => clustered(),
  cast: {
    ...atEach(LEVELS),
    load: { rate: 60 },
    queue: { partitions: 6 },
  },
  async faults({ stage, mark, sleep, more, until, random, quick }) {
    for (let failover = 0; failover < (quick ? 1 : 6); failover++) {
      await sleep(1000)
      const masters = await stage.masters()
      await random.pick(masters).kill('SIGKILL')
      mark(GONE)
      await until('its replica has taken over', async () => (await stage.masters()).length === masters.length)
      mark(TAKEN)
      await sleep(500)
      mark('old master back')
      await stage.heal()
      await more(200)
    }
  },
  promised: byItsReplica,
  must: (played) => [...fallenFences(played.history), ...undone(played, byItsReplica)],
  // What is on other masters goes on all the while.
  figures: (played) => ({ ...byLevel(played), ...longest(played) }),
})
