import { accessSync, chmodSync, constants } from 'node:fs'
import installer from '@ffmpeg-installer/ffmpeg'
import { afterEach, expect, test, vi } from 'vitest'
import { findFfmpeg } from '../../examples/video/find-ffmpeg.ts'
import { temporaryDirectory } from '../harness/temporary.ts'

afterEach(() => vi.unstubAllEnvs())

test('where none is installed, the one that npm brought is made executable and taken', async () => {
  using nothing = temporaryDirectory()
  vi.stubEnv('PATH', nothing.path)
  chmodSync(installer.path, 0o644)
  const { path, description } = await findFfmpeg()
  expect(path).toBe(installer.path)
  expect(description).toContain('@ffmpeg-installer/ffmpeg')
  accessSync(path, constants.X_OK)
})
