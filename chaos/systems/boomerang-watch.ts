// What the harness asks of a queue of Boomerang, beside the load: what is left, and whether all is as it must be.
import { connect } from '../../lib/index.ts'
import { faultsOf, keysBehind } from '../../test/harness/inside.ts'
import type { Job } from '../job.ts'
import type { Place, QueueSettings, Watcher } from '../system.ts'

/** What may stay when all messages are gone: attributes, marks and results, and who waited when its process was killed. */
const STAYS = /:(?:meta|waiters|results|expiries|recent:[ab]|processed:[ab]|sent:[ab])$/

/** So often is looked where the connection is lost meanwhile. */
const LOOKS = 10

export async function watch(place: Place, settings: QueueSettings): Promise<Watcher> {
  const client = await connect(place.where, { namespace: place.namespace, timeout: '5s' })
  client.on('error', () => {})
  const fifo = place.queue.endsWith('.fifo')
  const queue = client.queue<Job>(place.queue, {
    visibility: settings.visibility,
    deadLetter: { maxReceives: settings.maxReceives },
    partitions: settings.partitions,
    ...(settings.retention !== undefined && { retention: settings.retention }),
    ...(fifo && { contentBasedDeduplication: true }),
  })
  await queue.stats()
  /** Looks go over the bare connection, which may be lost when another server takes over; a call is made again until it is answered. */
  const seen = async <T>(look: () => Promise<T>): Promise<T> => {
    for (let left = LOOKS; ; left--) {
      await queue.stats()
      try {
        return await look()
      } catch (error) {
        if (left === 1) throw error
      }
    }
  }
  /** A mark that was split from its deletion would let the key in again. */
  const forgotten = async (key: string) => {
    const { duplicate } = await queue.send({ effect: key, ms: 0 }, { idempotencyKey: key }).catch((error) => {
      if (error.code === 'IdempotencyMismatch') return { duplicate: true } // known, with the body that it had
      throw error
    })
    return duplicate ? [] : [`${key} was completed, and its key is not known any more`]
  }
  return {
    async left() {
      const { ready, delayed, inFlight } = await queue.stats()
      return ready + delayed + inFlight
    },
    async dead() {
      const effects: string[] = []
      for (let cursor: string | undefined; ; ) {
        const page = await queue.deadLetters.list({ limit: 500, ...(cursor !== undefined && { cursor }) })
        effects.push(...page.letters.map(({ body }) => body.effect))
        cursor = page.cursor
        if (cursor === undefined) return effects
      }
    },
    unsound: () => seen(() => faultsOf(queue)),
    async faults(completedKeys) {
      const found = await seen(() => faultsOf(queue))
      await queue.deadLetters.remove()
      const left = (await seen(() => keysBehind(client))).filter((key) => !STAYS.test(key))
      found.push(...left.map((key) => `the key ${key} is left over`))
      for (const key of completedKeys) found.push(...(await forgotten(key)))
      return found
    },
    close: () => client.close(),
  }
}
