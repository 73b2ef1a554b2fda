// Redis lets its clients wait: all of them, or those that write.
import { byLevel } from '../figures.ts'
import { resumedEach, stuck, untilAllGoOn } from '../resumption.ts'
import { scenario } from '../scenario.ts'
import { single } from '../stages/single.ts'
import { hasty, late, troubles } from '../timely.ts'

const PAUSE = 1500
const MODES = ['ALL', 'WRITE'] as const
const marked = (mode: string) => `CLIENT PAUSE ${PAUSE} ${mode}`

export default scenario({
  name: 'client-pause',
  fault: `\`CLIENT PAUSE ${PAUSE}\`, of all clients and of those that write`,
  on: ['boomerang', 'bullmq', 'bee-queue'],
  stage: () => single(),
  cast: { load: { rate: 50 } },
  async faults(run) {
    for (let round = 0; round < (run.quick ? 1 : 10); round++) {
      for (const mode of MODES) {
        await run.stage.direct.call('CLIENT', 'PAUSE', PAUSE, mode)
        if (!(await untilAllGoOn(run, marked(mode)))) return
      }
    }
  },
  must: (played) => [
    ...MODES.flatMap((mode) => stuck(played.history, marked(mode))),
    ...hasty(played),
    ...late(played),
    ...troubles(played),
  ],
  figures: (played) => ({
    ...byLevel(played),
    ...resumedEach(played.history, marked('ALL')),
    ...resumedEach(played.history, marked('WRITE')),
  }),
})
