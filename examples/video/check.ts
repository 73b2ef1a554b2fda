// The proof, taken from what is on disk and in the queue, not from what the workers said.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Queue } from 'boomerang-mq'
import { ffmpeg } from './ffmpeg.ts'
import { type Media, probe } from './probe.ts'
import type { Published } from './transcode.ts'
import type { Video } from './videos.ts'

export interface Finding {
  holds: boolean
  sentence: string
}

export interface Scene {
  queue: Queue<Video, Published>
  videos: Video[]
  broken: Video
  ffmpeg: string
  out: string
}

export async function check(scene: Scene): Promise<Finding[]> {
  return [
    await tookEffectOnce(scene),
    await playable(scene),
    await nothingHalfDone(scene),
    await brokenIsDead(scene),
    await lateRepeatAnswered(scene),
    await queueIsEmpty(scene),
  ]
}

/** Each worker that published a video wrote a line about it: as many lines as effects. */
async function tookEffectOnce({ videos, broken, out }: Scene): Promise<Finding> {
  const effects = (await readFile(join(out, 'effects.log'), 'utf8').catch(() => '')).split('\n').filter(Boolean)
  const names = effects.map((line) => JSON.parse(line).video)
  const times = (name: string) => names.filter((each) => each === name).length
  const wrong = videos
    .filter(({ name }) => times(name) !== 1)
    .map(({ name }) => `${name} took effect ${times(name)} times`)
  if (times(broken.name) > 0) wrong.push(`${broken.name} took effect`)
  return finding(wrong, `${each(videos)} took effect exactly once (out/effects.log has one line for each)`)
}

/** Each rendition is decoded to its last frame. */
async function playable({ videos, ffmpeg, out }: Scene): Promise<Finding> {
  const flaws = await Promise.all(videos.map((video) => flawOf(ffmpeg, video, join(out, 'videos', video.name))))
  return finding(
    flaws.filter((flaw) => flaw !== undefined),
    'Each rendition plays from its first frame to its last: 720p H.264, with the sound and the length of its source',
  )
}

export async function flawOf(binary: string, { name, source }: Video, directory: string): Promise<string | undefined> {
  try {
    const rendition = join(directory, '720p.mp4')
    await ffmpeg(binary, ['-xerror', '-i', rendition, '-f', 'null', '-'])
    await ffmpeg(binary, ['-xerror', '-i', join(directory, 'thumbnail.jpg'), '-f', 'null', '-'])
    const { rendition: noted } = JSON.parse(await readFile(join(directory, 'metadata.json'), 'utf8')) as Published
    const flaw = misfit(await probe(binary, source), await probe(binary, rendition), noted)
    return flaw && `${name}: ${flaw}`
  } catch (error) {
    return `${name}: ${(error as Error).message}`
  }
}

function misfit(source: Media, rendition: Media, noted: Media): string | undefined {
  if (rendition.video !== 'h264' || rendition.height !== 720) return 'the rendition is not 720p H.264'
  if ((source.audio && 'aac') !== rendition.audio) return 'the rendition has not the sound of its source'
  if (Math.abs((source.duration ?? 0) - (rendition.duration ?? 0)) > 1)
    return 'the rendition is not as long as its source'
  if (rendition.bytes !== noted.bytes) return 'the metadata describe another file'
  return undefined
}

async function nothingHalfDone({ videos, out }: Scene): Promise<Finding> {
  const left = await readdir(join(out, '.unfinished')).catch(() => [])
  const wrong = left.map((name) => `out/.unfinished/${name} was left behind`)
  const expected = videos.map(({ name }) => name)
  const extra = (await readdir(join(out, 'videos')).catch(() => [])).filter((name) => !expected.includes(name))
  return finding(
    [...wrong, ...extra.map((name) => `out/videos/${name} should not be there`)],
    'No half-written file was left behind',
  )
}

async function brokenIsDead({ queue, broken }: Scene): Promise<Finding> {
  const { letters } = await queue.deadLetters.list({ limit: 10 })
  const [letter] = letters.filter(({ body }) => body.source === broken.source)
  return finding(
    letter && letters.length === 1 ? [] : [`${letters.length} dead letters, where one was expected`],
    `The broken video is the only dead letter, with ffmpeg's reason: ${letter?.error ?? letter?.reason}`,
  )
}

/** A repeat that comes when all is done is answered as well, and with the result. */
async function lateRepeatAnswered({ queue, videos: [video] }: Scene): Promise<Finding> {
  if (!video) return finding([], 'There was nothing to repeat')
  const { duplicate, result } = await queue.send(video, { idempotencyKey: video.source })
  return finding(
    duplicate && result ? [] : [`${video.name}, sent once more now, was not answered with its result`],
    `${video.name}, sent once more now, is answered with the result of the first time`,
  )
}

async function queueIsEmpty({ queue }: Scene): Promise<Finding> {
  const { ready, delayed, inFlight } = await queue.stats()
  const left = ready + delayed + inFlight
  return finding(left === 0 ? [] : [`The queue still holds ${left}`], 'The queue is empty')
}

function each({ length }: Video[]): string {
  return length === 1 ? 'The video' : `Each of the ${length} videos`
}

function finding(wrong: string[], sentence: string): Finding {
  return { holds: wrong.length === 0, sentence: wrong.length === 0 ? sentence : wrong.join('; ') }
}
