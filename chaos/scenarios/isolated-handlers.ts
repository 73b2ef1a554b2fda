// Handlers that block, each in a thread of its own: some for twice the visibility, some for longer than they may.
import { byLevel } from '../figures.ts'
import type { History } from '../history.ts'
import { program } from '../programs.ts'
import { scenario } from '../scenario.ts'
import { single } from '../stages/single.ts'
import { refusals, superseded, when } from '../superseded.ts'

const VISIBILITY = 2000

export default scenario({
  name: 'isolated-handlers',
  fault:
    'with `isolate: true`: handlers block for twice the visibility, some for a minute, which is longer than `maxRuntime`',
  on: ['boomerang'],
  stage: () => single(),
  async cast() {
    const worker = { isolate: await program('./isolated-handler.ts'), concurrency: 4, maxRuntime: 3 * VISIBILITY }
    return {
      workers: [worker, worker],
      queue: { visibility: VISIBILITY },
      load: {
        rate: 50,
        special: [
          { every: 150, deed: 'block', ms: 2 * VISIBILITY },
          { every: 190, deed: 'block', ms: 60_000 },
        ],
      },
    }
  },
  async faults({ mark, sleep, quick }) {
    mark('handlers block')
    await sleep(quick ? 6000 : 60_000)
  },
  must: ({ history }) => [
    ...superseded(history)
      .filter((one) => when(one, 'ended') !== undefined)
      .map(({ line }) => `${line.effect} was taken from ${line.who}, whose heartbeats should have gone on`),
    ...unended(history),
  ],
  figures: (played) => ({
    ...byLevel(played),
    ...refusals(played.history),
    'ended at maxRuntime': played.history.deliveries('failed').length,
  }),
})

/** Handlers that neither came to their end nor were ended. */
function unended(history: History): string[] {
  return [...history.effects.values()].flatMap(({ name, deliveries }) => {
    const count = (...events: string[]) => deliveries.filter(({ event }) => events.includes(event)).length
    return count('started') > count('ended', 'failed', 'lost') ? [`a handler of ${name} was never ended`] : []
  })
}
