// Redis forgets all scripts, again and again.
import { byLevel } from '../figures.ts'
import { resumedEach, stuck } from '../resumption.ts'
import { scenario } from '../scenario.ts'
import { single } from '../stages/single.ts'
import { hasty, late, troubles } from '../timely.ts'

const FLUSHED = 'scripts flushed'

export default scenario({
  name: 'script-flush',
  fault: '`SCRIPT FLUSH`, again and again',
  on: ['boomerang', 'bullmq', 'bee-queue'],
  stage: () => single(),
  cast: { load: { rate: 50 } },
  async faults({ stage, mark, more, sleep, random, quick }) {
    for (let round = 0; round < (quick ? 30 : 400); round++) {
      await stage.direct.script('FLUSH')
      mark(FLUSHED)
      await sleep(random.between(0, 150))
      await more(1)
    }
  },
  must: (played) => [...stuck(played.history, FLUSHED), ...hasty(played), ...late(played), ...troubles(played)],
  figures: (played) => ({ ...byLevel(played), ...resumedEach(played.history, FLUSHED) }),
})
