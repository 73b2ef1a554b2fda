// Receiving by hand: from all partitions in turn, waiting where none has anything.
import type { Backend } from './backend.ts'
import { bounded } from './bounded.ts'
import type { Lane } from './lane.ts'
import type { Batch, Delivered } from './redis/deliveries.ts'
import type { Watch } from './redis/watch.ts'

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

/** A partition, when to look at it again (by performance.now()), and who is told before then. */
interface Place {
  lane: Lane
  look: number
  watch: Watch
}

/** Messages of one partition, or none when the wait is over. What comes for a call that has ended is given back. */
export function receive(backend: Backend, wanted: Wanted): Promise<Found | undefined> {
  return bounded(begin(backend, wanted), wanted.wait + wanted.timeout, wanted.signal, (found) => {
    const back = { how: 'uncounted', delay: 0, reason: '' } as const
    const batch = found?.messages.map((message) => ({ ...message, ...back })) ?? []
    if (batch.length > 0) found?.lane.partition.release(batch, performance.now() + wanted.timeout).catch(() => {})
  })
}

async function begin(backend: Backend, wanted: Wanted): Promise<Found | undefined> {
  const { lanes } = await backend.open()
  const { inbox } = backend.shared
  if (wanted.wait > 0) await inbox.open()
  const places = backend.fairly(lanes).map((lane) => ({ lane, look: 0, watch: inbox.watch(lane.partition.topic) }))
  try {
    return await search(backend, wanted, places)
  } finally {
    for (const { watch } of places) watch.end()
  }
}

async function search(backend: Backend, wanted: Wanted, places: Place[]): Promise<Found | undefined> {
  const end = performance.now() + wanted.wait
  for (let asked = places; ; asked = await sleep(places, end, wanted.signal)) {
    wanted.signal?.throwIfAborted()
    for (const place of asked) {
      const { messages, due } = await ask(backend, place.lane, wanted, end)
      if (messages.length > 0) {
        // Others may wait here for the same partition: the next one looks too.
        backend.shared.inbox.wakeHere(place.lane.partition.topic)
        return { lane: place.lane, messages }
      }
      place.look = performance.now() + due
    }
    if (performance.now() >= end) return undefined
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

/** Wait until woken for some of the places or until one falls due; answers those to look at. */
async function sleep(places: Place[], end: number, signal?: AbortSignal): Promise<Place[]> {
  const stop = new AbortController()
  const give = () => stop.abort(signal?.reason)
  signal?.addEventListener('abort', give)
  const woken: Place[] = []
  try {
    await Promise.race(
      places.map(async (place) => {
        const ms = Math.min(place.look, end) - performance.now()
        await place.watch.wait(Math.max(ms, 0), stop.signal)
        woken.push(place)
      }),
    )
    return woken
  } finally {
    signal?.removeEventListener('abort', give)
    stop.abort()
  }
}
