// The videos of a run without arguments: three short clips with sound, drawn by ffmpeg, each in another container.

import { mkdir, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { ffmpeg } from './ffmpeg.ts'
import { BROKEN, type Video } from './videos.ts'

const CLIPS = [
  {
    file: 'test-card.mp4',
    picture: 'testsrc2=s=1920x1080:r=24',
    sound: 'sine=frequency=440:beep_factor=4',
    seconds: 6,
  },
  {
    file: 'automaton.mov',
    picture: 'cellauto=s=320x180:r=24:rule=110:seed=1',
    sound: 'anoisesrc=color=brown',
    seconds: 4,
  },
  {
    file: 'game-of-life.mkv',
    picture: 'life=s=240x135:r=24:mold=10:ratio=0.1:seed=7:life_color=#00ff00:death_color=#c83232',
    sound: 'sine=frequency=220:beep_factor=2',
    seconds: 5,
  },
]

/** Draws the clips; a few seconds. */
export async function makeClips(binary: string, directory: string, signal: AbortSignal): Promise<Video[]> {
  await mkdir(directory, { recursive: true })
  return Promise.all(
    CLIPS.map(async ({ file, picture, sound, seconds }) => {
      const source = join(directory, file)
      await draw(binary, picture, sound, seconds, source, signal)
      return { name: file.replace(/\..*/, ''), source }
    }),
  )
}

/** A video whose upload broke off half way: the index, which its format keeps at the end, is missing. */
export async function makeBrokenClip(binary: string, directory: string, signal: AbortSignal): Promise<Video> {
  const source = join(directory, `${BROKEN}.mp4`)
  await mkdir(directory, { recursive: true })
  await draw(binary, 'testsrc2=s=640x360:r=24', 'sine', 1, source, signal)
  await truncate(source, 20_000)
  return { name: BROKEN, source }
}

function draw(binary: string, picture: string, sound: string, seconds: number, file: string, signal: AbortSignal) {
  const inputs = ['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound]
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac']
  const size = ['-vf', 'scale=1920:1080:flags=neighbor']
  return ffmpeg(binary, [...inputs, '-t', String(seconds), ...size, ...codecs, file], { signal })
}
