// For test files about scripts: a stage for the file, made anew for each test and looked through after it.
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { faults } from './sound.ts'
import { type Lines, Stage, type State } from './stage.ts'

/** The stage of this file. After each test every message is in exactly one state. */
export function useStage(attributes: Record<string, number | string> = {}): Stage {
  const stage = new Stage()
  beforeEach(() => stage.make(attributes))
  afterEach(async () => expect(await faults(stage.redis, stage.tag)).toEqual([]))
  afterAll(() => stage.close())
  return stage
}

/** A row of a table: what was there before, what is called, what it answers, what is there after. */
export interface Row {
  is: string
  before?: () => Promise<unknown>
  call: () => Promise<unknown>
  reply: unknown
  /** All states that are not empty. Not looked at when it is left out. */
  after?: Partial<State & Lines>
}

export function table(stage: Stage, rows: Row[]): void {
  for (const { is, before, call, reply, after } of rows) {
    test(is, async () => {
      await before?.()
      expect(await call()).toEqual(reply)
      if (after) expect(await stage.state()).toEqual(after)
    })
  }
}

/** What is published to channels while `task` runs. */
export async function published(stage: Stage, channels: string[], task: () => Promise<unknown>): Promise<string[]> {
  const subscriber = stage.redis.duplicate()
  const told: string[] = []
  subscriber.on('message', (channel: string, text: string) =>
    told.push(`${stage.shown(channel)}: ${stage.shown(text)}`),
  )
  await subscriber.subscribe(...channels.map((name) => stage.inbox(name)))
  await task()
  // What is published to a connection comes before the answer to what it asks afterwards.
  await subscriber.ping()
  subscriber.disconnect()
  return told
}
