// The worker: what a message means, and what becomes of it.

import { type Message, type Queue, Reject, Worker } from 'boomerang-mq'
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
  /** With `rejected` and `failed`. */
  reason?: string
}

export function videoWorker(queue: Queue<Video, Published>, { name, ffmpeg, out, report }: WorkerSetup) {
  const tell = (type: Report['type'], { id, deliveries }: Message, more: Partial<Report> = {}) =>
    report({ type, worker: name, id, deliveries, ...more })

  const worker = new Worker(
    queue,
    async (message, { signal }) => {
      tell('started', message)
      try {
        return await transcode(message.body, {
          ffmpeg,
          out,
          delivery: { id: message.id, number: message.deliveries, worker: name },
          signal,
          onProgress: (fraction) => tell('progress', message, { fraction }),
        })
      } catch (error) {
        if (error instanceof Undecodable) throw new Reject(error.message) // no use in trying again
        throw error // the message comes back
      }
    },
    // Messages sent without a key get the key that their sender would have used, so both ways meet in one processed set.
    { idempotencyKey: (message) => message.body.source },
  )
  worker.on('completed', ({ message }) => tell('completed', message))
  worker.on('duplicate', ({ message }) => tell('duplicate', message))
  worker.on('rejected', ({ message, reason }) => tell('rejected', message, { reason }))
  worker.on('failed', ({ message, error, dead }) =>
    tell(dead ? 'rejected' : 'failed', message, { reason: (error as Error).message }),
  )
  worker.on('lost', ({ message }) => tell('lost', message))
  return worker
}
