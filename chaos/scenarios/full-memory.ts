// Redis has reached its maxmemory and evicts nothing: what becomes free is taken by somebody else's data at once.
import type { Redis } from 'ioredis'
import { byLevel } from '../figures.ts'
import type { History } from '../history.ts'
import { now } from '../recorder.ts'
import { resumedEach, stuck, untilAllGoOn } from '../resumption.ts'
import { type Run, scenario } from '../scenario.ts'
import { type Single, single } from '../stages/single.ts'
import { late, troubles } from '../timely.ts'

const FULL = 'memory is full'
const ROOM = 'there is room'
const NAMED = /OutOfMemory|\bOOM\b/

export default scenario({
  name: 'full-memory',
  fault: '`maxmemory` is reached (noeviction)',
  on: ['boomerang', 'bullmq', 'bee-queue'],
  stage: () => single({ 'maxmemory-policy': 'noeviction' }),
  // Workers are slower than producers, so that there is something to be worked off while nothing can be sent.
  cast: { workers: [{ concurrency: 1 }, { concurrency: 1 }], load: { rate: 50, work: [20, 40] } },
  async faults(run) {
    for (let round = 0; round < (run.quick ? 2 : 10); round++) {
      await run.sleep(run.quick ? 1000 : 3000)
      const foreign = await fill(run, run.quick ? 1500 : 3000)
      const { direct } = run.stage
      // By turns there is more memory, or less in it.
      if (round % 2 === 0) await direct.config('SET', 'maxmemory', '0')
      else await direct.del(foreign)
      if (!(await untilAllGoOn(run, ROOM))) return
      await direct.config('SET', 'maxmemory', '0')
      await direct.del(foreign)
    }
  },
  must: (played) => [
    ...badRefusals(played.history),
    ...idle(played.history),
    ...stuck(played.history, ROOM),
    ...late(played),
    ...troubles(played),
  ],
  figures: (played) => ({
    ...byLevel(played),
    'while memory is full: sends refused': whileFull(played.history, refusals(played.history)).flat().length,
    'while memory is full: completed': whileFull(played.history, played.history.deliveries('completed')).flat().length,
    ...resumedEach(played.history, ROOM),
  }),
})

const BALLAST = 'ballast'
const BALLAST_BYTES = 8 << 20
const BLOCK = 'x'.repeat(16_384)

/** Somebody else fills the memory to its limit, and again for so many ms whenever something becomes free. Answers by which keys. */
async function fill({ stage: { direct }, mark, sleep }: Run<Single>, ms: number): Promise<string[]> {
  await direct.setrange(BALLAST, BALLAST_BYTES - 1, 'x')
  await direct.config('SET', 'maxmemory', String((await used(direct)) + 4 * BLOCK.length))
  const keys = [BALLAST]
  for (let end = Number.POSITIVE_INFINITY; now() < end; ) {
    const key = `another's ${keys.length}`
    if (await stored(direct, key)) keys.push(key)
    else if (end < Number.POSITIVE_INFINITY) await sleep(5)
    else {
      mark(FULL)
      end = now() + ms
    }
  }
  return keys
}

const used = async (direct: Redis) => Number(/used_memory:(\d+)/.exec(await direct.info('memory'))?.[1])

const stored = (direct: Redis, key: string) =>
  direct.set(key, BLOCK).then(
    () => true,
    () => false,
  )

const refusals = (history: History) => history.of('answered').filter(({ outcome }) => outcome === 'refused')

/** What fell into each time in which memory was full. */
function whileFull<T extends { t: number }>({ marks }: History, lines: T[]): T[][] {
  const ends = marks.filter(({ text }) => text === ROOM).map(({ t }) => t)
  return marks
    .filter(({ text }) => text === FULL)
    .map(({ t: begin }) => lines.filter(({ t }) => t >= begin && t < (ends.find((end) => end > begin) ?? begin)))
}

/** Sends are refused by the name of the error, and by no other. */
function badRefusals(history: History): string[] {
  const all = refusals(history)
  const none = whileFull(history, all).filter((list) => list.length === 0)
  return [
    ...all
      .filter(({ error = '' }) => !NAMED.test(error))
      .map(({ effect, error }) => `${effect} was refused with ${error}`),
    ...none.map(() => 'no send was refused, though memory was full'),
  ]
}

/** Receives and completions go on. */
function idle(history: History): string[] {
  const completed = new Set(history.deliveries('completed').map(({ id }) => id))
  return whileFull(
    history,
    history.deliveries('started').filter(({ id }) => completed.has(id)),
  )
    .filter((list) => list.length === 0)
    .map(() => 'nothing was received, though there was something')
}
