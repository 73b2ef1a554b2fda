// Awaiting what a handler returned: woken by the script that completes the message, never without a deadline.
import type { Backend } from './backend.ts'
import { bounded } from './bounded.ts'
import type { Content } from './content.ts'
import { type Duration, milliseconds } from './duration.ts'
import { DeadLettered, InvalidOption, ResultTimeout } from './errors.ts'
import { lengthen, partitionOf, shorten } from './id.ts'
import { groupHash, hashOfKey, keyDigest } from './key.ts'
import type { Lane } from './lane.ts'
import type { PartitionMap } from './map.ts'
import { known, signalOf } from './options.ts'
import { MOVED, routed } from './route.ts'

/** A message's id (or what `send` answered), or its idempotency key, which is one of its group where it has one. */
export type ResultOf = string | { id?: string } | { idempotencyKey: string; group?: string }

export interface ResultOptions {
  /** How long to wait. 0 to 1 h, 30 s unless given. */
  timeout?: Duration
  signal?: AbortSignal
}

const LOOK_AGAIN = 30_000
/** Nothing tells of a message that is not there yet. */
const UNKNOWN_AGAIN = 500

export function awaitResult(
  backend: Backend,
  content: Content,
  of: ResultOf,
  options: ResultOptions,
): Promise<unknown> {
  known(options, ['timeout', 'signal'], 'result')
  const timeout = milliseconds(options.timeout ?? '30s', 'timeout', 0, '1h')
  // The last look may take as long as any call.
  const longest = timeout + backend.shared.timeout
  return bounded(ask(backend, content, of, timeout, options.signal), longest, signalOf(options.signal))
}

async function ask(backend: Backend, content: Content, of: ResultOf, timeout: number, signal?: AbortSignal) {
  const end = performance.now() + timeout
  const { inbox } = backend.shared
  await inbox.open()
  const which = identified((await backend.open()).map, of)
  const short = which.short ?? (await look(backend, which, 0, end)).short
  for (let id = short; ; ) {
    // Once the key has named a message it is asked for by its id: a key is freed when its message becomes a dead letter.
    const watch = inbox.watch(`result ${id}`)
    try {
      const left = Math.max(end - performance.now(), 0)
      const wait = Math.min(left, LOOK_AGAIN)
      const found = await look(backend, { ...which, short: id }, Math.ceil(wait), end)
      if (found.state === 'done') return content.decodeResult(found.value)
      if (found.state === 'marked') return undefined
      if (found.state === 'dead')
        throw new DeadLettered(`message ${lengthen(id)} is a dead letter: ${found.value.toString()}`)
      if (left === 0)
        throw new ResultTimeout(
          `no result of ${which.name} in time; it is ${found.state === 'pending' ? 'not done yet' : 'not known'}`,
        )
      await watch.wait(found.state === 'pending' && id ? wait : Math.min(wait, UNKNOWN_AGAIN), signal)
      id = found.short || id
    } finally {
      watch.end()
    }
  }
}

interface Identified {
  name: string
  key?: string
  /** By which the key has its home: its own, or that of its group. */
  hash?: number
  short?: string
}

function identified(map: PartitionMap, of: ResultOf): Identified {
  if (typeof of === 'object' && of !== null && 'idempotencyKey' in of) {
    const { group } = of
    const key = keyDigest(of.idempotencyKey, group)
    return { name: `key '${of.idempotencyKey}'`, key, hash: group === undefined ? hashOfKey(key) : groupHash(group) }
  }
  const id = typeof of === 'string' ? of : of?.id
  if (id === undefined) throw new InvalidOption('a result is asked for by a message id or by { idempotencyKey }')
  const short = shorten(id)
  if (!map.changed && !map.at(partitionOf(short)))
    throw new InvalidOption(`message id ${id} does not belong to this queue`)
  return { name: `message ${id}`, short }
}

/**
 * Ask where the message may be, and once its id is known by that. Redis may be away until the `end` of the wait: whether
 * somebody looks just then is chance.
 */
async function look(backend: Backend, { key, hash, short }: Identified, wait: number, end: number) {
  const of = short ? { short } : { key: key as string }
  const [found] = await routed(
    backend,
    [of],
    (map) => candidates(map, hash, short),
    async ({ partition }, _, how) => {
      const answer = await partition.result(of, wait, Math.max(backend.deadline(), end), how)
      return [answer.state === 'unknown' && how.stay ? MOVED : answer]
    },
  )
  if (found instanceof Error) throw found
  return found as Exclude<typeof found, Error | undefined>
}

/** A message that was sent with a key is at a home of the key. An id that was given may be that of a former partition. */
function candidates(map: PartitionMap, hash: number | undefined, short: string | undefined): Lane[] {
  if (hash !== undefined) return map.candidates(hash)
  const number = partitionOf(short as string)
  if (!map.changed) return [map.at(number) as Lane]
  const first = map.candidates(number)
  return [...first, ...map.all.filter((lane) => !first.includes(lane))]
}
