import type { Backend } from './backend.ts'
import type { Content } from './content.ts'
import { InvalidOption } from './errors.ts'
import { lengthen, shorten, timeOf } from './id.ts'
import type { Lane } from './lane.ts'
import { BATCH } from './limits.ts'
import { known, whole } from './options.ts'
import { page } from './page.ts'
import { opened, redrive } from './redrive.ts'
import { inAll } from './route.ts'

/** A message that was put aside, with why. */
export interface DeadLetter<Body = unknown> {
  id: string
  body: Body
  /**
   * 'maxReceives' or 'rejected'; 'duplicate': it was moved here while another message had its key; 'QueueDoesNotExist': it was for
   * a queue that is gone.
   */
  reason: string
  /** What the handler's last error or rejection said; the other message, or the queue. */
  error: string
  deliveries: number
  attempts: number
  sentAt: Date
  firstReceivedAt: Date
  diedAt: Date
}

/** The dead letters of one queue. */
export class DeadLetters<Body = unknown> {
  /** @internal */
  constructor(
    private readonly backend: Backend,
    private readonly content: Content<Body>,
  ) {}

  async count(): Promise<number> {
    const counts = await inAll(this.backend, ({ partition }) => partition.stats(this.backend.deadline()))
    return counts.reduce((sum, { dead }) => sum + dead, 0)
  }

  /** The oldest first: up to `limit` (1 to 500, 10 unless given), and a `cursor` while there are more. */
  async list(
    options: { limit?: number; cursor?: string } = {},
  ): Promise<{ letters: DeadLetter<Body>[]; cursor?: string }> {
    const { found, cursor } = await page(this.backend, 'dead', options, 'deadLetters.list')
    const letters = found.map(({ short, score, record }) => this.#letter(short, score, record))
    return cursor === undefined ? { letters } : { letters, cursor }
  }

  /**
   * Put letters back into the queue: those of the `ids`, else all, or the oldest `limit`. Their attempts count anew.
   * A letter whose key is pending or done by another message stays, counted in `duplicates`.
   */
  async redrive(options: { ids?: string[]; limit?: number } = {}): Promise<{ redriven: number; duplicates: number }> {
    let [redriven, duplicates] = [0, 0]
    await this.#each(options, 'deadLetters.redrive', async (lane, ids, limit, skip) => {
      const { took, stayed } = await redrive(this.backend, lane, ids, limit, skip)
      redriven += took
      duplicates += stayed
      return { took, stayed }
    })
    return { redriven, duplicates }
  }

  /** Remove letters for good: those of the `ids`, else all, or the oldest `limit`. Answers how many there were. */
  async remove(options: { ids?: string[]; limit?: number } = {}): Promise<number> {
    let removed = 0
    await this.#each(options, 'deadLetters.remove', async ({ partition }, ids, limit) => {
      const [took = 0] = await partition.discard(ids, limit, this.backend.deadline())
      removed += took
      return { took, stayed: 0 }
    })
    return removed
  }

  // In bounded steps, so that no script is long.
  async #each(options: { ids?: string[]; limit?: number }, where: string, step: Step): Promise<void> {
    known(options, ['ids', 'limit'], where)
    await this.backend.open()
    let left = options.limit === undefined ? Number.POSITIVE_INFINITY : whole(options.limit, 'limit', 1, 1e9)
    if (options.ids !== undefined && !Array.isArray(options.ids))
      throw new InvalidOption('`ids` must be a list of message ids')
    const wanted = options.ids?.map(shorten)
    for (let number = 0; ; number++) {
      const { lanes } = await this.backend.open()
      const lane = lanes.find(({ partition }) => partition.index >= number)
      if (!lane) break
      number = lane.partition.index
      if (wanted) {
        // An id may be that of a former partition, and a message that came from another queue may be in any.
        for (let i = 0; i < wanted.length; i += 100) await step(lane, wanted.slice(i, i + 100).join(''), 0, 0)
        continue
      }
      for (let skip = 0; left > 0; ) {
        const count = Math.min(left, BATCH / 5)
        const { took, stayed } = await step(lane, '', count, skip)
        left -= took
        skip += stayed
        if (took + stayed < count) break
      }
    }
  }

  #letter(short: string, diedAt: string, letter: Buffer): DeadLetter<Body> {
    const { deliveries, attempts, first, reason, record } = opened(letter)
    const space = reason.indexOf(' ')
    const error = reason.slice(space + 1)
    return {
      id: lengthen(short),
      body: this.content.shown(record) as Body,
      reason: reason.slice(0, space),
      error: reason.startsWith('duplicate ') && error !== '' ? lengthen(error) : error,
      deliveries: Number(deliveries),
      attempts: Number(attempts),
      sentAt: new Date(timeOf(short)),
      firstReceivedAt: new Date(Number(first)),
      diedAt: new Date(Number(diedAt)),
    }
  }
}

type Step = (lane: Lane, ids: string, limit: number, skip: number) => Promise<{ took: number; stayed: number }>
