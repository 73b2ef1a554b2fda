// What is in a media file, as told by `ffmpeg -i`: ffprobe does not come with every ffmpeg.

import { stat } from 'node:fs/promises'
import { FfmpegError, reasonIn, run } from './ffmpeg.ts'

export interface Media {
  /** Seconds; null where the file does not say. */
  duration: number | null
  width: number | null
  height: number | null
  /** The codecs' names, such as `h264` and `aac`; null where there is no such stream. */
  video: string | null
  audio: string | null
  bytes: number
}

/** Reads the file's headers. Throws an FfmpegError when ffmpeg cannot make sense of them. */
export async function probe(binary: string, file: string, signal?: AbortSignal): Promise<Media> {
  const { log } = await run(binary, ['-i', file], { signal }) // always ends with an error: no output was named
  if (!log.includes('Input #0')) throw new FfmpegError(reasonIn(log))
  return { ...mediaIn(log), bytes: (await stat(file)).size }
}

export function mediaIn(log: string): Omit<Media, 'bytes'> {
  const [, hours, minutes, seconds] = /Duration: (\d+):(\d+):([\d.]+)/.exec(log) ?? []
  const [, video, width, height] = /Stream #.*Video: (\w+).*?, (\d+)x(\d+)/.exec(log) ?? []
  const [, audio] = /Stream #.*Audio: (\w+)/.exec(log) ?? []
  return {
    duration: hours === undefined ? null : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds),
    width: width === undefined ? null : Number(width),
    height: height === undefined ? null : Number(height),
    video: video ?? null,
    audio: audio ?? null,
  }
}
