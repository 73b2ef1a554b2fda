// Somebody else's script holds Redis up, which says BUSY to all others.
import { byLevel } from '../figures.ts'
import { resumedEach, stuck, untilAllGoOn } from '../resumption.ts'
import { scenario } from '../scenario.ts'
import { single } from '../stages/single.ts'
import { hasty, late, troubles } from '../timely.ts'

const OVER = 'the script is killed'

export default scenario({
  name: 'busy-script',
  fault: 'a script of somebody else runs for 5 s, and Redis answers BUSY',
  on: ['boomerang', 'bullmq', 'bee-queue'],
  stage: () => single({ 'lua-time-limit': '100' }),
  cast: { load: { rate: 50 } },
  async faults(run) {
    const { direct } = run.stage
    const another = direct.duplicate()
    for (let round = 0; round < (run.quick ? 1 : 5); round++) {
      run.mark('a script begins')
      const loop = another.eval('while true do end', 0).catch(() => {})
      await run.sleep(run.quick ? 2000 : 5000)
      await direct.script('KILL')
      await loop
      if (!(await untilAllGoOn(run, OVER))) break
    }
    another.disconnect()
  },
  must: (played) => [...stuck(played.history, OVER), ...hasty(played), ...late(played), ...troubles(played)],
  figures: (played) => ({ ...byLevel(played), ...resumedEach(played.history, OVER) }),
})
