// Handlers that compute for nearly as long as the visibility, and now and then two of them in a row.
import { byLevel } from '../figures.ts'
import { scenario } from '../scenario.ts'
import { single } from '../stages/single.ts'
import { refusals, untold } from '../superseded.ts'

export default scenario({
  name: 'bullmq-3183',
  fault: 'handlers block the event loop for most of the visibility, now and then two in a row',
  why: 'bullmq#3183: locks could not be renewed while handlers kept the event loop busy; jobs were taken for stalled, ran twice at a time, and the first to end found its lock gone.',
  on: ['boomerang', 'bullmq', 'bee-queue'],
  stage: () => single(),
  cast: {
    queue: { visibility: 1000 },
    load: { rate: 10, special: [{ every: 8, deed: 'block', ms: 800 }] },
  },
  async faults({ mark, sleep, quick }) {
    mark('handlers compute')
    await sleep(quick ? 6000 : 60_000)
  },
  must: ({ history }) => untold(history),
  figures: (played) => ({ ...byLevel(played), ...refusals(played.history) }),
})
