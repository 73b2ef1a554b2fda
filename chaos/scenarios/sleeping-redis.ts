// Redis answers nobody for a while.
import { byLevel } from '../figures.ts'
import { resumedEach, stuck, untilAllGoOn } from '../resumption.ts'
import { scenario } from '../scenario.ts'
import { single } from '../stages/single.ts'
import { hasty, late, troubles } from '../timely.ts'

const AWAKE = 'Redis is awake'

export default scenario({
  name: 'sleeping-redis',
  fault: '`DEBUG SLEEP 3`: Redis answers nobody for 3 s',
  on: ['boomerang', 'bullmq', 'bee-queue'],
  stage: () => single({ 'enable-debug-command': 'yes' }),
  cast: { load: { rate: 50 } },
  async faults(run) {
    for (let round = 0; round < (run.quick ? 1 : 8); round++) {
      run.mark('Redis sleeps')
      await run.stage.direct.call('DEBUG', 'SLEEP', run.quick ? '1.5' : '3')
      if (!(await untilAllGoOn(run, AWAKE))) return
    }
  },
  must: (played) => [...stuck(played.history, AWAKE), ...hasty(played), ...late(played), ...troubles(played)],
  figures: (played) => ({ ...byLevel(played), ...resumedEach(played.history, AWAKE) }),
})
