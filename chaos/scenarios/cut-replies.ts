// Of a reply only a part arrives; then the connection is gone.
import { byLevel } from '../figures.ts'
import { resumedEach, stuck } from '../resumption.ts'
import { scenario } from '../scenario.ts'
import { single } from '../stages/single.ts'
import { late } from '../timely.ts'

const TORN = 'replies torn'

export default scenario({
  name: 'cut-replies',
  fault: 'each connection is killed in the middle of a reply, again and again',
  on: ['boomerang', 'bullmq', 'bee-queue'],
  stage: () => single(),
  cast: { load: { rate: 50 } },
  async faults(run) {
    for (let round = 0; round < (run.quick ? 10 : 100); round++) {
      run.stage.proxy.tear(run.random.between(0, 99) / 100)
      run.mark(TORN)
      await run.more(10)
      await run.sleep(run.random.between(0, 500))
    }
  },
  must: (played) => [...stuck(played.history, TORN), ...late(played)],
  figures: (played) => ({ ...byLevel(played), ...resumedEach(played.history, TORN) }),
})
