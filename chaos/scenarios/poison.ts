// Messages that kill whoever takes them.
import { percentile } from '../../bench/figures.ts'
import { byLevel } from '../figures.ts'
import { acknowledged, type Effect, happened } from '../history.ts'
import { type Figures, type Played, scenario } from '../scenario.ts'
import { single } from '../stages/single.ts'

const MAX_RECEIVES = 3
const VISIBILITY = 1000

export default scenario({
  name: 'poison',
  fault: `some messages kill (SIGKILL) each process that takes them; a supervisor starts it again; maxReceives ${MAX_RECEIVES}`,
  on: ['boomerang', 'bullmq', 'bee-queue'],
  stage: () => single(),
  cast: ({ quick }) => ({
    workers: [{}, {}, {}],
    queue: { visibility: VISIBILITY, maxReceives: MAX_RECEIVES },
    // Two at once. A message that is beside a new one as often as may be received is driven out with them.
    load: { rate: 100, special: [{ every: quick ? 400 : 2000, deed: 'kill', ...(quick && { until: 400 }) }] },
  }),
  async faults({ workers, mark, sleep, quick }) {
    workers.supervise({})
    mark('from here on some are poison')
    await sleep(quick ? 6000 : 60_000)
  },
  must: ({ history, dead, quick }) => {
    const effects = [...history.effects.values()]
    const poison = new Set(poisonous(effects).map(({ name }) => name))
    const often = effects.filter((effect) => poison.has(effect.name) && happened(effect, 'started') > MAX_RECEIVES)
    const apart = p99(unharmed(effects))
    return [
      ...often.map((effect) => `${effect.name} is poison, and was handed out ${happened(effect, 'started')} times`),
      ...(apart === undefined ? ['of those that were not beside poison none has ended'] : []),
      // A quick run may share the machine with others.
      ...(quick || (apart ?? 0) < VISIBILITY ? [] : [`the p99 of those that were not beside poison is ${apart} ms`]),
      ...dead.filter((name) => !poison.has(name)).map((name) => `${name} is dead, and was no poison`),
      ...[...poison].filter((name) => !dead.includes(name)).map((name) => `${name} is poison, and no dead letter`),
    ]
  },
  figures: (played) => ({ ...byLevel(played), ...beside(played) }),
})

const poisonous = (effects: Effect[]) =>
  effects.filter((effect) => effect.sent[0]?.deed === 'kill' && acknowledged(effect))

/** Those that were in no process that was killed. */
const unharmed = (effects: Effect[]) =>
  effects.filter(
    (effect) => effect.sent[0]?.deed !== 'kill' && acknowledged(effect) && happened(effect, 'started') === 1,
  )

/** ms; undefined where none of them has ended. */
function p99(list: Effect[]): number | undefined {
  const times = list.flatMap(took)
  return times.length === 0 ? undefined : Math.round(percentile(times, 0.99))
}

const told = (ms: number | undefined) => ms ?? 'none ended'

/** How the others fared: from the answer to their send until a handler had done them. */
function beside({ history, dead }: Played): Figures {
  const effects = [...history.effects.values()]
  const poison = poisonous(effects)
  const others = effects.filter((effect) => !poison.includes(effect) && acknowledged(effect))
  const from = Math.min(...poison.flatMap(({ deliveries }) => deliveries[0]?.t ?? []))
  const [before, since] = [
    others.filter(({ answers }) => at(answers) < from),
    others.filter(({ answers }) => at(answers) >= from),
  ]
  return {
    poison: `${poison.length}, of them dead ${poison.filter(({ name }) => dead.includes(name)).length}`,
    'the others’ p99, ms: before the poison / with it': `${told(p99(before))} / ${told(p99(since))}`,
    'the same of those that were not beside it': told(p99(unharmed(others))),
    'others handed out more than once': others.filter((effect) => happened(effect, 'started') > 1).length,
    'others handed out, at most': Math.max(...others.map((effect) => happened(effect, 'started'))),
    'others among the dead': dead.filter((name) => !poison.some((one) => one.name === name)).length,
  }
}

const at = (lines: Array<{ t: number }>): number => lines[0]?.t ?? 0

function took({ answers, deliveries }: Effect): number[] {
  const ended = deliveries.find(({ event }) => event === 'ended')
  return ended ? [Math.max(0, ended.t - at(answers))] : []
}
