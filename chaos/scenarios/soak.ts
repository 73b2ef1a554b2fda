// All kinds of sends, and any fault at any time, for half an hour.
import { byLevel } from '../figures.ts'
import { scenario } from '../scenario.ts'
import { growing, slopes } from '../slopes.ts'
import { anyFaults, CAST, DURABLE } from '../soak.ts'
import { single } from '../stages/single.ts'

const WORKER = { level: 'fsync', derived: true }

export default scenario({
  name: 'soak',
  fault: 'any of nine faults at any time, for 30 minutes: keys, derived keys, bulk sends',
  on: ['boomerang'],
  stage: () => single(DURABLE),
  cast: {
    ...CAST,
    workers: [{ derived: true }, WORKER, WORKER],
    load: { rate: 30, derived: true },
  },
  faults: (run) => anyFaults(run, WORKER),
  must: (played) => (played.quick ? [] : growing(played)),
  figures: (played) => ({ ...byLevel(played), ...slopes(played) }),
})
