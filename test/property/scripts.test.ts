// Random sequences of operations on a partition, and the same on a small model: both agree after each step.
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import {
  claim,
  complete,
  discard,
  extend,
  purge,
  receive,
  redrive,
  release,
  send,
  sendOnce,
  unclaim,
} from '../lua/calls.ts'
import { faults } from '../lua/sound.ts'
import { Stage, T } from '../lua/stage.ts'
import { MAX_RECEIVES, Model, VISIBILITY } from './model.ts'

// More of them by PROPERTY_RUNS=10000.
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 250)
const STEPS = 40

const stage = new Stage()
afterAll(() => stage.close())

// Short of five minutes in all, so that no generation of marks turns; test/lua/marks.test.ts has that.
const delay = fc.constantFrom(0, 0, 0, 1, 2_000)
const which = fc.nat(7)
const key = fc.constantFrom('k', 'l')
const body = fc.constantFrom('one', 'two')
// The delivery that is named: the last one, or one before.
const stale = fc.constantFrom(0, 0, 0, 0, 1)

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('send' as const), body, delay }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('sendKeyed' as const), body, delay, key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sendAgain' as const), which }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('receive' as const),
      max: fc.integer({ min: 1, max: 4 }),
      returning: fc.nat(4),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('complete' as const), which, stale }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('completeClaimed' as const), which, stale, key }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('extend' as const),
      which,
      stale,
      visibility: fc.constantFrom(0, 1, 5_000),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('release' as const),
      which,
      stale,
      how: fc.constantFrom('counted' as const, 'uncounted' as const, 'failed' as const, 'rejected' as const),
      delay,
      reason: fc.constantFrom('', 'no luck', '1 2 3 - x'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('claim' as const), which, key, lease: fc.constantFrom(1, 4_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unclaim' as const), which, key, done: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.constantFrom(1, 500, 3_000, 6_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('redrive' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('purge' as const, 'discard' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** Everything that was ever sent, by name; keys and bodies never change for a name. */
interface Sent {
  name: string
  body: string
  key?: string
}

class Run {
  readonly model = new Model()
  readonly sent: Sent[] = []

  async begin(): Promise<void> {
    await stage.make({ visibility: VISIBILITY, maxReceives: MAX_RECEIVES })
    this.model.now = T
  }

  async take(one: Step): Promise<void> {
    const [reply, expected] = await this.#do(one)
    expect(reply).toEqual(expected)
    const { letters, ...state } = {
      ready: {},
      inflight: {},
      receives: {},
      keys: {},
      dead: {},
      ...(await stage.state()),
    }
    expect(state).toEqual(this.model.state())
    expect(Object.keys(letters ?? {}).sort()).toEqual(Object.keys(state.dead).sort())
    expect(await faults(stage.redis, stage.tag)).toEqual([])
  }

  #new(body: string, key?: string): Sent {
    const one = { name: `m${this.sent.length.toString(36)}`, body, ...(key && { key }) }
    this.sent.push(one)
    return one
  }

  /** One of the messages that were sent, those that were sent last above all; and a delivery of it. */
  #pick(which: number, stale = 0): Sent & { id: string; delivery: number; received: number } {
    const one = this.sent.at(-1 - which) ?? this.sent[0] ?? { name: 'none', body: '' }
    const held = this.model.messages.get(one.name)
    return { ...one, id: one.name, delivery: Math.max((held?.deliveries ?? 1) - stale, 1), received: held?.first ?? 0 }
  }

  async #do(one: Step): Promise<[reply: unknown, expected: unknown]> {
    const { model } = this
    const { now } = model
    switch (one.do) {
      case 'advance':
        model.now += one.ms
        return [1, 1]
      case 'send': {
        const { name, body } = this.#new(one.body)
        model.send(name, body, one.delay)
        return [(await send(stage, now, { id: name, body, delay: one.delay }))[0], 'ok']
      }
      case 'sendKeyed': {
        const { name, body } = this.#new(one.body, one.key)
        const sending = { id: name, body, key: one.key, delay: one.delay }
        return [(await sendOnce(stage, now, sending)).slice(0, 2), model.sendOnce(name, body, one.delay, one.key)]
      }
      case 'sendAgain': {
        const { id, name, body, key } = this.#pick(one.which)
        if (this.sent.length === 0) return [1, 1]
        const sending = { id, body, delay: 0, repeated: true, ...(key && { key }) }
        return [(await sendOnce(stage, now, sending)).slice(0, 2), model.sendOnce(name, body, 0, key)]
      }
      case 'receive':
        return [(await receive(stage, now, one)).ids, model.receive(one.max, one.returning)]
      case 'complete': {
        const done = this.#pick(one.which, one.stale)
        return [await complete(stage, now, done), model.complete(done.name, done.delivery, done.key)]
      }
      case 'completeClaimed': {
        const done = this.#pick(one.which, one.stale)
        // A key of the worker's own making, whether it holds the claim still or not.
        const key = done.key ?? one.key
        return [await complete(stage, now, { ...done, key }), model.complete(done.name, done.delivery, key)]
      }
      case 'extend': {
        const { name, delivery, ...receipt } = this.#pick(one.which, one.stale)
        const reply = await extend(stage, now, { ...receipt, delivery, visibility: one.visibility })
        return [reply[1], model.extend(name, delivery, one.visibility)]
      }
      case 'release': {
        const { name, delivery, ...receipt } = this.#pick(one.which, one.stale)
        const { how, delay, reason } = one
        const reply = await release(stage, now, { ...receipt, delivery, how, delay, reason })
        return [reply[1], model.release(name, delivery, how, delay, reason)]
      }
      case 'claim': {
        const { id, name } = this.#pick(one.which)
        return [(await claim(stage, now, one.lease, { id, key: one.key }))[1], model.claim(name, one.key, one.lease)]
      }
      case 'unclaim': {
        const { id, name } = this.#pick(one.which)
        return [
          (await unclaim(stage, now, { id, key: one.key, done: one.done }))[1],
          model.unclaim(name, one.key, one.done),
        ]
      }
      case 'redrive':
        return [(await redrive(stage, now)).slice(1), model.redrive()]
      case 'purge':
        return [(await purge(stage, now))[1], model.drop('ready', 'inflight')]
      case 'discard':
        return [(await discard(stage, now))[1], model.drop('dead')]
    }
  }
}

test('the scripts do what the model does', { timeout: 30_000 + 100 * RUNS }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: STEPS }), async (steps) => {
      const run = new Run()
      await run.begin()
      for (const one of steps) await run.take(one)
    }),
    { numRuns: RUNS },
  )
})
