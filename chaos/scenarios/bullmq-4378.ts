// While the master is gone the sentinels cannot be reached either: for longer than a worker's blocking read lasts.
import { byLevel } from '../figures.ts'
import { resumedEach, stuck, untilAllGoOn } from '../resumption.ts'
import { scenario } from '../scenario.ts'
import { type Guarded, guarded } from '../stages/sentinel.ts'

const BACK = 'the sentinels answer again'

export default scenario<Guarded>({
  name: 'bullmq-4378',
  fault: 'the master is lost, and clients cannot ask the sentinels for longer than a blocking read lasts',
  why: 'bullmq#4378: the watchdog of the blocked read fired while the client asked the sentinels for the master; its connection ended for good, and the worker with it.',
  on: ['boomerang', 'bullmq'],
  stage: () => guarded(1),
  cast: { load: { rate: 10 } },
  async faults(run) {
    const { stage, mark, sleep, quick } = run
    mark('master lost, sentinels out of reach')
    for (const gate of stage.gates) {
      gate.refuse = true
      gate.cut()
    }
    await stage.lose(await stage.master())
    await sleep(quick ? 7000 : 20_000)
    for (const gate of stage.gates) gate.refuse = false
    await untilAllGoOn(run, BACK)
  },
  // What a replica had not heard at `memory` is not promised.
  promised: (level) => level !== 'memory',
  must: ({ history }) => stuck(history, BACK),
  figures: (played) => ({ ...byLevel(played), ...resumedEach(played.history, BACK) }),
})
