// A worker stands still for twice the visibility, and goes on as if nothing had happened.
import { byLevel } from '../figures.ts'
import type { History } from '../history.ts'
import { scenario } from '../scenario.ts'
import { single } from '../stages/single.ts'
import { refusals, superseded, untold, when } from '../superseded.ts'

const VISIBILITY = 1000
const ON = 'worker goes on'

export default scenario({
  name: 'stopped-workers',
  fault: 'a worker stands still (SIGSTOP) for twice the visibility, then goes on',
  on: ['boomerang', 'bullmq', 'bee-queue'],
  stage: () => single(),
  cast: {
    workers: [{}, {}, {}],
    queue: { visibility: VISIBILITY },
    // Some handlers take so long that they still run when their worker goes on.
    load: { rate: 100, special: [{ every: 200, ms: 5 * VISIBILITY }] },
  },
  async faults({ workers, random, mark, sleep, quick }) {
    for (let stop = 0; stop < (quick ? 2 : 20); stop++) {
      const worker = random.pick(workers.running)
      mark('worker stopped')
      worker.program.kill('SIGSTOP')
      await sleep(2 * VISIBILITY)
      mark(ON)
      worker.program.kill('SIGCONT')
      await sleep(VISIBILITY)
    }
  },
  must: ({ history }) => [...untold(history), ...unaborted(history)],
  figures: (played) => ({ ...byLevel(played), ...refusals(played.history) }),
})

/** Handlers that ran on for more than the visibility, and whose signal said nothing. */
function unaborted(history: History): string[] {
  const resumed = history.marks.filter(({ text }) => text === ON)
  return superseded(history)
    .filter((one) => {
      const ended = when(one, 'ended')
      const since = resumed.find(({ t }) => t > one.at)?.t
      const long = ended !== undefined && since !== undefined && ended > since + VISIBILITY
      return long && when(one, 'aborted') === undefined
    })
    .map(({ line }) => `${line.effect} was taken from ${line.who}, whose handler's signal was not aborted`)
}
