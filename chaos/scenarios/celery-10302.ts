// Connections are reset again and again while workers consume.
import { byLevel } from '../figures.ts'
import { resumedEach, stuck, untilAllGoOn } from '../resumption.ts'
import { scenario } from '../scenario.ts'
import { type Single, single } from '../stages/single.ts'

const RESET = 'connections reset'

export default scenario<Single>({
  name: 'celery-10302',
  fault: 'all connections are reset, again and again',
  why: 'celery#10302: after "connection reset by peer" a worker said that it connects again, and consumed nothing until it was restarted.',
  on: ['boomerang', 'bullmq', 'bee-queue'],
  stage: () => single(),
  cast: { load: { rate: 100 } },
  async faults(run) {
    const { stage, random, mark, sleep, quick } = run
    for (let reset = 0; reset < (quick ? 4 : 40); reset++) {
      mark(RESET)
      stage.proxy.cut()
      await sleep(random.between(100, 2000))
    }
    stage.proxy.cut()
    await untilAllGoOn(run, RESET)
  },
  must: ({ history }) => stuck(history, RESET),
  figures: (played) => ({ ...byLevel(played), ...resumedEach(played.history, RESET) }),
})
