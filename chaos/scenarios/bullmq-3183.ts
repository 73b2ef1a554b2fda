// Handlers that compute in pieces: no one of them is long, and together they leave the process hardly a moment.
import { byLevel } from '../figures.ts'
import { scenario } from '../scenario.ts'
import { single } from '../stages/single.ts'
import { refusals, untold } from '../superseded.ts'

export default scenario({
  name: 'bullmq-3183',
  fault: 'every other handler blocks the event loop for a quarter of the visibility, ten of them side by side',
  why: 'bullmq#3183: locks could not be renewed while handlers kept the event loop busy; jobs were taken for stalled, ran twice at a time, and the first to end found its lock gone.',
  on: ['boomerang', 'bullmq', 'bee-queue'],
  stage: () => single(),
  cast: {
    queue: { visibility: 1000 },
    load: { rate: 6, work: [0, 100], special: [{ every: 2, deed: 'block', ms: 250 }] },
  },
  async faults({ mark, sleep, quick }) {
    mark('handlers compute')
    await sleep(quick ? 6000 : 60_000)
  },
  must: ({ history }) => untold(history),
  figures: (played) => ({ ...byLevel(played), ...refusals(played.history) }),
})
