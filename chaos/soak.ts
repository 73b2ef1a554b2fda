// Any fault, at any time: what a long run is made of.
import type { Member } from './fleet.ts'
import { now } from './recorder.ts'
import type { Casting, Run } from './scenario.ts'
import type { Single } from './stages/single.ts'
import type { WorkerSettings } from './system.ts'

const VISIBILITY = 2000
const MINUTES = 30
const QUICK = 12_000
/** ms between faults: from, to. */
const PAUSE = [3000, 15_000] as const
const QUICK_PAUSE = [200, 800] as const

/** Redis answers what its disk has, so that nothing is lost when it dies. */
export const DURABLE = { appendonly: 'yes', appendfsync: 'always' }

/** Producers and workers of both levels; what they hold is told after a collection, so that it can be compared. */
export const CAST: Casting = {
  producers: ['memory', 'fsync'],
  queue: { visibility: VISIBILITY },
  nodeArgs: ['--expose-gc'],
}

type Replacement = Partial<WorkerSettings>
type Fault = (run: Run<Single>, replacement: Replacement) => Promise<void> | void

const FAULTS: Record<string, Fault> = {
  async 'worker killed'({ workers, random }, replacement) {
    await workers.kill(random.pick(mortal(workers.running)))
    await workers.start(replacement)
  },
  async 'worker stopped'({ workers, random, sleep }) {
    const { program } = random.pick(mortal(workers.running))
    program.kill('SIGSTOP')
    await sleep(2 * VISIBILITY)
    program.kill('SIGCONT')
  },
  'connections cut': ({ stage }) => stage.proxy.cut(),
  'connections silent': ({ stage }) => stage.proxy.silence(),
  'replies torn': ({ stage }) => stage.proxy.tear(),
  async 'network slow'({ stage, random, sleep }) {
    stage.proxy.delay = random.between(5, 100)
    await sleep(3000)
    stage.proxy.delay = 0
  },
  async 'clients killed'({ stage }) {
    for (const type of ['normal', 'pubsub']) await stage.direct.call('CLIENT', 'KILL', 'TYPE', type)
  },
  async 'scripts flushed'({ stage }) {
    await stage.direct.script('FLUSH')
  },
  async 'Redis killed'({ stage, random, sleep }) {
    await stage.server.kill('SIGKILL')
    await sleep(random.between(0, 1000))
    await stage.server.start()
  },
}

/** The first worker lives through all, so that it can be seen whether it grows. */
const mortal = (workers: Member[]): Member[] => workers.filter(({ who }) => who !== 'worker-0')

export async function anyFaults(run: Run<Single>, replacement: Replacement): Promise<void> {
  const end = now() + (run.quick ? QUICK : MINUTES * 60_000)
  const [least, most] = run.quick ? QUICK_PAUSE : PAUSE
  while (now() < end) {
    const name = run.random.pick(Object.keys(FAULTS))
    run.mark(name)
    await FAULTS[name]?.(run, replacement)
    await run.sleep(run.random.between(least, most))
  }
}
