// The producer: one message per video, and the repeats that every producer sends sooner or later.

import type { Queue } from 'boomerang-mq'
import type { Published } from './transcode.ts'
import type { Video } from './videos.ts'

export interface Sent {
  video: Video
  /** Whether it was sent with its idempotency key. */
  keyed: boolean
  /** What the queue answered. */
  id?: string
  duplicate?: true
}

export async function produce(
  queue: Queue<Video, Published>,
  videos: Video[],
  broken: Video,
  tell: (sent: Sent) => void,
) {
  const withKey = async (video: Video) => {
    tell({ video, keyed: true, ...(await queue.send(video, { idempotencyKey: video.source })) })
  }
  const withoutKey = async (video: Video) => {
    tell({ video, keyed: false, ...(await queue.send(video)) })
  }
  for (const [index, video] of videos.entries()) {
    await withKey(video)
    if (index % 3 !== 2) await withKey(video) // it timed out, say, and tries again: the key makes that harmless
    if (index % 3 !== 1) await withoutKey(video) // somebody who knows nothing of keys: the workers have to notice
  }
  await withKey(broken)
}
