// A worker in a process of its own: it takes its setup from the command line, and tells its parent what happens.

import { connect } from 'boomerang-mq'
import { videoQueue } from './videos.ts'
import { videoWorker } from './worker.ts'

const { url, namespace, ...setup } = JSON.parse(process.argv[2] ?? '{}')

const client = await connect(url, { namespace })
const worker = videoWorker(videoQueue(client), {
  ...setup,
  report: (report) => process.connected && process.send?.(report, () => {}),
})

async function stop(): Promise<void> {
  await worker.stop({ grace: '500ms' })
  await client.close()
  if (process.connected) process.disconnect()
}
process.once('message', stop) // the parent's only word is stop
process.once('disconnect', stop) // the parent has died
process.once('SIGTERM', stop)

await worker.start()
if (!process.connected) await stop() // it died before we were there
