// Works on videos, whoever sent them. Run it: npx tsx examples/sqs-clients/worker.ts

import { resolve } from 'node:path'
import { connect } from 'boomerang-mq'
import { z } from 'zod'
import { findFfmpeg } from '../video/find-ffmpeg.ts'
import type { Published } from '../video/transcode.ts'
import { videoWorker } from '../video/worker.ts'

// What comes from other programs is checked first: this name becomes one of a directory.
const video = z.object({ name: z.string().regex(/^[\w-]+$/), source: z.string() })

const client = await connect(process.env['REDIS_URL'] ?? 'redis://localhost:6379')
const videos = client.queue<z.infer<typeof video>, Published>('videos', {
  body: 'json', // SQS knows only text
  schema: video,
  visibility: '30s', // the worker extends it while it is at work
  deadLetter: { maxReceives: 3 },
})

const { path: ffmpeg } = await findFfmpeg()
const worker = videoWorker(videos, {
  name: 'worker',
  ffmpeg,
  out: resolve('out'),
  report: ({ type, id, reason }) => {
    if (type !== 'progress') console.log(`${type} ${id}${reason ? `: ${reason}` : ''}`)
  },
})
await worker.start()
console.log('Waiting for videos. Ctrl-C ends it.')

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await worker.stop()
    await client.close()
  })
}
