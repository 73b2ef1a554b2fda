// The replica falls behind: first everything reaches it late, then for a while nothing does. Who asks for it waits, or is told in
// time that it was not reached; who does not ask is not held up.
import { percentile } from '../../bench/figures.ts'
import { byLevel, spread } from '../figures.ts'
import type { History, Told } from '../history.ts'
import { type AnsweredLine, granted } from '../recorder.ts'
import { atEach, type Figures, scenario } from '../scenario.ts'
import { followed } from '../stages/replicated.ts'
import { late } from '../timely.ts'

const LEVELS = ['memory', 'replicas(1)']
/** ms, each way: what is confirmed has gone there and back. */
const DELAY = 200
const ROUND = 2 * DELAY
const LATE = `replica is ${DELAY} ms away`
const SILENT = 'replica hears nothing'
const WELL = 'replica hears again'

export default scenario({
  name: 'slow-replica',
  fault: `a replica hears everything ${DELAY} ms late, then nothing for 3 s`,
  on: ['boomerang'],
  stage: () => followed(),
  cast: { ...atEach(LEVELS), load: { rate: 50 } },
  async faults({ stage: { link }, mark, sleep, more, quick }) {
    for (let turn = 0; turn < (quick ? 1 : 8); turn++) {
      link.delay = DELAY
      mark(LATE)
      await sleep(2000)
      link.pause()
      mark(SILENT)
      await sleep(3000)
      mark(WELL)
      link.delay = 0
      link.resume()
      await more(100)
    }
  },
  must(played) {
    const { history } = played
    const [slow, silent] = [during(history, LATE, SILENT), during(history, SILENT, WELL)]
    return [...failed(history), ...tooSoon(slow, silent), ...late(played), ...heldUp([...slow, ...silent])]
  },
  figures: (played) => ({
    ...byLevel(played),
    ...took(played.history, LATE, SILENT),
    ...took(played.history, SILENT, WELL),
  }),
})

interface Sent extends Told<AnsweredLine> {
  /** ms until the end of the time in which it began. */
  left: number
}

/** Calls that began between two marks. */
function during(history: History, from: string, to: string): Sent[] {
  const times = history.marks.filter(({ text }) => text === from || text === to)
  return history.of('answered').flatMap((line) => {
    const began = line.t - line.took
    const last = times.findLast(({ t }) => t <= began)
    const next = times.find(({ t }) => t > began)
    return last?.text === from && next?.text === to ? [{ ...line, left: next.t - began }] : []
  })
}

/** Who asks for no replica hears of none. */
function failed(history: History): string[] {
  return history
    .of('answered')
    .filter((line) => line.level === 'memory' && !granted(line))
    .map(({ effect, error }) => `${effect}, sent at memory, ended with ${error}`)
}

/** Confirmed before the replica can have had it. */
function tooSoon(late: Sent[], silent: Sent[]): string[] {
  const confirmed = (one: Sent) => one.level !== 'memory' && granted(one)
  return [
    ...late.filter((one) => confirmed(one) && one.took < ROUND - 5),
    ...silent.filter((one) => confirmed(one) && one.took < one.left),
  ].map(
    ({ effect, took, level }) => `${effect} was confirmed at ${level} after ${Math.round(took)} ms, which it cannot be`,
  )
}

/** At `memory` most would take as long as the replica, if any waited for it. */
function heldUp(slow: Sent[]): string[] {
  const middle = percentile(
    slow.filter(({ level }) => level === 'memory').map((one) => one.took),
    0.5,
  )
  return middle < ROUND ? [] : [`half of the sends at memory took ${Math.round(middle)} ms and more`]
}

function took(history: History, from: string, to: string): Figures {
  const sent = during(history, from, to)
  return Object.assign(
    {},
    ...LEVELS.map((level) => {
      const own = sent.filter((one) => one.level === level)
      const times = own.filter(granted).map((one) => one.took)
      const failed = own.filter(({ error }) => error === 'NotDurable' || error === 'Timeout').length
      return {
        ...spread(`${level}, ${from}, ms`, times),
        [`${level}, ${from}: not confirmed`]: `${failed} of ${own.length}`,
      }
    }),
  )
}
