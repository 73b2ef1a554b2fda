// Two workers, one message, a clock: every order in which their steps can happen.
import { afterAll, expect, test } from 'vitest'
import { complete, extend, receive, release, send } from '../lua/calls.ts'
import { faults } from '../lua/sound.ts'
import { Stage, T } from '../lua/stage.ts'
import { shuffles } from './shuffles.ts'

const VISIBILITY = 1_000
const stage = new Stage()
afterAll(() => stage.close())

type Ending = 'complete' | 'release' | 'reject' | 'extend and complete'
const endings: Ending[] = ['complete', 'release', 'reject', 'extend and complete']

class Hand {
  delivery: number | undefined
  done = 0

  async receive(now: number): Promise<void> {
    const { ids, histories } = await receive(stage, now)
    if (ids.length > 0) this.delivery = Number(histories.split(' ')[0]) || 1
  }

  /** Whether the step took effect. */
  async end(how: Ending, now: number): Promise<boolean> {
    if (this.delivery === undefined) return false
    const receipt = { id: 'a', delivery: this.delivery, received: T }
    if (how === 'extend and complete' && (await extend(stage, now, { ...receipt, visibility: VISIBILITY }))[1] !== 'e')
      return false
    if (how === 'release') return (await release(stage, now, receipt))[1] === 'b'
    if (how === 'reject') return (await release(stage, now, { ...receipt, how: 'rejected' }))[1] === 'd'
    return (await complete(stage, now, receipt)) === ''
  }
}

for (const one of endings) {
  for (const other of endings.slice(endings.indexOf(one))) {
    test(`${one} against ${other}: the message is in one place, and ends once`, async () => {
      const steps = [['a receives', 'a ends'], ['b receives', 'b ends'], ['time passes'], ['time passes']]
      for (const order of shuffles(steps)) {
        await stage.make({ visibility: VISIBILITY })
        await send(stage, T, { id: 'a' })
        const hands = { a: new Hand(), b: new Hand() }
        let now = T
        const ended: string[] = []
        for (const step of order) {
          const [who, what] = step.split(' ') as ['a' | 'b' | 'time', string]
          if (who === 'time') now += VISIBILITY / 2 + 100
          else if (what === 'receives') await hands[who].receive(now)
          else {
            const how = who === 'a' ? one : other
            if (await hands[who].end(how, now)) ended.push(how)
          }
        }
        const note = order.join(', ')
        const forGood = ended.filter((how) => how !== 'release')
        expect(await faults(stage.redis, stage.tag), note).toEqual([])
        expect(forGood.length, note).toBeLessThanOrEqual(1)
        const { ready, inflight, dead } = await stage.state()
        const places = [ready, inflight, dead].filter(Boolean).length
        expect(places, note).toBe(forGood[0]?.includes('complete') ? 0 : 1)
      }
    })
  }
}
