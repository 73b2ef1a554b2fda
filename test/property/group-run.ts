// One sequence of operations on a partition with groups, and the same on the model.
import { expect } from 'vitest'
import { beat, extend, purge, redrive, release, send } from '../lua/calls.ts'
import { type GroupWanting, receiveGrouped, sendGrouped, workGrouped } from '../lua/group-calls.ts'
import { faults } from '../lua/sound.ts'
import type { Stage } from '../lua/stage.ts'
import { cameFairly, NOISY, SHARE } from './fairness.ts'
import { GroupModel, MAX_RECEIVES, RETENTION, VISIBILITY } from './group-model.ts'
import type { Step } from './group-steps.ts'

interface Sent {
  name: string
  group: string
  dedup?: string
}

export class GroupRun {
  readonly model: GroupModel
  readonly sent: Sent[] = []

  constructor(
    readonly stage: Stage,
    readonly fifo: boolean,
    readonly maxInFlight: number,
    readonly began: number,
  ) {
    this.model = new GroupModel(fifo, maxInFlight)
  }

  async begin(): Promise<void> {
    this.model.now = this.began
    await this.stage.make(
      {
        visibility: VISIBILITY,
        maxReceives: MAX_RECEIVES,
        retention: RETENTION,
        maxInFlight: this.maxInFlight,
        noisyInFlight: NOISY,
        noisyShare: SHARE,
        ...(this.fifo && { fifo: 1 }),
      },
      this.began,
    )
  }

  async take(one: Step): Promise<void> {
    await this.#do(one)
    await this.#look()
    const { ready = {}, grouped = {}, inflight = {}, dead = {}, order = [] } = await this.stage.state()
    const state = { inflight: {}, dead: {} } as Record<string, Record<string, number>>
    for (const held of this.model.of('inflight'))
      (state['inflight'] as object)[held.name as never] = (held.at / 1000) as never
    for (const held of this.model.of('dead')) (state['dead'] as object)[held.name as never] = held.at as never
    const waiting = Object.fromEntries(this.model.of('waiting').map(({ name, at }) => [name, at]))
    expect({ ...ready, ...grouped }).toEqual(waiting)
    expect({ inflight, dead }).toEqual(state)
    if (this.fifo) {
      const lines = [...new Set(this.model.groups())].sort().flatMap((name) => this.model.line(name))
      expect(order).toEqual(lines.map(({ group: name, number, name: message }) => `${name} ${number} ${message}`))
    }
    expect(await faults(this.stage.redis, this.stage.tag)).toEqual([])
  }

  /** Somebody waits all the time, and looks when told to: nothing may be receivable before that. */
  async #look(): Promise<void> {
    const { model } = this
    const looks = async () => Number(await this.stage.redis.zscore(this.stage.keys.waiters, this.stage.inbox('waiter')))
    for (let again = true; again && (await looks()) <= model.now; ) {
      const { ids, due } = await this.#receive({ max: 1, returning: 1, each: 1, wait: 600_000, inbox: 'waiter' })
      again = ids.length > 0 || due === 0
    }
    const at = await looks()
    const slack = this.maxInFlight < 100 ? 1_000 : 1
    expect(at, 'when the waiter looks').toBeLessThanOrEqual(Math.max(model.next(), model.now) + slack)
  }

  #new(name: string, dedup?: string): Sent {
    const count = this.sent.length.toString(36).padStart(2, '0')
    const one = { name: `m${count}@${this.model.now}`, group: name, ...(dedup && { dedup }) }
    this.sent.push(one)
    return one
  }

  #pick(index: number, back = 0) {
    const one = this.sent.at(-1 - index) ?? this.sent[0] ?? { name: 'none', group: 'a' }
    const held = this.model.get(one.name)
    const delivery = Math.max((held?.deliveries ?? 1) - back, 1)
    return {
      id: one.name,
      group: one.group,
      delivery,
      received: this.model.now,
      ...(held?.number && { sequence: held.number }),
    }
  }

  async #do(one: Step): Promise<void> {
    const { model } = this
    const { now } = model
    switch (one.do) {
      case 'advance':
        model.now += one.ms
        return
      case 'send': {
        const list = one.groups.map((name) => this.#new(name, (this.fifo && one.dedup) || undefined))
        return this.#send(list, one.delay)
      }
      case 'sendPlain': {
        if (this.fifo) return
        const { name } = this.#new('')
        model.send(name, '', one.delay)
        await send(this.stage, now, { id: name, delay: one.delay })
        return this.#adopt()
      }
      case 'sendAgain': {
        const again = this.sent.at(-1 - one.which)
        return again?.dedup && model.get(again.name) ? this.#send([again], 0, true) : undefined
      }
      case 'receive':
        await this.#receive(one, one.named ?? undefined)
        return
      case 'complete': {
        const done = one.which.map((index) => this.#pick(index, one.stale))
        const expected = done.map(({ id, delivery }) => model.complete(id, delivery))
        const { outcomes } = await this.#receive(one, undefined, done)
        expect(outcomes).toBe(
          expected.every((outcome) => outcome === '') ? '' : expected.map((outcome) => outcome || 'd').join(''),
        )
        return
      }
      case 'extend': {
        const receipt = this.#pick(one.which, one.stale)
        const call = one.late ? beat : extend
        const [, outcome] = await call(this.stage, now, { ...receipt, visibility: one.visibility })
        await this.#adopt()
        expect(outcome === 'e').toBe(model.extend(receipt.id, receipt.delivery, one.visibility, one.late))
        return
      }
      case 'release': {
        const list = one.which.map((index) => ({ ...this.#pick(index, one.stale), how: one.how, delay: one.delay }))
        const names = list.map(({ id }) => id)
        const unique = list.filter(({ id }, i) => names.indexOf(id) === i)
        const [, outcomes] = await release(this.stage, now, ...unique)
        await this.#adopt()
        const expected = unique.map(({ id, delivery }) => model.release(id, delivery, one.how, one.delay))
        expect(outcomes).toBe(expected.join(''))
        return
      }
      case 'redrive': {
        const reply = await redrive(this.stage, now)
        await this.#adopt()
        expect(reply.slice(1)).toEqual([model.redrive(), 0])
        return
      }
      case 'purge': {
        const reply = await purge(this.stage, now)
        expect(reply).toEqual(['ok', model.purge()])
      }
    }
  }

  async #send(list: Sent[], wait: number, repeated = false): Promise<void> {
    const { model } = this
    const sending = list.map(({ name, group: of, dedup }) => ({
      id: name,
      group: of,
      delay: wait,
      repeated,
      ...(dedup && { dedup }),
    }))
    const reply = await sendGrouped(this.stage, model.now, sending)
    const expected = list.map(({ name, group: of, dedup }) => model.send(name, of, wait, dedup))
    expect(reply.outcomes).toBe(expected.map(([outcome]) => outcome).join(''))
    expect(reply.sequences).toEqual(expected.map(([, , number]) => number))
    expect(reply.known).toEqual(expected.flatMap(([outcome, first]) => (outcome === 'n' ? [] : [first, ''])))
    await this.#adopt()
  }

  /** Messages that are too old may have been dropped by any call. */
  async #adopt(): Promise<void> {
    const { ready = {}, grouped = {} } = await this.stage.state()
    for (const one of this.model.of('waiting')) {
      if (one.at + RETENTION <= this.model.now && !(one.name in ready || one.name in grouped))
        this.model.messages.delete(one.name)
    }
  }

  async #receive(
    want: GroupWanting & { max: number; returning: number; each: number },
    name?: string,
    done: Parameters<typeof workGrouped>[2] = [],
  ) {
    const { model } = this
    const { max, returning, each } = want
    model.visibility = want.visibility ?? VISIBILITY
    const naming = name && this.fifo ? { client: `!${name}`, attempt: 1, again: true } : {}
    const before =
      done.length === 0
        ? receiveGrouped(this.stage, model.now, { ...want, ...naming })
        : workGrouped(this.stage, model.now, done, { ...want, ...naming })
    const reply = await before
    model.sweep()
    if (max === 0) return reply
    if (!this.fifo) {
      const { ready = {}, grouped = {} } = await this.stage.state()
      cameFairly(model, (one) => one in ready || one in grouped, reply.ids, max, returning)
      await this.#adopt()
      return reply
    }
    const again = name === undefined ? undefined : model.again(name)
    const expected = again ?? model.receive(max, returning, each)
    if (again) expect([...reply.ids].sort()).toEqual([...again].sort())
    else expect(reply.ids).toEqual(expected)
    expect(reply.sequences).toEqual(reply.ids.map((id) => model.get(id)?.number))
    if (name !== undefined && !again) model.note(name, expected)
    return reply
  }
}
