import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ffmpeg, reasonIn, secondsIn } from '../../examples/video/ffmpeg.ts'
import { findFfmpeg } from '../../examples/video/find-ffmpeg.ts'
import { mediaIn } from '../../examples/video/probe.ts'
import { temporaryDirectory } from '../harness/temporary.ts'

test.each([
  ['out_time=00:01:02.500000', 62.5],
  ['out_time=N/A', undefined],
  ['out_time=-577014:32:22.77', undefined],
  ['out_time_ms=62500000', undefined],
])('progress: %s', (line, seconds) => {
  expect(secondsIn(line)).toBe(seconds)
})

test('the reason is what ffmpeg said, without addresses and file names', () => {
  const log =
    '[mov,mp4,m4a,3gp,3g2,mj2 @ 0x1e51eac0] Format mov,mp4 detected only with low score of 1, misdetection possible!\n' +
    '[mov,mp4,m4a,3gp,3g2,mj2 @ 0x1e51eac0] moov atom not found\n' +
    '/home/me/a: b.mp4: Invalid data found when processing input\n'
  expect(reasonIn(log)).toBe('moov atom not found; Invalid data found when processing input')
  expect(reasonIn('')).toBe('ffmpeg gave no reason')
})

test.each([
  [
    'ffmpeg of 2018',
    `  Duration: 00:01:08.50, start: 0.000000, bitrate: 3214 kb/s
    Stream #0:0(und): Video: h264 (High) (avc1 / 0x31637661), yuv420p, 1280x720 [SAR 1:1 DAR 16:9], 3138 kb/s, 30 fps
    Stream #0:1(und): Audio: aac (LC) (mp4a / 0x6134706D), 48000 Hz, mono, fltp, 69 kb/s (default)`,
    { duration: 68.5, width: 1280, height: 720, video: 'h264', audio: 'aac' },
  ],
  [
    'ffmpeg 5',
    `  Duration: 00:00:06.02, start: 0.000000, bitrate: 6622 kb/s
  Stream #0:0[0x1]: Video: mpeg4 (Simple Profile) (mp4v / 0x7634706D), yuv420p(progressive), 1920x1080, 24 fps`,
    { duration: 6.02, width: 1920, height: 1080, video: 'mpeg4', audio: null },
  ],
  [
    'a stream without an end',
    '  Duration: N/A, bitrate: N/A',
    { duration: null, width: null, height: null, video: null, audio: null },
  ],
])('what is in a file, by %s', (_, log, media) => {
  expect(mediaIn(log)).toEqual(media)
})

test('an aborted ffmpeg is gone when its promise rejects', { timeout: 20_000 }, async () => {
  using directory = temporaryDirectory()
  const { path } = await findFfmpeg()
  const controller = new AbortController()
  const endless = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180', '-f', 'null', join(directory.path, 'none')]
  const running = ffmpeg(path, endless, {
    signal: controller.signal,
    onProgress: () => controller.abort(new Error('enough')),
  })
  await expect(running).rejects.toThrow('enough')
})

test('an ffmpeg that is not there is an error, not a hanging promise', async () => {
  await expect(ffmpeg('no-such-ffmpeg', [])).rejects.toThrow('ENOENT')
})
