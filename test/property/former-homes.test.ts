// Two senders of one key, of whom one has not heard that the key's home has changed: every order of their steps, of the
// spreading of the change, and of the work on what they sent. The key is stored once, and what is done is not stored again.
import { afterAll, expect, test } from 'vitest'
import { complete, receive, sendChecked } from '../lua/calls.ts'
import { faults } from '../lua/sound.ts'
import { Stage, T } from '../lua/stage.ts'
import { shuffles } from './shuffles.ts'

const [former, home] = [new Stage(), new Stage()]
afterAll(() => Promise.all([former.close(), home.close()]))

/** The homes of the key by each version of the map: all but the last are asked what they still have. */
const homes: Record<string, Stage[]> = { 1: [former], 2: [former, home] }
const ATTRIBUTES = 'visibility 30000 delay 0 maxReceives 5 resultTtl 0 idempotencyWindow 60000'

const configure = (stage: Stage, version: string) => stage.call('configure', T, version, ATTRIBUTES)

class Sender {
  outcome = ''
  #step = 0

  constructor(
    private readonly id: string,
    private version: string,
  ) {}

  /** One script. */
  async step(): Promise<void> {
    if (this.outcome) return
    const list = homes[this.version] as Stage[]
    const stage = list[this.#step] as Stage
    stage.version = this.version
    const stay = this.#step < list.length - 1 ? '1' : ''
    const [answer] = (await sendChecked(stage, T, stay, { id: this.id, key: 'k' })) as [string]
    stage.version = ''
    if (answer === 'Outdated') {
      this.version = '2'
      this.#step = 0
    } else if (answer === 'Behind' || answer === 'QueueDoesNotExist') await configure(stage, this.version)
    else if (answer === 'v') this.#step++
    else this.outcome = answer
  }
}

async function work(stage: Stage): Promise<void> {
  if (!(await stage.meta('schema'))) return
  const { ids } = await receive(stage, T)
  for (const id of ids) await complete(stage, T, { id, key: 'k' })
}

for (const worked of [[], ['work at the former home', 'work at the home']]) {
  test(`a key is new once${worked.length > 0 ? ', and done once' : ''}`, { timeout: 60_000 }, async () => {
    const steps = [['old', 'old'], ['new', 'new', 'new'], ['the former home hears'], ...worked.map((step) => [step])]
    for (const order of shuffles(steps)) {
      for (const stage of [former, home]) await stage.redis.del(...Object.values(stage.keys))
      await configure(former, '1')
      const senders = { old: new Sender('a', '1'), new: new Sender('b', '2') }
      for (const step of order) {
        if (step === 'old' || step === 'new') await senders[step].step()
        else if (step === 'the former home hears') await configure(former, '2')
        else await work(step === 'work at the home' ? home : former)
      }
      const note = order.join(', ')
      for (let i = 0; i < 9; i++) for (const sender of Object.values(senders)) await sender.step()
      const outcomes = [senders.old.outcome, senders.new.outcome]
      expect(
        outcomes.filter((outcome) => outcome === 'n'),
        note,
      ).toHaveLength(1)
      expect(
        outcomes.filter((outcome) => 'pm'.includes(outcome)),
        note,
      ).toHaveLength(1)
      for (const stage of [former, home]) expect(await faults(stage.redis, stage.tag), note).toEqual([])
    }
  })
}
