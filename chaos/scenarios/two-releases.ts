// An older release works on the same queue as this one, until this one changes the queue in a way that the older cannot read.
import { Redis } from 'ioredis'
import { connect } from '../../lib/index.ts'
import { byLevel } from '../figures.ts'
import type { History } from '../history.ts'
import { program } from '../programs.ts'
import { scenario } from '../scenario.ts'
import { single } from '../stages/single.ts'

/** The schema of the older release. */
const OLDER = 1
const CHANGED = 'the newer changes the queue'

export default scenario({
  name: 'two-releases',
  fault: 'producers and workers of an older release beside those of this one, which then changes the queue’s schema',
  on: ['boomerang'],
  stage: () => single(),
  cast: { load: { rate: 100 } },
  async faults({ stage, place, producers, workers, mark, sleep, more, random, quick }) {
    await asTheOlderMadeIt(stage.safe as string, place.namespace)
    mark('an older release joins')
    const producer = { file: await program('./producer-process.ts', OLDER) }
    const worker = { file: await program('./worker-process.ts', OLDER) }
    await Promise.all([producers.start('memory', producer), workers.start({}, worker), workers.start({}, worker)])
    await sleep(quick ? 2000 : 20_000)
    await more(100)
    mark(CHANGED)
    const client = await connect(stage.safe, { namespace: place.namespace })
    await client.queue(place.queue).configure({ retention: `${random.between(2, 9)}d` })
    await client.close()
    await sleep(quick ? 3000 : 20_000)
  },
  must: ({ history }) => [
    ...(refusedSends(history).length > 0 ? [] : ['no send of the older release was refused by name']),
    ...(sentences(history).length > 0 ? [] : ['no worker of the older release said what is wrong']),
  ],
  figures: (played) => ({
    ...byLevel(played),
    'sends of the older release, by name refused': refusedSends(played.history).length,
    'what its workers say': sentences(played.history)[0] ?? 'nothing',
  }),
})

/** Only the number tells them apart. */
async function asTheOlderMadeIt(url: string, namespace: string): Promise<void> {
  const redis = new Redis(url)
  for (const key of await redis.keys(`boomerang:{${namespace}/*}:meta`)) await redis.hset(key, 'schema', OLDER)
  await redis.quit()
}

const refusedSends = (history: History) => history.of('answered').filter(({ error }) => error === 'SchemaTooNew')

const sentences = (history: History): string[] =>
  history.of('trouble').flatMap(({ error }) => (/written with schema .*update boomerang-mq/.test(error) ? [error] : []))
