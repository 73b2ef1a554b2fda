// Puts messages into a queue as fast as the library can, before something else is measured.
import type { Adapter } from '../adapter.ts'
import { nextBodies, nextBody, nextKey } from '../body.ts'

const bulk = 500
const bulksInFlight = 4
const singlesInFlight = 500

export async function fill(adapter: Adapter, count: number, { keyed = false } = {}): Promise<void> {
  if (keyed) return await inLanes(singlesInFlight, count, 1, () => adapter.sendWithKey?.(nextBody(), nextKey()))
  if (!adapter.sendMany) return await inLanes(singlesInFlight, count, 1, () => adapter.send(nextBody()))
  await inLanes(bulksInFlight, count, bulk, (size) => adapter.sendMany?.(nextBodies(size)))
}

async function inLanes(lanes: number, count: number, size: number, call: (size: number) => unknown): Promise<void> {
  let left = count
  const lane = async () => {
    while (left > 0) {
      const taken = Math.min(size, left)
      left -= taken
      await call(taken)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}
