// Partitions whose messages have groups, written short: names begin with their groups.
import { send } from './calls.ts'
import { type GroupWanting, receiveGrouped, sendGrouped } from './group-calls.ts'
import { useStage } from './partition.ts'
import type { Stage } from './stage.ts'

const groupOf = (name: string) => name[0] as string

/** What a receive gets, in words. */
const receiving =
  (stage: Stage) =>
  async (now: number, wanting: GroupWanting = {}): Promise<string> =>
    (await receiveGrouped(stage, now, { max: 10, ...wanting })).ids.join(' ')

/** A FIFO queue's. */
export function useLine() {
  const stage = useStage({ fifo: 1, maxReceives: 3 })
  return {
    stage,
    got: receiving(stage),
    /** 'a1 a2 b1': of group a two, of b one. */
    sent: (now: number, names: string, delay?: number) =>
      sendGrouped(
        stage,
        now,
        names.split(' ').map((name) => ({ id: name, group: groupOf(name), ...(delay !== undefined && { delay }) })),
      ),
    receipt: <R extends object>(name: string, sequence: number, rest = {} as R) => ({
      id: name,
      group: groupOf(name),
      sequence,
      ...rest,
    }),
  }
}

/** Noisy with 3 in flight that are more than half of all. */
export const noise = { noisyInFlight: 3, noisyShare: 500 }

/** A standard queue's with tenants. */
export function useTenants() {
  const stage = useStage({ ...noise, maxReceives: 2 })
  return {
    stage,
    got: receiving(stage),
    /** 'a1 a2 b1': of tenant a two, of b one; 'p…' without a group. */
    async sent(now: number, names: string, delay = 0): Promise<void> {
      for (const name of names.split(' ')) {
        if (name.startsWith('p')) await send(stage, now, { id: name, delay })
        else await sendGrouped(stage, now, [{ id: name, group: groupOf(name), delay }])
      }
    },
    receipt: <R extends object>(name: string, rest = {} as R) => ({ id: name, group: groupOf(name), ...rest }),
  }
}
