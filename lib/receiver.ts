// Receiving by hand: from all partitions in turn, waiting where none has anything.
import type { Backend, Lane } from './backend.ts'
import type { Batch, Delivered } from './redis/deliveries.ts'

export interface Wanted {
  max: number
  /** ms for which to wait when there is nothing. */
  wait: number
  /** ms; the queue's own where it is undefined. */
  visibility: number | undefined
  timeout: number
  signal: AbortSignal | undefined
}

interface Found {
  lane: Lane
  messages: Delivered[]
}

/** Messages of one partition, or none when the wait is over. */
export async function receive(backend: Backend, wanted: Wanted): Promise<Found | undefined> {
  const { lanes } = await backend.open()
  const { inbox } = backend.shared
  const end = performance.now() + wanted.wait
  if (wanted.wait > 0) await inbox.open()
  let asked = backend.fairly(lanes)
  let woken = false
  const looks = new Map<Lane, number>()
  for (;;) {
    wanted.signal?.throwIfAborted()
    for (const [i, lane] of asked.entries()) {
      const { messages, due } = await ask(backend, lane, wanted, end)
      if (messages.length > 0) {
        // Others may wait here for the same partitions, or elsewhere: the wake-ups are theirs now.
        for (const { partition } of asked.slice(i))
          if (!inbox.wakeOne(partition.topic) && woken) inbox.pass(partition.topic)
        return { lane, messages }
      }
      looks.set(lane, performance.now() + due)
    }
    if (performance.now() >= end) return undefined
    asked = await wake(backend, lanes, looks, end, wanted.signal)
    woken = true
  }
}

async function ask(backend: Backend, lane: Lane, { max, visibility, timeout }: Wanted, end: number): Promise<Batch> {
  for (;;) {
    const wait = Math.max(Math.ceil(end - performance.now()), 0)
    const request = { max, returning: max, visibility, wait }
    const batch = await backend.withPartitions(() => lane.partition.receive(request, backend.deadline(timeout)))
    // Nothing, though there is more: what was looked at had been received too often.
    if (batch.messages.length > 0 || batch.due > 0) return batch
  }
}

/** Wait until woken for some of the lanes or until one falls due; answers those to look at. */
async function wake(
  backend: Backend,
  lanes: Lane[],
  looks: Map<Lane, number>,
  end: number,
  signal?: AbortSignal,
): Promise<Lane[]> {
  const stop = new AbortController()
  const give = () => stop.abort(signal?.reason)
  signal?.addEventListener('abort', give)
  const woken: Lane[] = []
  try {
    await Promise.race(
      lanes.map(async (lane) => {
        const ms = Math.min(looks.get(lane) as number, end) - performance.now()
        await backend.shared.inbox.wait(lane.partition.topic, Math.max(ms, 0), stop.signal)
        woken.push(lane)
      }),
    )
    return woken
  } finally {
    signal?.removeEventListener('abort', give)
    stop.abort()
  }
}
