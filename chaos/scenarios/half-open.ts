// Connections that carry nothing any more, and of which nobody hears that they are gone.
import { byLevel } from '../figures.ts'
import { resumedEach, stuck, untilAllGoOn } from '../resumption.ts'
import { scenario } from '../scenario.ts'
import { single } from '../stages/single.ts'
import { late } from '../timely.ts'

const SILENT = 'connections fall silent'

export default scenario({
  name: 'half-open',
  fault: 'all connections are half open: they carry nothing more, and are not closed',
  on: ['boomerang', 'bullmq', 'bee-queue'],
  stage: () => single(),
  cast: { load: { rate: 50 } },
  async faults(run) {
    for (let round = 0; round < (run.quick ? 1 : 6); round++) {
      run.stage.proxy.silence()
      if (!(await untilAllGoOn(run, SILENT))) return
    }
  },
  must: (played) => [...stuck(played.history, SILENT), ...late(played)],
  figures: (played) => ({ ...byLevel(played), ...resumedEach(played.history, SILENT) }),
})
