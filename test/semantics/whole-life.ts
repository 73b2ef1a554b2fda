// Run by connecting.test.ts: connects, does all that there is to do, and closes. Then nothing should keep it alive.
import { connect, Worker } from '../../lib/index.ts'

const client = await connect(process.argv[2] as string, { namespace: 'whole-life' })
const queue = client.queue('life')
await queue.send('x', { idempotencyKey: 'k' })
await queue.send('y', { delay: '1h' })
const worker = new Worker(queue, () => 'done', { visibility: '1s' })
await worker.start()
await queue.result({ idempotencyKey: 'k' })
await worker.stop()
const waits = queue.receive({ wait: '1h' }).catch(() => {})
await queue.receive({ wait: 50 })
await client.queues.remove('life')
await client.close()
await waits
console.log('closed')
