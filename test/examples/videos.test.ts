import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { videosFrom } from '../../examples/video/videos.ts'
import { temporaryDirectory } from '../harness/temporary.ts'

const out = '/somewhere/out/videos'

test('a file named on the command line is a video, called as the file', () => {
  using directory = temporaryDirectory()
  writeFileSync(join(directory.path, 'sea.mov'), '')
  expect(videosFrom(['sea.mov'], directory.path, out)).toEqual([
    { name: 'sea', source: join(directory.path, 'sea.mov') },
  ])
})

test('a file named twice is one video', () => {
  using directory = temporaryDirectory()
  writeFileSync(join(directory.path, 'sea.mov'), '')
  expect(videosFrom(['sea.mov', './sea.mov'], directory.path, out)).toHaveLength(1)
})

test('two files of one name get outputs of their own', () => {
  using directory = temporaryDirectory()
  for (const name of ['sea.mov', 'sea.mp4', 'sea.mkv']) writeFileSync(join(directory.path, name), '')
  const names = videosFrom(['sea.mov', 'sea.mp4', 'sea.mkv'], directory.path, out).map(({ name }) => name)
  expect(names).toEqual(['sea', 'sea-2', 'sea-3'])
})

test('a file that is not there is named', () => {
  expect(() => videosFrom(['none.mov'], '/nowhere', out)).toThrow('There is no file /nowhere/none.mov.')
})

test('a directory is no file', () => {
  using directory = temporaryDirectory()
  expect(() => videosFrom(['.'], directory.path, out)).toThrow('There is no file')
})

test('what an earlier run made is no source: this run would remove it', () => {
  using directory = temporaryDirectory()
  writeFileSync(join(directory.path, '720p.mp4'), '')
  expect(() => videosFrom(['720p.mp4'], directory.path, directory.path)).toThrow('copy it to another directory first')
})
