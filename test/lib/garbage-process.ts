// Sends, receives and completes, with a collection of what is young after each round, and says by how much the space of
// what lives long grew. It runs with --expose-gc.
import { getHeapSpaceStatistics } from 'node:v8'
import { connect } from '../../lib/index.ts'

const [where, namespace] = process.argv.slice(2) as [string, string]
const collect = (globalThis as unknown as { gc: (options: { type: 'minor' }) => void }).gc

const BATCH = 100
/** The last batch of a round may still be held by whoever waits for the next one; those before it must not be. */
const BATCHES = 10
const entries = Array.from({ length: BATCH }, (_, n) => ({ body: { n, text: 'x'.repeat(100) } }))

function old(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')?.space_used_size as number
}

const client = await connect(where, { namespace })
// One partition: a round ends with nothing on its way.
const queue = client.queue('garbage', { partitions: 1 })

async function batch(): Promise<void> {
  await queue.sendMany(entries)
  for (let left = BATCH; left > 0; ) {
    const messages = await queue.receive({ max: BATCH })
    left -= messages.length
    await Promise.all(messages.map((message) => message.complete()))
  }
}

async function rounds(count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    for (let m = 0; m < BATCHES; m++) await batch()
    collect({ type: 'minor' })
  }
}

await rounds(10)
const before = old()
await rounds(20)
console.log(JSON.stringify({ bytes: (old() - before) / (20 * BATCHES * BATCH) }))
await client.close()
