// Handlers that hold up their whole process, its heartbeats, too.
import { byLevel } from '../figures.ts'
import { scenario } from '../scenario.ts'
import { single } from '../stages/single.ts'
import { refusals, untold } from '../superseded.ts'

const VISIBILITY = 1000

export default scenario({
  name: 'blocked-handlers',
  fault: 'now and then a handler blocks the event loop for twice the visibility',
  on: ['boomerang', 'bullmq', 'bee-queue'],
  stage: () => single(),
  cast: {
    workers: [{}, {}, {}],
    queue: { visibility: VISIBILITY },
    load: { rate: 100, special: [{ every: 300, deed: 'block', ms: 2 * VISIBILITY }] },
  },
  async faults({ mark, sleep, quick }) {
    mark('handlers block')
    await sleep(quick ? 6000 : 60_000)
  },
  must: ({ history }) => untold(history),
  figures: (played) => ({ ...byLevel(played), ...refusals(played.history) }),
})
