// Receives of one partition that meet are one call to it. What it takes is handed out to them, first come first served.
import { Batcher } from './batcher.ts'
import type { Timeout } from './errors.ts'
import type { Batch, Delivered, Request } from './redis/deliveries.ts'
import type { Partition } from './redis/partition.ts'

interface Asked extends Request {
  /** By performance.now(). */
  deadline: number
  signal: AbortSignal | undefined
}

/** Others got what there was: nothing is known of when there is more. */
const ASK_AGAIN: Batch = { messages: [], due: 0, over: false, outbox: false }
/** For what was taken in vain to be given back. */
const PATIENCE = 10_000

export class Receives {
  readonly #calls: Batcher<Asked, Batch>
  /** Bytes of a message, by those that came last. */
  #size = 0

  constructor(
    private readonly partition: Partition,
    late: () => Timeout,
  ) {
    this.#calls = new Batcher((asked, deadline) => this.#run(asked, deadline), late)
  }

  /** Nothing, due at once: ask again. */
  ask(request: Request, deadline: number, signal?: AbortSignal): Promise<Batch> {
    // What is of one group must come to one receiver, and who names an attempt wants the messages of just that one.
    if (this.partition.grouped || request.attempt !== undefined) return this.partition.receive(request, deadline)
    const { max } = request
    // Without the signal, which would drop the answer to a call that is on its way, and the messages in it.
    return this.#calls.add(
      { ...request, deadline, signal },
      max * this.#size,
      deadline - performance.now(),
      undefined,
      max,
    )
  }

  async #run(asked: Asked[], deadline: number): Promise<(Batch | Error)[]> {
    const told = new Map<Asked, Batch | Error>()
    const visibilities = new Set(asked.map(({ visibility }) => visibility))
    const calls = [...visibilities].map(async (visibility) => {
      const alike = asked.filter((one) => one.visibility === visibility && isWanted(one))
      try {
        await this.#share(alike, visibility, deadline, (one, batch) => told.set(one, batch))
      } catch (error) {
        for (const one of alike) told.set(one, error as Error)
      }
    })
    await Promise.all(calls)
    return asked.map((one) => told.get(one) ?? ASK_AGAIN)
  }

  async #share(
    asked: Asked[],
    visibility: number | undefined,
    deadline: number,
    tell: (one: Asked, batch: Batch) => void,
  ): Promise<void> {
    if (asked.length === 0) return
    const max = asked.reduce((sum, one) => sum + one.max, 0)
    const wait = asked.reduce((longest, one) => Math.max(longest, one.wait), 0)
    const batch = await this.partition.receive({ max, returning: max, visibility, wait }, deadline)
    const { messages } = batch
    if (messages.length > 0) this.#size = messages.reduce((sum, { record }) => sum + record.length, 0) / messages.length
    let from = 0
    // Not to those who have given up meanwhile.
    for (const one of asked.filter(isWanted)) {
      if (messages.length === 0) tell(one, batch)
      else if (from < messages.length) {
        tell(one, { ...batch, messages: messages.slice(from, from + one.max) })
        from += one.max
      }
    }
    if (from < messages.length) giveBack(this.partition, messages.slice(from), performance.now() + PATIENCE)
  }
}

/** Messages that nobody has seen go back, their attempts uncounted. */
export function giveBack(partition: Partition, messages: Delivered[], deadline: number): void {
  const back = { how: 'uncounted', delay: 0, reason: '' } as const
  const batch = messages.map((message) => ({ ...message, ...back }))
  if (batch.length > 0) partition.release(batch, deadline).catch(() => {})
}

const isWanted = ({ signal, deadline }: Asked) => !signal?.aborted && performance.now() < deadline
