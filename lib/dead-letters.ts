import type { Backend } from './backend.ts'
import type { Content } from './content.ts'
import { InvalidOption } from './errors.ts'
import { lengthen, partitionOf, shorten, timeOf } from './id.ts'
import { BATCH } from './limits.ts'
import { known, whole } from './options.ts'
import { page } from './page.ts'
import type { Partition } from './redis/partition.ts'

/** A message that was put aside, with why. */
export interface DeadLetter<Body = unknown> {
  id: string
  body: Body
  /** 'maxReceives' or 'rejected'. */
  reason: string
  /** What the handler's last error or rejection said. */
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
    const { lanes } = await this.backend.open()
    const counts = await Promise.all(lanes.map(({ partition }) => partition.stats(this.backend.deadline())))
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
    await this.#each(options, 'deadLetters.redrive', async (partition, ids, limit, skip) => {
      const [back = 0, stayed = 0] = await partition.redrive(ids, limit, skip, this.backend.deadline())
      redriven += back
      duplicates += stayed
      return { took: back, stayed }
    })
    return { redriven, duplicates }
  }

  /** Remove letters for good: those of the `ids`, else all, or the oldest `limit`. Answers how many there were. */
  async remove(options: { ids?: string[]; limit?: number } = {}): Promise<number> {
    let removed = 0
    await this.#each(options, 'deadLetters.remove', async (partition, ids, limit) => {
      const [took = 0] = await partition.discard(ids, limit, this.backend.deadline())
      removed += took
      return { took, stayed: 0 }
    })
    return removed
  }

  // In bounded steps, so that no script is long.
  async #each(options: { ids?: string[]; limit?: number }, where: string, step: Step): Promise<void> {
    known(options, ['ids', 'limit'], where)
    const { lanes } = await this.backend.open()
    let left = options.limit === undefined ? Number.POSITIVE_INFINITY : whole(options.limit, 'limit', 1, 1e9)
    if (options.ids !== undefined && !Array.isArray(options.ids))
      throw new InvalidOption('`ids` must be a list of message ids')
    const wanted = options.ids?.map(shorten)
    for (const { partition } of lanes) {
      if (wanted) {
        const here = wanted.filter((short) => partitionOf(short) === partition.index)
        for (let i = 0; i < here.length; i += 100) await step(partition, here.slice(i, i + 100).join(''), 0, 0)
        continue
      }
      for (let skip = 0; left > 0; ) {
        const count = Math.min(left, BATCH / 5)
        const { took, stayed } = await step(partition, '', count, skip)
        left -= took
        skip += stayed
        if (took + stayed < count) break
      }
    }
  }

  #letter(short: string, diedAt: string, letter: Buffer): DeadLetter<Body> {
    const [head, deliveries, attempts, first, size] = /^(\d+) (\d+) (\d+) (\d+) \S+ /.exec(
      letter.toString('latin1', 0, 80),
    ) as unknown as string[]
    const from = (head as string).length
    const reason = letter.toString('utf8', from, from + Number(size))
    const record = letter.subarray(from + Number(size))
    const space = reason.indexOf(' ')
    return {
      id: lengthen(short),
      body: this.content.shown(record) as Body,
      reason: reason.slice(0, space),
      error: reason.slice(space + 1),
      deliveries: Number(deliveries),
      attempts: Number(attempts),
      sentAt: new Date(timeOf(short)),
      firstReceivedAt: new Date(Number(first)),
      diedAt: new Date(Number(diedAt)),
    }
  }
}

type Step = (
  partition: Partition,
  ids: string,
  limit: number,
  skip: number,
) => Promise<{ took: number; stayed: number }>
