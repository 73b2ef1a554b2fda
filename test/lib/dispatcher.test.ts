// What happens to the ids of messages whose batch has to go elsewhere than it was meant to.
import { expect, test } from 'vitest'
import type { Backend } from '../../lib/backend.ts'
import { Dispatcher } from '../../lib/dispatcher.ts'
import { newId, partitionOf } from '../../lib/id.ts'
import { type Lane, lateSend } from '../../lib/lane.ts'
import type { Outgoing } from '../../lib/redis/deliveries.ts'
import { Drained, Outdated } from '../../lib/redis/refusals.ts'

const message = (group?: string): Outgoing => ({
  ...newId(0),
  payload: Buffer.from('tbody'),
  delay: undefined,
  key: undefined,
  print: undefined,
  group,
  dedup: undefined,
  repeated: false,
})

/** Lanes 0, 1 … whose partitions do what they are told; new messages go to the last. */
function queue(...calls: ((batch: Outgoing[]) => unknown)[]) {
  const lanes = calls.map((call, index) => {
    const send = async (batch: Outgoing[]) => call(batch)
    const lane = { partition: { index, send, sendGrouped: send }, at: () => lane } as unknown as Lane
    return lane
  })
  const map = { version: '1', candidates: () => lanes }
  const backend = {
    shared: {},
    version: '1',
    turn: () => {},
    turnLane: () => lanes.at(-1),
    open: async () => ({ map }),
  } as unknown as Backend
  return { lanes, dispatcher: new Dispatcher(backend, ({ uuid }) => ({ id: uuid })) }
}

test('a message whose partition is drained is stored in another, under an id that names it', async () => {
  const stored: Outgoing[] = []
  const { lanes, dispatcher } = queue(
    () => Promise.reject(new Drained('drained')),
    (batch) => void stored.push(...batch),
  )
  const [sent] = await dispatcher.plain(lanes[0] as Lane, [message()], 0)
  expect(stored.map(({ short }) => partitionOf(short))).toEqual([1])
  expect(sent).toEqual({ id: stored[0]?.uuid })
})

test('a message whose caller was told its id meanwhile is not stored under another', async () => {
  const [told, other] = [message(), message()]
  const stored: Outgoing[] = []
  const { lanes, dispatcher } = queue(
    () => {
      lateSend(told, true)
      throw new Drained('drained')
    },
    (batch) => void stored.push(...batch),
  )
  await dispatcher.plain(lanes[0] as Lane, [told, other], 0)
  expect(stored).toEqual([other])
})

test('a message that may be stored already is looked for by the id that it was sent with', async () => {
  const one = message('g')
  const asked: string[] = []
  const note = (outcome: string) => () => {
    asked.push(one.short)
    return { stored: [{ outcome }], last: 0 }
  }
  const { dispatcher } = queue(note('v'), note('v'), () => {
    const answer = note('n')()
    if (one.resent) return answer
    one.resent = true // its reply was lost, and the map has changed
    throw new Outdated('changed', 2)
  })
  await dispatcher.grouped([one], 0)
  expect(asked.slice(0, 3).map(partitionOf)).toEqual([0, 1, 2])
  expect(new Set(asked.slice(2))).toEqual(new Set([asked[2]]))
  expect(asked).toHaveLength(6)
})
