// Redis closes all connections, those of subscriptions too.
import { byLevel } from '../figures.ts'
import { resumedEach, stuck } from '../resumption.ts'
import { scenario } from '../scenario.ts'
import { single } from '../stages/single.ts'
import { late } from '../timely.ts'

const KILLED = 'clients killed'

export default scenario({
  name: 'client-kill',
  fault: '`CLIENT KILL` of all connections and subscriptions, again and again',
  on: ['boomerang', 'bullmq', 'bee-queue'],
  stage: () => single(),
  cast: { load: { rate: 50 } },
  async faults({ stage, mark, more, sleep, random, quick }) {
    for (let round = 0; round < (quick ? 10 : 100); round++) {
      for (const type of ['normal', 'pubsub']) await stage.direct.call('CLIENT', 'KILL', 'TYPE', type)
      mark(KILLED)
      await more(10)
      await sleep(random.between(0, 500))
    }
  },
  must: (played) => [...stuck(played.history, KILLED), ...late(played)],
  figures: (played) => ({ ...byLevel(played), ...resumedEach(played.history, KILLED) }),
})
