// The worker: what a message means, and what becomes of it.

import { type Queue, Reject, Worker } from 'boomerang-mq'
import { type Published, transcode, Undecodable } from './transcode.ts'
import type { Video } from './videos.ts'

export interface WorkerSetup {
  name: string
  ffmpeg: string
  out: string
  /** Hears all that happens; for the screen only. */
  report: (report: Report) => void
}

export interface Report {
  type: 'started' | 'progress' | 'completed' | 'duplicate' | 'rejected' | 'failed' | 'lost'
  worker: string
  id: string
  deliveries: number
  /** With `progress`: how much of the video is written, 0 to 1. */
  fraction?: number
  /** With `rejected`, `failed` and `lost`. */
  reason?: string
}

export function videoWorker(queue: Queue<Video, Published>, { name, ffmpeg, out, report }: WorkerSetup) {
  const worker = new Worker(
    queue,
    async (message, { signal }) => {
      const { id, deliveries } = message
      const tell = (type: 'started' | 'progress', fraction: number) =>
        report({ type, worker: name, id, deliveries, fraction })
      tell('started', 0)
      try {
        return await transcode(message.body, {
          ffmpeg,
          out,
          delivery: { id, number: deliveries, worker: name },
          signal,
          onProgress: (fraction) => tell('progress', fraction),
        })
      } catch (error) {
        if (error instanceof Undecodable) throw new Reject(error.message) // no use in trying again
        throw error // the message comes back
      }
    },
    // Messages sent without a key get the key that their sender would have used, so both ways meet in one processed set.
    { concurrency: 1, idempotencyKey: (message) => message.body.source },
  )
  for (const type of ['completed', 'duplicate', 'rejected', 'failed', 'lost'] as const) {
    worker.on(type, ({ message, error }) => {
      report({ type, worker: name, id: message.id, deliveries: message.deliveries, reason: error?.message })
    })
  }
  return worker
}
