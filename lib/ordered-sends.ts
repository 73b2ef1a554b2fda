// Sends to a FIFO queue: one batch on its way at a time, shared by all handles of the client, so that calls keep their order.
import type { Backend } from './backend.ts'
import { Batcher } from './batcher.ts'
import { bounded } from './bounded.ts'
import { lateSend } from './lane.ts'
import type { Outgoing } from './redis/deliveries.ts'
import type { Sent } from './sender.ts'

export class OrderedSends {
  readonly #batcher: Batcher<Outgoing, Sent>
  #backend: Backend
  /** Settles when the last send that had to wait has joined the batcher. */
  #tail: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor(backend: Backend) {
    this.#backend = backend
    this.#batcher = new Batcher((batch, deadline) => this.#send(batch, deadline), lateSend, { alone: true })
  }

  /** Those of one level go together, and one after another those of several: their order counts more. */
  async #send(batch: Outgoing[], deadline: number): Promise<(Sent | Error)[]> {
    const { dispatcher } = this.#backend
    const told: (Sent | Error)[] = []
    while (told.length < batch.length) {
      const rest = batch.slice(told.length)
      const level = rest[0]?.level?.text
      const end = rest.findIndex((message) => message.level?.text !== level)
      const run = end < 0 ? rest : rest.slice(0, end)
      if (run.length === batch.length) return dispatcher.grouped(batch, deadline)
      told.push(...(await dispatcher.grouped(run, deadline).catch((error) => run.map(() => error as Error))))
    }
    return told
  }

  /** Bytes of the sends that are not answered yet. */
  get bytes(): number {
    return this.#batcher.bytes
  }

  /** Nobody waits for their turn: a send can join at once. */
  get free(): boolean {
    return this.#waiting === 0
  }

  /** What a handle sends whose queue is open joins; batches go by the last such handle, for another may never open. */
  through(backend: Backend): Batcher<Outgoing, Sent> {
    this.#backend = backend
    return this.#batcher
  }

  /**
   * Let a send join when it is ready and all that came before it have joined. One that has waited for `timeout` ms, or whose signal
   * aborts, gives its turn up: it is not sent, and those behind it go on.
   */
  async inTurn<T>(ready: Promise<unknown>, join: () => Promise<T>, timeout: number, signal?: unknown): Promise<T> {
    const before = this.#tail
    let given = false
    const heeded = signal instanceof AbortSignal ? signal : undefined
    const turn = async () => {
      const refused = await bounded(ready, timeout, heeded).then(
        () => undefined,
        (error) => ({ error }),
      )
      await before
      this.#waiting--
      if (refused) throw refused.error
      // Wrapped: who comes next need not wait for the answer.
      return given ? undefined : { sent: join() }
    }
    this.#waiting++
    const joined = turn()
    this.#tail = joined.catch(() => {})
    try {
      return await ((await bounded(joined, timeout, heeded)) as { sent: Promise<T> }).sent
    } finally {
      given = true
    }
  }
}
