// A worker in a process of its own: it takes its setup from the command line, and tells its parent what happens.

import { once } from 'node:events'
import { connect } from 'boomerang-mq'
import { videoQueue } from './videos.ts'
import { videoWorker } from './worker.ts'

const { url, namespace, ...setup } = JSON.parse(process.argv[2] ?? '{}')

// The parent's only word is stop; when it has died there is nobody to work for either.
const stopped = Promise.race([once(process, 'message'), once(process, 'disconnect'), once(process, 'SIGTERM')])

const client = await connect(url, { namespace })
const worker = videoWorker(videoQueue(client), {
  ...setup,
  report: (report) => process.connected && process.send?.(report, () => {}),
})
await worker.start()

await stopped
await worker.stop({ grace: '500ms' }) // time is up for what runs: it goes back to the queue
await client.close()
if (process.connected) process.disconnect()
