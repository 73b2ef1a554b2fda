// The master is cut off from its replicas and the sentinels, and not from all clients: they go on writing to it, while others write
// to the replica that has taken over. Then all are joined again; what the old master was told meanwhile is lost.
import { goOn, undone } from '../failovers.ts'
import { byLevel } from '../figures.ts'
import { stuck, untilAllGoOn } from '../resumption.ts'
import { atEach, type Scenario, scenario } from '../scenario.ts'
import { type Guarded, guarded } from '../stages/sentinel.ts'

const TAKEN = 'replica took over'
const JOINED = 'joined again'

interface Partition {
  name: string
  fault: string
  stage(): Promise<Guarded>
  levels: string[]
  /** This one does not lose any. */
  promised: string
  /** A replica is cut off together with the master. */
  together: boolean
}

function partition({ name, fault, stage, levels, promised, together }: Partition): Scenario {
  const keeps = (level: string) => level === promised
  return scenario({
    name,
    fault,
    on: ['boomerang', 'bullmq'],
    stage,
    cast: ({ on }) => ({ ...atEach(on === 'boomerang' ? levels : ['memory', 'memory']), load: { rate: 30 } }),
    async faults(run) {
      const { stage, producers, workers, on, mark, sleep, more, until, quick } = run
      await sleep(1000)
      const old = await stage.master()
      stage.cutOff(old, together ? (old + 1) % stage.servers.length : undefined)
      mark('master cut off')
      await until('the replica has taken over', async () => (await stage.master()) !== old)
      mark(TAKEN)
      const others = on === 'boomerang' ? levels : ['memory']
      await Promise.all(
        others.flatMap((level): Array<Promise<unknown>> => {
          return [producers.start(level, { where: stage.open }), workers.start({ level }, { where: stage.open })]
        }),
      )
      await sleep(quick ? 1000 : 15_000)
      await stage.heal()
      if (await untilAllGoOn(run, JOINED)) await more(100)
    },
    // While there are two masters both hand out what was there before: so of completions only what comes later is looked at, below.
    promised: (level, of) => of === 'sends' && keeps(level),
    must: (played) => {
      const joined = played.history.marks.find(({ text }) => text === JOINED)?.t ?? 0
      return [...undone(played, keeps, joined), ...stuck(played.history, JOINED)]
    },
    figures: (played) => ({ ...byLevel(played), ...goOn(played, TAKEN), ...goOn(played, JOINED) }),
  })
}

const fault = 'the master is cut off while clients still write to it, a replica takes over, and they are joined again'

export const one = partition({
  name: 'partitioned-master',
  fault,
  stage: () => guarded(1),
  levels: ['memory', 'replicas(1)'],
  promised: 'replicas(1)',
  together: false,
})

export const two = partition({
  name: 'partitioned-master-two-replicas',
  fault: `${fault}; one of two replicas is cut off with it`,
  stage: () => guarded(2),
  levels: ['memory', 'replicas(1)', 'replicas(2)'],
  promised: 'replicas(2)',
  together: true,
})

export const bounded = partition({
  name: 'partitioned-master-min-replicas',
  fault: `${fault}; min-replicas-to-write 1`,
  stage: () => guarded(1, { 'min-replicas-to-write': '1' }),
  levels: ['memory', 'replicas(1)'],
  promised: 'replicas(1)',
  together: false,
})
