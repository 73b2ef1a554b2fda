// Redis is killed, again and again, and started with the files that it has left. A SIGKILL is no power cut: what the server
// has written, though not synced, survives in the system's cache. So what is lost here is only what it had not written.
import { valkeyBinary } from '../../test/harness/server-binary.ts'
import { byLevel } from '../figures.ts'
import { stuck, untilAllGoOn } from '../resumption.ts'
import { figuresOfReturns, slowReturns } from '../returns.ts'
import { atEach, type Circumstances, type Scenario, scenario } from '../scenario.ts'
import { single } from '../stages/single.ts'

const BACK = 'Redis is back'
/** ms from the server's return until each worker works again, without being started again. */
const SOON = 2000

function killedRedis(appendfsync: 'always' | 'everysec', levels: (about: Circumstances) => string[]): Scenario {
  const config = { appendonly: 'yes', appendfsync }
  return scenario({
    name: `killed-redis-${appendfsync}`,
    fault: `Redis is killed (SIGKILL: the system's cache survives it) and started again, appendfsync ${appendfsync}`,
    on: ['boomerang', 'bullmq', 'bee-queue'],
    stage: () => single(config, appendfsync === 'everysec' ? valkeyBinary() : undefined),
    cast: (about) => ({ ...atEach(levels(about)), load: { rate: 100 } }),
    async faults(run) {
      const { random, mark, sleep, more, quick } = run
      const { server } = run.stage
      for (let kill = 0; kill < (quick ? 3 : 20); kill++) {
        await sleep(random.between(0, 500))
        mark('Redis killed')
        await server.kill('SIGKILL')
        await sleep(random.between(0, 1000))
        await server.start()
        if (!(await untilAllGoOn(run, BACK))) return
        await more(200)
      }
    },
    // With `always` every answer comes behind the fsync of all that was done before, whatever its level.
    promised: (level) => appendfsync === 'always' || level === 'fsync',
    // A quick run may share the machine with others.
    must: (played) => [...stuck(played.history, BACK), ...(played.quick ? [] : slowReturns(played, BACK, SOON))],
    figures: (played) => ({ ...byLevel(played), ...figuresOfReturns(played, BACK) }),
  })
}

/** Where a server cannot give `fsync`, it is not asked for. */
const both = ({ on }: Circumstances) => (on === 'boomerang' ? ['memory', 'fsync'] : ['memory', 'memory'])

export const always = killedRedis('always', both)
/** `fsync` with everysec needs WAITAOF, which the Redis 7.0 of many machines has not. */
export const everysec = killedRedis('everysec', (about) => (valkeyBinary() ? both(about) : ['memory', 'memory']))
