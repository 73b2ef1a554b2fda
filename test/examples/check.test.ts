import { appendFileSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Client, connect } from 'boomerang-mq'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { check, type Scene } from '../../examples/video/check.ts'
import { ffmpeg } from '../../examples/video/ffmpeg.ts'
import { findFfmpeg } from '../../examples/video/find-ffmpeg.ts'
import { transcode } from '../../examples/video/transcode.ts'
import { videoQueue } from '../../examples/video/videos.ts'
import { temporaryDirectory } from '../harness/temporary.ts'

let client: Client
let directory: ReturnType<typeof temporaryDirectory>
let scene: Scene

/** One video done and one dead letter, as a run leaves them. */
beforeEach(async () => {
  directory = temporaryDirectory()
  client = await connect('memory:')
  const out = directory.path
  const { path: binary } = await findFfmpeg()
  const video = { name: 'clip', source: join(out, 'clip.mkv') }
  const broken = { name: 'broken', source: join(out, 'broken.mp4') }
  const queue = videoQueue(client)
  await ffmpeg(binary, ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=10', '-t', '2', video.source])
  for (const each of [video, broken]) await queue.send(each, { idempotencyKey: each.source })
  for (const message of await queue.receive({ max: 2 })) {
    const delivery = { id: message.id, number: 1, worker: 'worker 1' }
    const job = { ffmpeg: binary, out, delivery, signal: new AbortController().signal, onProgress: () => {} }
    await (message.body.name === 'broken'
      ? message.reject('moov atom not found')
      : message.complete(await transcode(message.body, job)))
  }
  scene = { queue, videos: [video], broken, ffmpeg: binary, out }
})

afterEach(async () => {
  await client.close()
  directory[Symbol.dispose]()
})

const wrong = async () => (await check(scene)).filter(({ holds }) => !holds).map(({ sentence }) => sentence)

describe('the check', { timeout: 30_000 }, () => {
  test('finds nothing wrong where nothing is', async () => {
    expect(await wrong()).toEqual([])
  })

  test('sees a second effect', async () => {
    appendFileSync(join(scene.out, 'effects.log'), '{"video":"clip"}\n')
    expect(await wrong()).toEqual(['clip took effect 2 times'])
  })

  test('sees a missing effect', async () => {
    writeFileSync(join(scene.out, 'effects.log'), '')
    expect(await wrong()).toEqual(['clip took effect 0 times'])
  })

  test('sees a damaged rendition', async () => {
    truncateSync(join(scene.out, 'videos/clip/720p.mp4'), 20_000)
    expect(await wrong()).toEqual([expect.stringContaining('clip: ')])
  })

  test('sees what a killed worker left', async () => {
    mkdirSync(join(scene.out, '.unfinished/id-1'), { recursive: true })
    expect(await wrong()).toEqual(['out/.unfinished/id-1 was left behind'])
  })

  test('sees a message that is left, and a dead letter too many', async () => {
    await scene.queue.send(scene.broken)
    expect(await wrong()).toEqual(['The queue still holds 1'])
    const [message] = await scene.queue.receive()
    await message?.reject('no')
    expect(await wrong()).toEqual(['2 dead letters, where one was expected'])
  })
})
