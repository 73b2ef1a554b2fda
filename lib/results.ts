// Awaiting what a handler returned: woken by the script that completes the message, never without a deadline.
import type { Backend } from './backend.ts'
import { bounded } from './bounded.ts'
import type { Content } from './content.ts'
import { type Duration, milliseconds } from './duration.ts'
import { DeadLettered, InvalidOption, ResultTimeout } from './errors.ts'
import { lengthen, partitionOf, shorten } from './id.ts'
import { keyDigest, partitionOfKey } from './key.ts'
import type { Lane } from './lane.ts'
import { known, signalOf } from './options.ts'

/** A message's id (or what `send` answered), or its idempotency key. */
export type ResultOf = string | { id?: string } | { idempotencyKey: string }

export interface ResultOptions {
  /** How long to wait. 0 to 1 h, 30 s unless given. */
  timeout?: Duration
  signal?: AbortSignal
}

const LOOK_AGAIN = 30_000
/** ms that the last look may take beyond the timeout. */
const LAST_ANSWER = 1_000
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
  return bounded(ask(backend, content, of, timeout, options.signal), timeout + LAST_ANSWER, signalOf(options.signal))
}

async function ask(backend: Backend, content: Content, of: ResultOf, timeout: number, signal?: AbortSignal) {
  const end = performance.now() + timeout
  const { inbox } = backend.shared
  await inbox.open()
  const { lane, name, ...which } = place((await backend.open()).lanes, of)
  const short = which.short ?? (await lane.partition.result(which, 0, backend.deadline())).short
  for (let id = short; ; ) {
    // Once the key has named a message it is asked for by its id: a key is freed when its message becomes a dead letter.
    const watch = inbox.watch(`result ${id}`)
    try {
      const left = Math.max(end - performance.now(), 0)
      const wait = Math.min(left, LOOK_AGAIN)
      const found = await lane.partition.result(id ? { short: id } : which, Math.ceil(wait), backend.deadline())
      if (found.state === 'done') return content.decodeResult(found.value)
      if (found.state === 'marked') return undefined
      if (found.state === 'dead')
        throw new DeadLettered(`message ${lengthen(id)} is a dead letter: ${found.value.toString()}`)
      if (left === 0)
        throw new ResultTimeout(
          `no result of ${name} in time; it is ${found.state === 'pending' ? 'not done yet' : 'not known'}`,
        )
      await watch.wait(found.state === 'pending' && id ? wait : Math.min(wait, UNKNOWN_AGAIN), signal)
      id = found.short || id
    } finally {
      watch.end()
    }
  }
}

function place(lanes: Lane[], of: ResultOf): { lane: Lane; name: string; short?: string; key?: string } {
  if (typeof of === 'object' && of !== null && 'idempotencyKey' in of) {
    const key = keyDigest(of.idempotencyKey)
    return { lane: lanes[partitionOfKey(key, lanes.length)] as Lane, name: `key '${of.idempotencyKey}'`, key }
  }
  const id = typeof of === 'string' ? of : of?.id
  if (id === undefined) throw new InvalidOption('a result is asked for by a message id or by { idempotencyKey }')
  const short = shorten(id)
  const lane = lanes[partitionOf(short)]
  if (!lane) throw new InvalidOption(`message id ${id} does not belong to this queue`)
  return { lane, name: `message ${id}`, short }
}
