// The work on one video: a 720p rendition, a thumbnail and a page of metadata, which appear in the output all at once.

import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ffmpeg } from './ffmpeg.ts'
import { type Media, probe } from './probe.ts'
import type { Video } from './videos.ts'

/** What a finished video leaves behind; also the message's result. */
export interface Published {
  source: Media
  rendition: Media
  files: string[]
}

export interface Job {
  ffmpeg: string
  /** Where the finished videos appear, each in a directory of its own. */
  out: string
  /** Unique to this delivery of this message: two workers never write to the same place. */
  delivery: { id: string; number: number; worker: string }
  signal: AbortSignal
  onProgress: (fraction: number) => void
}

/** The file is no video that ffmpeg can read. To try again would change nothing. */
export class Undecodable extends Error {}

export async function transcode(video: Video, job: Job): Promise<Published> {
  const source = await readable(video.source, job)
  const desk = await clearDesk(job)
  try {
    await writeRendition(video.source, source, join(desk, '720p.mp4'), job)
    await writeThumbnail(video.source, source, join(desk, 'thumbnail.jpg'), job)
    const rendition = await probe(job.ffmpeg, join(desk, '720p.mp4'), job.signal)
    const published = { source, rendition, files: ['720p.mp4', 'thumbnail.jpg', 'metadata.json'] }
    await writeFile(join(desk, 'metadata.json'), `${JSON.stringify({ ...video, ...published }, null, 2)}\n`)
    await publish(desk, video, job)
    return published
  } finally {
    await rm(desk, { recursive: true, force: true })
  }
}

async function readable(file: string, { ffmpeg, signal }: Job): Promise<Media> {
  const media = await probe(ffmpeg, file, signal).catch((error) => {
    throw signal.aborted ? error : new Undecodable(error.message, { cause: error })
  })
  if (media.video === null) throw new Undecodable('it has no video stream')
  return media
}

/** An empty directory for this delivery. What a worker that died left of an earlier one goes away. */
async function clearDesk({ out, delivery: { id, number } }: Job): Promise<string> {
  const desk = (delivery: number) => join(out, '.unfinished', `${id}-${delivery}`)
  for (let earlier = 1; earlier < number; earlier++) await rm(desk(earlier), { recursive: true, force: true })
  await mkdir(desk(number), { recursive: true })
  return desk(number)
}

async function writeRendition(
  from: string,
  { duration }: Media,
  to: string,
  { ffmpeg: binary, signal, onProgress }: Job,
) {
  const streams = ['-map', '0:v:0', '-map', '0:a:0?']
  const video = ['-vf', 'scale=-2:720,format=yuv420p', '-c:v', 'libx264', '-preset', 'veryfast', '-threads', '1']
  const audio = ['-c:a', 'aac', '-b:a', '128k']
  await ffmpeg(binary, ['-i', from, ...streams, ...video, ...audio, '-movflags', '+faststart', to], {
    signal,
    onProgress: (seconds) => onProgress(duration ? Math.min(seconds / duration, 0.99) : 0),
  })
}

async function writeThumbnail(from: string, { duration }: Media, to: string, { ffmpeg: binary, signal }: Job) {
  const middle = ['-ss', String((duration ?? 0) / 2)]
  await ffmpeg(binary, [...middle, '-i', from, '-frames:v', '1', '-vf', 'scale=-2:360', '-q:v', '3', to], { signal })
}

/**
 * One rename: the three files are there, or none of them is. A directory that is already there stays: then this worker's
 * predecessor died after publishing and before completing its message.
 */
async function publish(desk: string, video: Video, { out, delivery, signal }: Job): Promise<void> {
  signal.throwIfAborted()
  await mkdir(join(out, 'videos'), { recursive: true })
  await rename(desk, join(out, 'videos', video.name)).catch((error) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
  })
  await appendFile(join(out, 'effects.log'), `${JSON.stringify({ video: video.name, ...delivery })}\n`)
}
