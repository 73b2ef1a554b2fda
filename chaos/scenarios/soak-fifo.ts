// A FIFO queue, and any fault at any time, for half an hour.
import { byLevel } from '../figures.ts'
import { scenario } from '../scenario.ts'
import { growing, slopes } from '../slopes.ts'
import { anyFaults, CAST, DURABLE } from '../soak.ts'
import { single } from '../stages/single.ts'

const WORKER = { level: 'fsync' }

export default scenario({
  name: 'soak-fifo',
  fault: 'any of nine faults at any time, for 30 minutes: a FIFO queue',
  on: ['boomerang'],
  stage: () => single(DURABLE),
  cast: {
    ...CAST,
    workers: [{}, WORKER, WORKER],
    load: { rate: 20, fifo: true, groups: 16 },
  },
  faults: (run) => anyFaults(run, WORKER),
  must: (played) => (played.quick ? [] : growing(played)),
  figures: (played) => ({ ...byLevel(played), ...slopes(played) }),
})
