import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { ffmpeg } from '../../examples/video/ffmpeg.ts'
import { findFfmpeg } from '../../examples/video/find-ffmpeg.ts'
import { type Job, transcode, Undecodable } from '../../examples/video/transcode.ts'
import { temporaryDirectory } from '../harness/temporary.ts'

let binary: string

beforeAll(async () => {
  binary = (await findFfmpeg()).path
})

function job(out: string, more: Partial<Job> = {}): Job {
  const delivery = { id: 'id', number: 1, worker: 'worker 1' }
  return { ffmpeg: binary, out, delivery, signal: new AbortController().signal, onProgress: () => {}, ...more }
}

async function clip(directory: string, ...sound: string[]) {
  const source = join(directory, 'clip.mkv')
  await ffmpeg(binary, ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=10', ...sound, '-t', '1', source])
  return { name: 'clip', source }
}

const effects = (out: string) => readFileSync(join(out, 'effects.log'), 'utf8').trim().split('\n')

describe('transcode', { timeout: 30_000 }, () => {
  test('leaves a rendition, a thumbnail, metadata and one line in the log of effects', async () => {
    using out = temporaryDirectory()
    const fractions: number[] = []
    const video = await clip(out.path, '-f', 'lavfi', '-i', 'sine')
    const published = await transcode(video, job(out.path, { onProgress: (fraction) => fractions.push(fraction) }))
    expect(published.rendition).toMatchObject({ height: 720, width: 1280, video: 'h264', audio: 'aac' })
    expect(readdirSync(join(out.path, 'videos/clip')).sort()).toEqual(['720p.mp4', 'metadata.json', 'thumbnail.jpg'])
    expect(effects(out.path)).toHaveLength(1)
    expect(readdirSync(join(out.path, '.unfinished'))).toEqual([])
    expect(fractions.at(-1)).toBeGreaterThan(0.8)
  })

  test('takes a silent video as it is', async () => {
    using out = temporaryDirectory()
    const { rendition } = await transcode(await clip(out.path), job(out.path))
    expect(rendition.audio).toBeNull()
  })

  test('clears away what an earlier delivery left half done', async () => {
    using out = temporaryDirectory()
    mkdirSync(join(out.path, '.unfinished/id-1'), { recursive: true })
    writeFileSync(join(out.path, '.unfinished/id-1/720p.mp4'), 'half')
    await transcode(await clip(out.path), job(out.path, { delivery: { id: 'id', number: 2, worker: 'worker 2' } }))
    expect(readdirSync(join(out.path, '.unfinished'))).toEqual([])
  })

  test('keeps what is published already, and logs that it came twice', async () => {
    using out = temporaryDirectory()
    const video = await clip(out.path)
    await transcode(video, job(out.path))
    const first = readFileSync(join(out.path, 'videos/clip/metadata.json'))
    await transcode(video, job(out.path, { delivery: { id: 'id', number: 2, worker: 'worker 2' } }))
    expect(readFileSync(join(out.path, 'videos/clip/metadata.json'))).toEqual(first)
    expect(effects(out.path)).toHaveLength(2)
    expect(readdirSync(join(out.path, '.unfinished'))).toEqual([])
  })

  test('aborted, leaves nothing', async () => {
    using out = temporaryDirectory()
    const controller = new AbortController()
    const video = await clip(out.path)
    const onProgress = () => controller.abort(new Error('lost'))
    await expect(transcode(video, job(out.path, { signal: controller.signal, onProgress }))).rejects.toThrow('lost')
    expect(existsSync(join(out.path, 'videos'))).toBe(false)
    expect(readdirSync(join(out.path, '.unfinished'))).toEqual([])
  })

  test('says why a file cannot be decoded', async () => {
    using out = temporaryDirectory()
    const source = join(out.path, 'text.mp4')
    writeFileSync(source, 'not a video')
    await expect(transcode({ name: 'text', source }, job(out.path))).rejects.toThrow(Undecodable)
    await expect(transcode({ name: 'text', source }, job(out.path))).rejects.toThrow('Invalid data found')
  })
})
