// Many messages at a time. Each entry has its own outcome: one that is refused does not spoil the others.

import { connect } from 'boomerang-mq'

const client = await connect(process.env['REDIS_URL'] ?? 'memory:', { deleteWindow: 0 }) // so that this can be run again at once
const readings = client.queue<{ sensor: number; note?: string }>('batch', { maxMessageSize: 1024 })

const bodies = Array.from({ length: 1000 }, (_, sensor) => ({ sensor }))
const answers = await readings.sendMany([
  ...bodies.map((body) => ({ body })),
  { body: { sensor: 1000, note: 'far too long '.repeat(100) } },
  { body: { sensor: 1001 }, idempotencyKey: 'sensor 1001' },
  { body: { sensor: 1001 }, idempotencyKey: 'sensor 1001' },
])

const refused = answers.filter((answer) => 'error' in answer)
const duplicates = answers.filter((answer) => 'duplicate' in answer)
console.log(`${answers.length} sent: ${refused.length} refused, ${duplicates.length} duplicate.`)
for (const { error } of refused) console.log(`  ${error.name}: ${error.message}`)

let received = 0
for (;;) {
  const messages = await readings.receive({ max: 100 })
  if (messages.length === 0) break
  received += messages.length
  await Promise.all(messages.map((message) => message.complete())) // travel together, in one call
}
console.log(`${received} received and completed, up to 100 at a time.`)

await client.queues.remove('batch')
await client.close()
