// Redis is away for longer than a worker's blocking read lasts.
import { byLevel } from '../figures.ts'
import { resumedEach, stuck, untilAllGoOn } from '../resumption.ts'
import { scenario } from '../scenario.ts'
import { type Single, single } from '../stages/single.ts'

const BACK = 'Redis is back'

export default scenario<Single>({
  name: 'bullmq-4585',
  fault: 'Redis is away for longer than a blocking read lasts, while workers have little to do',
  why: 'bullmq#4585: a watchdog gave up the blocked read while the connection was on its way back, and with it the way back; the worker never read again.',
  on: ['boomerang', 'bullmq', 'bee-queue'],
  stage: () => single({ appendonly: 'yes', appendfsync: 'always' }),
  cast: { load: { rate: 10 } },
  async faults(run) {
    const { stage, mark, sleep, quick } = run
    for (let outage = 0; outage < (quick ? 1 : 3); outage++) {
      mark('Redis killed')
      await stage.server.kill()
      await sleep(quick ? 7000 : 20_000)
      await stage.server.start()
      if (!(await untilAllGoOn(run, BACK))) return
    }
  },
  must: ({ history }) => stuck(history, BACK),
  figures: (played) => ({ ...byLevel(played), ...resumedEach(played.history, BACK) }),
})
