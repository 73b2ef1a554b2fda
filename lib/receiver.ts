// Receiving by hand: from all partitions in turn, waiting where none has anything.
import type { Backend } from './backend.ts'
import { bounded } from './bounded.ts'
import { OverLimit } from './errors.ts'
import { groupHash } from './key.ts'
import type { Lane } from './lane.ts'
import { giveBack } from './receives.ts'
import type { Batch, Delivered } from './redis/deliveries.ts'
import { Outdated } from './redis/refusals.ts'
import type { Watch } from './redis/watch.ts'
import { REROUTINGS } from './route.ts'

export interface Wanted {
  max: number
  /** ms for which to wait when there is nothing; the queue's own where it is undefined. */
  wait: number | undefined
  /** ms; the queue's own where it is undefined. */
  visibility: number | undefined
  /** What the caller calls this receive. */
  attempt: string | undefined
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
  /** Woken for it, and not looked yet. */
  woken: boolean
}

/** Where one receive looks: all partitions, also those that are made or drained meanwhile. */
class Places {
  list: Place[] = []
  #lanes: Lane[] = []

  constructor(
    private readonly backend: Backend,
    private readonly attempt: string | undefined,
  ) {}

  get outdated(): boolean {
    return this.#lanes !== this.#now()
  }

  /** Those that were not there at the last time. */
  renew(): Place[] {
    if (!this.outdated) return []
    const { inbox } = this.backend.shared
    const lanes = this.#now()
    const known = new Map(this.list.map((place) => [place.lane, place]))
    // In turn, so that no partition is always asked first; two receives under one name at a time begin at the same.
    const from = (this.attempt === undefined ? this.backend.turn() : groupHash(this.attempt)) % lanes.length
    this.list = [...lanes.slice(from), ...lanes.slice(0, from)].map(
      (lane) => known.get(lane) ?? { lane, look: 0, watch: inbox.watch(lane.partition.topic), woken: false },
    )
    for (const { lane, watch } of known.values()) if (!lanes.includes(lane)) watch.end()
    this.#lanes = lanes
    return this.list.filter(({ lane }) => !known.has(lane))
  }

  /** Wake-ups that this receive has no use for are others'. */
  end(): void {
    for (const { watch } of this.list) watch.end()
    for (const { lane, woken } of this.list) if (woken) this.backend.shared.inbox.wake(lane.partition.topic)
  }

  // None while a queue that was removed and made anew is not open yet.
  #now(): Lane[] {
    return this.backend.opened?.lanes ?? this.#lanes
  }
}

/** No queue has a longer wait of its own. */
const LONGEST = 20_000

/** Messages of one partition, or none when the wait is over. What comes for a call that has ended is given back. */
export async function receive(backend: Backend, given: Wanted): Promise<Found | undefined> {
  if (!backend.opened) await bounded(backend.open(), given.timeout, given.signal)
  return bounded(begin(backend, given), (given.wait ?? LONGEST) + given.timeout, given.signal, (found) => {
    if (found) giveBack(found.lane.partition, found.messages, performance.now() + given.timeout)
  })
}

async function begin(backend: Backend, wanted: Wanted): Promise<Found | undefined> {
  await backend.open()
  const places = new Places(backend, wanted.attempt)
  const begun = performance.now()
  let found: Found | undefined
  try {
    found = await (wanted.attempt === undefined ? search : repeatable)(backend, wanted, places, begun)
  } finally {
    places.end()
  }
  // Others may wait here for the same partition: the next one looks too.
  if (found) backend.shared.inbox.wakeHere(found.lane.partition.topic)
  return found
}

/**
 * What a named attempt has got already, in whichever partition: it may have begun elsewhere, or by another map. Where two have
 * something, by two that began at once, the other's stays hidden.
 */
async function noted(backend: Backend, wanted: Wanted, places: Places): Promise<Found | undefined> {
  const { max, visibility, attempt, timeout } = wanted
  const request = { max, returning: max, visibility, wait: 0, attempt, noted: true }
  places.renew()
  for (let asked = places.list; asked.length > 0; asked = places.renew()) {
    if (places.list.length === 1) return undefined // the receive itself looks there first
    const look = async ({ lane }: Place) => {
      const { messages } = await lane.partition.receive(request, backend.deadline(timeout))
      return { lane, messages }
    }
    const found = (await Promise.all(asked.map(look))).find(({ messages }) => messages.length > 0)
    if (found) return found
  }
  return undefined
}

/** A receive that the caller has named. What it has got may also be in partitions of which it hears only now. */
async function repeatable(backend: Backend, wanted: Wanted, places: Places, begun: number): Promise<Found | undefined> {
  for (let again = 0; ; again++) {
    try {
      return (await noted(backend, wanted, places)) ?? (await search(backend, wanted, places, begun))
    } catch (error) {
      if (!(error instanceof Outdated) || again === REROUTINGS) throw error
    }
  }
}

async function search(backend: Backend, wanted: Wanted, places: Places, begun: number): Promise<Found | undefined> {
  // An answer may have told of another wait of the queue's.
  const end = () => begun + (wanted.wait ?? backend.opened?.attributes.wait ?? 0)
  const full = new Set<Place>()
  places.renew()
  for (let asked = places.list; ; ) {
    wanted.signal?.throwIfAborted()
    for (const place of asked) {
      place.woken = false
      const { messages, due, over } = await ask(backend, place.lane, wanted, end)
      if (messages.length > 0) return { lane: place.lane, messages }
      place.look = performance.now() + due
      if (over && !backend.ordered) full.add(place)
      else full.delete(place)
    }
    // An answer may have told of new partitions.
    if (places.outdated) asked = places.renew()
    else if (places.list.every((place) => full.has(place))) throw overLimit(backend)
    else if (performance.now() >= end()) return undefined
    else asked = await sleep(places.list, end(), wanted.signal)
  }
}

async function ask(backend: Backend, lane: Lane, wanted: Wanted, end: () => number): Promise<Batch> {
  const { max, visibility, timeout, attempt } = wanted
  for (;;) {
    const wait = Math.max(Math.ceil(end() - performance.now()), 0)
    if (wait > 0) await backend.shared.inbox.open()
    wanted.signal?.throwIfAborted() // nobody is there for whom to take anything
    const by = attempt === undefined ? undefined : backend.version
    const request = { max, returning: max, visibility, wait, attempt, by }
    const batch = await lane.receives.ask(request, backend.deadline(timeout), wanted.signal)
    // Nothing, though there is more: others have it, or what was looked at had been received too often.
    if (batch.messages.length > 0 || batch.due > 0) return batch
  }
}

function overLimit({ name, opened }: Backend): OverLimit {
  return new OverLimit(
    `as many messages of queue ${name} are in flight as may be (\`maxInFlight\` ${opened?.attributes.maxInFlight})`,
  )
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
        place.woken = await place.watch.wait(Math.max(ms, 0), stop.signal)
        woken.push(place)
      }),
    )
    return woken
  } finally {
    signal?.removeEventListener('abort', give)
    stop.abort()
  }
}
